import Foundation
import Testing

@testable import Engine

@Suite("Models as GGUF")
struct GGUFTests {
  /// Tokens of `a` to `z` and of a merge, two special ones and an added word; the rest of the rows is unused.
  private static let tokenizer = """
    {"version": "1.0", "added_tokens": [
      {"id": 27, "content": "<s>", "special": true, "single_word": false, "lstrip": false,
       "rstrip": false, "normalized": false},
      {"id": 28, "content": "wow", "special": false, "single_word": false, "lstrip": false,
       "rstrip": false, "normalized": true}],
     "normalizer": null, "post_processor": null, "decoder": {"type": "ByteLevel"},
     "pre_tokenizer": PRE,
     "model": {"type": "BPE", "vocab": {VOCAB}, "merges": ["a b"]}}
    """
  private static let byteLevel =
    #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}"#

  /// A fixture's model with a small tokenizer.
  private static func folder(
    _ name: String, preTokenizer: String = byteLevel, configuration: [String: Any] = [:]
  ) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let fixture = try ParityFixture(name).folder
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(
        at: fixture.appendingPathComponent(file), to: folder.url.appendingPathComponent(file))
    }
    let letters = (0..<26).map { "\"\(Character(UnicodeScalar(UInt8(97 + $0))))\": \($0)" }
    try folder.write(
      "tokenizer.json",
      tokenizer.replacingOccurrences(of: "PRE", with: preTokenizer)
        .replacingOccurrences(of: "VOCAB", with: (letters + ["\"ab\": 26"]).joined(separator: ", "))
    )
    try folder.write(
      "tokenizer_config.json",
      #"{"bos_token": "<s>", "eos_token": "<s>", "chat_template": "{{ messages }}"}"#)
    guard !configuration.isEmpty else { return folder }
    let file = folder.url.appendingPathComponent("config.json")
    var object =
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    object.merge(configuration) { $1 }
    // The recorded models have windows in some layers.
    if object["use_sliding_window"] as? Bool == false { object["layer_types"] = nil }
    try JSONSerialization.data(withJSONObject: object).write(to: file)
    return folder
  }

  private static func written(
    _ folder: ScratchFolder, as precision: GGUFWriter.Precision
  ) throws -> (GGUFReader, Transformer<Float>) {
    let source = try ModelFolder(folder.url)
    let model = try Transformer<Float>(
      source.description, from: CheckpointWeights(source), in: MemoryLedger())
    let file = folder.url.appendingPathComponent("model.gguf")
    try model.saveGGUF(like: source, as: precision, to: file)
    return (try GGUFReader(file), model)
  }

  @Test(
    "the file holds the weights under llama.cpp's names",
    arguments: ["llama", "llama3", "qwen2", "qwen3", "gpt2"],
    [GGUFWriter.Precision.f32, .f16, .q8])
  func weights(name: String, precision: GGUFWriter.Precision) throws {
    let folder = try Self.folder(name, configuration: ["use_sliding_window": false])
    let (reader, model) = try Self.written(folder, as: precision)
    let tensors = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.slot, $0.tensor) })
    func compare(_ slot: WeightSlot, _ name: String, from start: Int = 0) throws {
      let tensor = try #require(tensors[slot])
      let place = try #require(reader.file.tensors.firstIndex { $0.name == name })
      let stored = Array(try reader.values(of: place).dropFirst(start).prefix(tensor.values.count))
      let element = reader.file.tensors[place].element
      let largest = tensor.values.reduce(0 as Float) { max($0, abs($1)) }
      let tolerance = element == .f32 ? 0 : largest * (element == .f16 ? 1e-3 : 1e-2)
      #expect(
        zip(stored, tensor.values).allSatisfy { abs($0 - $1) <= tolerance }, "\(name) \(element)")
    }
    try compare(.tokenEmbedding, "token_embd.weight")
    try compare(.finalNorm, "output_norm.weight")
    try compare(.layer(1, .attentionNorm), "blk.1.attn_norm.weight")
    try compare(.layer(0, .down), "blk.0.ffn_down.weight")
    try compare(.layer(1, .output), "blk.1.attn_output.weight")
    if name == "gpt2" {
      let width = model.description.width
      try compare(.positionEmbedding, "position_embd.weight")
      try compare(.layer(0, .key), "blk.0.attn_qkv.weight", from: width * width)
      try compare(.bias(.layer(0, .value)), "blk.0.attn_qkv.bias", from: 2 * width)
    } else {
      try compare(.layer(0, .gate), "blk.0.ffn_gate.weight")
      try compare(.layer(1, .value), "blk.1.attn_v.weight")
    }
    if name == "qwen3" { try compare(.layer(0, .queryNorm), "blk.0.attn_q_norm.weight") }
    if name == "qwen2" { try compare(.bias(.layer(1, .key)), "blk.1.attn_k.bias") }
    #expect((reader.file["general.architecture"]) == .text(name == "llama3" ? "llama" : name))
  }

  @Test("Llama's queries and keys are rearranged so that pairs are neighbours")
  func neighbours() throws {
    let (reader, model) = try Self.written(try Self.folder("llama"), as: .f32)
    let tensors = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.slot, $0.tensor) })
    let query = try #require(tensors[.layer(0, .query)])
    let place = try #require(reader.file.tensors.firstIndex { $0.name == "blk.0.attn_q.weight" })
    let stored = try reader.values(of: place)
    let (width, columns) = (model.description.headWidth, query.columns)
    func row(_ values: [Float], _ index: Int) -> ArraySlice<Float> {
      values[index * columns..<(index + 1) * columns]
    }
    for head in 0..<model.description.heads {
      for pair in 0..<width / 2 {
        let start = head * width
        #expect(row(stored, start + 2 * pair) == row(query.values, start + pair))
        #expect(row(stored, start + 2 * pair + 1) == row(query.values, start + width / 2 + pair))
      }
    }
  }

  @Test("the metadata has the architecture's numbers and the tokenizer")
  func metadata() throws {
    let (reader, _) = try Self.written(try Self.folder("qwen2"), as: .q8)
    let file = reader.file
    #expect(file["qwen2.embedding_length"] == .natural(24))
    #expect(file["qwen2.attention.head_count_kv"] == .natural(3))
    #expect(file["qwen2.rope.freq_base"] == .number(10_000))
    #expect(file["general.file_type"] == .natural(7))
    #expect(file["tokenizer.ggml.model"] == .text("gpt2"))
    #expect(file["tokenizer.ggml.pre"] == .text("gpt-2"))
    #expect(file["tokenizer.ggml.merges"] == .texts(["a b"]))
    #expect(file["tokenizer.ggml.bos_token_id"] == .natural(27))
    #expect(file["tokenizer.ggml.add_bos_token"] == .flag(false))
    #expect(file["tokenizer.chat_template"] == .text("{{ messages }}"))
    guard case .texts(let tokens)? = file["tokenizer.ggml.tokens"],
      case .integers(let kinds)? = file["tokenizer.ggml.token_type"]
    else {
      Issue.record("there is no vocabulary")
      return
    }
    #expect(tokens.count == 48 && kinds.count == 48)
    #expect(tokens[26...29] == ["ab", "<s>", "wow", "[PAD29]"])
    #expect(kinds[26...29] == [1, 3, 4, 5])
    // Tied matrices are written once.
    #expect(!file.tensors.contains { $0.name == "output.weight" })
  }

  @Test("Llama 3's scaling is a tensor of divisors")
  func divisors() throws {
    let (reader, model) = try Self.written(try Self.folder("llama3"), as: .f16)
    guard case .rotary(let rotary) = model.description.positions else { return }
    let place = try #require(reader.file.tensors.firstIndex { $0.name == "rope_freqs.weight" })
    let plain = RotaryPositions(base: rotary.base, width: rotary.width).frequencies
    let values = try reader.values(of: place)
    #expect(values.count == rotary.width / 2)
    for i in values.indices {
      #expect(abs(plain[i] / Double(values[i]) - rotary.frequencies[i]) < 1e-6 * plain[i])
    }
  }

  @Test(
    "what llama.cpp does not know is refused by name",
    arguments: [
      ("opt", byteLevel, "models of type 'opt'"), ("bert", byteLevel, "models of type 'bert'"),
      ("gemma2", byteLevel, "models of type 'gemma2'"),
      ("qwen3", byteLevel, "attention that differs between layers or has a window"),
      ("qwen2", #"{"type": "Whitespace"}"#, "splits texts in a way"),
    ])
  func refused(name: String, preTokenizer: String, expected: String) throws {
    let folder = try Self.folder(name, preTokenizer: preTokenizer)
    let error = #expect(throws: CheckpointError.self) {
      try GGUFWriter(ModelFolder(folder.url), precision: .f32)
    }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  @Test("a file that is cut short or changed is not read back")
  func damaged() throws {
    let folder = try Self.folder("gpt2")
    _ = try Self.written(folder, as: .f32)
    let file = folder.url.appendingPathComponent("model.gguf")
    let bytes = try Data(contentsOf: file)
    for length in [0, 3, 20, 200, bytes.count - 1] {
      try bytes.prefix(length).write(to: file)
      #expect(throws: CheckpointError.self) { try GGUFReader(file) }
    }
  }
}
