import Foundation
import Testing

@testable import Engine

@Suite("Weights of a checkpoint")
struct CheckpointWeightsTests {
  /// A folder with a configuration and tensors whose elements are numbered from `first` on.
  private func folder(
    _ config: String, _ tensors: [(name: String, shape: [Int])], first: Float = 0
  ) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", config)
    try scratch.writeTensors(
      "model.safetensors",
      tensors.map { tensor in
        let count = tensor.shape.reduce(1, *)
        return (tensor.name, tensor.shape, (0..<count).map { first + Float($0) })
      })
    return scratch
  }

  private func values(
    _ slot: WeightSlot, _ rows: Int, _ columns: Int, in scratch: ScratchFolder
  ) throws -> [Float] {
    let source = try CheckpointWeights(ModelFolder(scratch.url))
    return try source.tensor(slot, rows: rows, columns: columns, in: MemoryLedger()).values
  }

  private static let neox =
    #"{"model_type": "gpt_neox", "hidden_size": 4, "num_attention_heads": 2, "rotary_pct": 1}"#

  @Test("GPT-NeoX's query, key and value take turns head by head", arguments: 0..<3)
  func interleaved(third: Int) throws {
    let name = "gpt_neox.layers.0.attention.query_key_value"
    let scratch = try folder(Self.neox, [("\(name).weight", [12, 4]), ("\(name).bias", [12])])
    let part = [WeightSlot.Part.query, .key, .value][third]
    // Head h has rows 6h … 6h + 5: two of the query, two of the key, two of the value.
    let rows = [0, 1, 6, 7].map { $0 + 2 * third }
    #expect(try values(.layer(0, part).bias, 1, 4, in: scratch) == rows.map(Float.init))
    let expected = rows.flatMap { row in (0..<4).map { Float(4 * row + $0) } }
    #expect(try values(.layer(0, part), 4, 4, in: scratch) == expected)
  }

  @Test("GPT-2's lie side by side in a transposed matrix", arguments: 0..<3)
  func sideBySide(third: Int) throws {
    let scratch = try folder(
      #"{"model_type": "gpt2", "n_embd": 2, "n_head": 1}"#,
      [
        ("h.0.attn.c_attn.weight", [2, 6]), ("h.0.attn.c_attn.bias", [6]),
        ("h.0.attn.bias", [1, 1, 3, 3]), ("h.0.mlp.c_fc.weight", [2, 8]),
      ])
    let part = [WeightSlot.Part.query, .key, .value][third]
    let first = Float(2 * third)
    #expect(
      try values(.layer(0, part), 2, 2, in: scratch) == [first, first + 6, first + 1, first + 7])
    #expect(try values(.layer(0, part).bias, 1, 2, in: scratch) == [first, first + 1])
    #expect(
      try values(.layer(0, .up), 8, 2, in: scratch)
        == (0..<8).flatMap { [Float($0), Float($0 + 8)] })
  }

  @Test(
    "an encoder is read from the bare model and from one with a head, in old spelling too",
    arguments: [
      ("bert", ""), ("bert", "bert."), ("roberta", "roberta."), ("distilbert", ""),
      ("distilbert", "distilbert."),
    ])
  func encoders(type: String, prefix: String) throws {
    let layer = type == "distilbert" ? "transformer.layer.0." : "encoder.layer.0."
    let query = layer + (type == "distilbert" ? "attention.q_lin" : "attention.self.query")
    let norm = layer + (type == "distilbert" ? "sa_layer_norm" : "attention.output.LayerNorm")
    let gamma = type == "distilbert" ? "weight" : "gamma"
    let scratch = try folder(
      #"{"model_type": "\#(type)", "hidden_size": 2, "num_attention_heads": 1}"#,
      [
        (prefix + "embeddings.word_embeddings.weight", [3, 2]),
        (prefix + "\(query).weight", [2, 2]),
        (prefix + "\(norm).\(gamma)", [2]), ("cls.predictions.bias", [3]),
        (prefix + "pooler.dense.weight", [2, 2]), (prefix + "embeddings.position_ids", [1, 4]),
      ])
    #expect(try values(.tokenEmbedding, 3, 2, in: scratch) == [0, 1, 2, 3, 4, 5])
    #expect(try values(.layer(0, .query), 2, 2, in: scratch) == [0, 1, 2, 3])
    #expect(try values(.layer(0, .attentionNorm), 1, 2, in: scratch) == [0, 1])
  }

  @Test("GPT-NeoX's output has two names", arguments: ["embed_out.weight", "lm_head.weight"])
  func output(name: String) throws {
    let scratch = try folder(Self.neox, [(name, [3, 4])], first: 5)
    #expect(try values(.output, 3, 4, in: scratch).first == 5)
  }

  @Test("PyTorch's file is read where there is no safetensors file")
  func torch() throws {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", Self.neox)
    let tensors = [
      TorchBytes.Tensor(name: "gpt_neox.embed_in.weight", shape: [1, 4], values: [1, 2, 3, 4]),
      TorchBytes.Tensor(
        name: "embed_out.weight", shape: [1, 4], values: [], tiedTo: "gpt_neox.embed_in.weight"),
    ]
    try scratch.write("pytorch_model.bin", TorchBytes.archive(tensors))
    let source = try CheckpointWeights(ModelFolder(scratch.url))
    let ledger = MemoryLedger()
    let embedding = try source.tensor(.tokenEmbedding, rows: 1, columns: 4, in: ledger)
    let output = try source.tensor(.output, rows: 1, columns: 4, in: ledger)
    #expect(embedding.values == [1, 2, 3, 4] && output.values == [1, 2, 3, 4])
    embedding.elements[0] = 9
    #expect(output.values[0] == 1, "a shared storage is two weights")
    try scratch.write(
      "pytorch_model.bin.index.json", #"{"weight_map": {"embed_out.weight": "pytorch_model.bin"}}"#)
    #expect(try ModelFolder(scratch.url).definingFiles.count == 2)
    try scratch.writeTensors("model.safetensors", [("embed_in.weight", [1, 4], [5, 6, 7, 8])])
    #expect(try values(.tokenEmbedding, 1, 4, in: scratch) == [5, 6, 7, 8])
  }

  @Test("what is learned in place stays out of the file and of other weights")
  func privateMap() throws {
    let scratch = try folder(Self.neox, [("layers.0.mlp.dense_h_to_4h.weight", [3, 4])])
    let url = scratch.url.appendingPathComponent("model.safetensors")
    let before = try Data(contentsOf: url)
    let source = try CheckpointWeights(ModelFolder(scratch.url))
    let slot = WeightSlot.layer(0, .up)
    let tensor = try source.tensor(slot, rows: 3, columns: 4, in: MemoryLedger())
    for i in 0..<tensor.count { tensor.elements[i] = -1 }
    #expect(try Data(contentsOf: url) == before)
    #expect(try source.tensor(slot, rows: 3, columns: 4, in: MemoryLedger()).values[1] == 1)
  }

  @Test("a mapped range is lent once, and only where floats are aligned")
  func lending() throws {
    let scratch = try ScratchFolder()
    let url = try scratch.write("x", [UInt8](repeating: 7, count: 100_000))
    let map = try MappedFile(FileBytes(url))
    map.expectScatteredReads(1..<99_999)
    #expect(map.lend(2..<10) == nil)
    let first = try #require(map.lend(4..<12))
    #expect(first[0].bitPattern == 0x0707_0707)
    #expect(map.lend(8..<16) == nil && map.lend(4..<12) == nil)
    #expect(map.lend(12..<16) != nil)
    first[0] = 1
    #expect(first[0] == 1)
    #expect(try Data(contentsOf: url).allSatisfy { $0 == 7 }, "the file keeps its bytes")
    _ = try MappedFile(FileBytes(scratch.write("empty", "")))
  }

  @Test("pages of a mapped table are given back as they were, and kept once they may have changed")
  func givenBack() throws {
    let scratch = try folder(Self.neox, [("embed_in.weight", [4096, 4])], first: 3)
    let source = try CheckpointWeights(ModelFolder(scratch.url))
    let ledger = MemoryLedger()
    let table = try source.tensor(.tokenEmbedding, rows: 4096, columns: 4, in: ledger)
    let before = table.values
    #expect(table.element(at: 8000) == before[8000])
    table.releaseUnchangedPages()
    #expect(table.values == before)

    table.requiresGradient = true
    let tape = Tape<Float>(ledger: ledger)
    let picked = tape.gathered(table, rows: [2000, 3000])
    tape.backward(from: [(tape.linear(picked, picked), 1)])
    #expect(table.touchedRows == [2000, 3000])
    _ = AdamW([.init(table)], options: .init(), in: ledger).step(learningRate: 0.1)
    let trained = table.values
    #expect(trained != before)
    table.releaseUnchangedPages()
    #expect(table.values == trained)

    let other = try CheckpointWeights(ModelFolder(scratch.url))
      .tensor(.tokenEmbedding, rows: 4096, columns: 4, in: ledger)
    other.elements[8000] = 7
    other.releaseUnchangedPages()
    #expect(other.element(at: 8000) == 7)
  }

  @Test("a weight that is not finite is rejected, but for the rows of a mapped table")
  func nonFinite() throws {
    let scratch = try folder(
      Self.neox, [("embed_in.weight", [4096, 4]), ("layers.0.attention.dense.weight", [4, 4])],
      first: .infinity)
    #expect(throws: Never.self) { try values(.tokenEmbedding, 4096, 4, in: scratch) }
    let error = #expect(throws: CheckpointError.self) {
      try values(.layer(0, .output), 4, 4, in: scratch)
    }
    #expect(
      error?.message.hasPrefix("tensor 'layers.0.attention.dense.weight' holds inf at element ")
        == true)
  }

  @Test("a weight of another shape is rejected with both")
  func shape() throws {
    let scratch = try folder(Self.neox, [("embed_in.weight", [2, 4])])
    let error = #expect(throws: CheckpointError.self) {
      try values(.tokenEmbedding, 3, 4, in: scratch)
    }
    #expect(
      error?.message
        == "the tensor 'embed_in.weight' has the shape [2, 4], but config.json requires [3, 4]")
  }

  @Test(
    "the list of weights has every parameter of the architecture",
    arguments: [
      #"{"model_type": "opt", "do_layer_norm_before": false, "word_embed_proj_dim": 512}"#,
      #"{"model_type": "opt", "enable_bias": false}"#, #"{"model_type": "gpt2"}"#,
      #"{"model_type": "llama", "num_key_value_heads": 8, "mlp_bias": true}"#,
      #"{"model_type": "qwen2"}"#, #"{"model_type": "gpt_neox"}"#, #"{"model_type": "bert"}"#,
      #"{"model_type": "roberta"}"#, #"{"model_type": "distilbert"}"#,
    ])
  func parameters(config: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", config)
    let description = try ModelFolder.description(at: scratch.url)
    let weights = description.weights
    #expect(weights.reduce(0) { $0 + $1.rows * $1.columns } == description.parameterCount)
    #expect(Set(weights.map(\.slot)).count == weights.count)
  }
}
