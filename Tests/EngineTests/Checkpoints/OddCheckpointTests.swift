import Foundation
import Testing

@testable import Engine

@Suite("Checkpoints that are stored in unusual ways")
struct OddCheckpointTests {
  private typealias Tensors = [(name: String, shape: [Int], values: [Float])]

  /// A small model whose tensors are stored as `change` wants them.
  private func model(
    _ name: String, tied: Bool? = nil, _ change: (inout Tensors) -> Void
  ) throws -> ScratchFolder {
    let scratch = try SmallConfigurations.write(name)
    let file = try TensorFile(scratch.url.appendingPathComponent("model.safetensors"))
    var tensors: Tensors = []
    for record in file.tensors {
      tensors.append((record.name, record.shape, try file.floats(record)))
    }
    change(&tensors)
    try scratch.writeTensors("model.safetensors", tensors)
    if let tied {
      let config = scratch.url.appendingPathComponent("config.json")
      let fields = try #require(JSONParser.parse(contentsOf: config).object)
      try scratch.write(
        "config.json",
        JSONValue.object(fields.replacing("tie_word_embeddings", with: .boolean(tied))).text)
    }
    return scratch
  }

  private func logits(_ url: URL) throws -> [Float] {
    let folder = try ModelFolder(url)
    try folder.checkShapes()
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = model.packed([[1, 5, 2, 9]])
    return model.logits(model.hiddenStates(batch, .lastTokens, on: tape), on: tape).values
  }

  /// The model once loaded and saved, as `model convert` does.
  private func converted(_ url: URL) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    let folder = try ModelFolder(url)
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    try model.save(with: ModelWriter(like: folder), to: scratch.url)
    return scratch
  }

  private func stored(_ scratch: ScratchFolder) throws -> [String] {
    try TensorFile(scratch.url.appendingPathComponent("model.safetensors")).tensors.map(\.name)
  }

  @Test("a decoder without the layer before its output is read, and scores no words")
  func bareDecoder() throws {
    let complete = try SmallConfigurations.write("ettin-decoder")
    let whole = try ModelFolder(complete.url)
    #expect(whole.description.readout != nil && whole.description.predictsWords)
    let scratch = try model("ettin-decoder") { tensors in
      tensors.removeAll { $0.name.hasPrefix("lm_head.") || $0.name.hasPrefix("decoder.") }
    }
    let folder = try ModelFolder(scratch.url)
    try folder.checkShapes()
    #expect(!folder.description.predictsWords)
    _ = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  @Test(
    "names with wrappers' and doubled prefixes are the model's",
    arguments: ["llama", "gpt2", "opt"],
    ["_orig_mod.", "module.", "_orig_mod.module.", "doubled"])
  func wrappers(name: String, prefix: String) throws {
    let plain = try model(name) { _ in }
    let names = try #require(
      CheckpointFamily.all.first { $0.types.contains { $0.name == name } }
    ).tensors
    let wrapped = try model(name) { tensors in
      for index in tensors.indices {
        let own = prefix == "doubled" ? names.savedPrefix : prefix
        if prefix == "doubled", !tensors[index].name.hasPrefix(own) { continue }
        tensors[index].name = own + tensors[index].name
      }
    }
    #expect(try logits(wrapped.url) == logits(plain.url))
    #expect(try Set(stored(converted(wrapped.url))) == Set(stored(converted(plain.url))))
  }

  @Test("an output of its own beside a tied configuration is used, reported and kept")
  func untied() throws {
    let scratch = try model("llama", tied: true) { _ in }
    let folder = try ModelFolder(scratch.url)
    #expect(!folder.description.tiesEmbeddings)
    #expect(folder.warnings.first?.hasPrefix("config.json ties 'lm_head.weight'") == true)
    let untied = try model("llama", tied: false) { _ in }
    #expect(try logits(scratch.url) == logits(untied.url))
    let saved = try converted(scratch.url)
    #expect(try stored(saved).contains("lm_head.weight"))
    #expect(try ModelFolder(saved.url).warnings.isEmpty, "the saved configuration unties them")
    #expect(try logits(saved.url) == logits(scratch.url))
  }

  @Test("an output that repeats the tied embedding is the embedding")
  func repeated() throws {
    let scratch = try model("llama", tied: true) { tensors in
      let table = tensors.first { $0.name.hasSuffix("embed_tokens.weight") }?.values ?? []
      for index in tensors.indices where tensors[index].name == "lm_head.weight" {
        tensors[index].values = table
      }
    }
    let folder = try ModelFolder(scratch.url)
    #expect(folder.description.tiesEmbeddings && folder.warnings.isEmpty)
    let saved = try converted(scratch.url)
    #expect(try !stored(saved).contains("lm_head.weight"))
    #expect(try logits(saved.url) == logits(scratch.url))
  }

  @Test(
    "a tied pair may be stored under the output's name alone", arguments: ["qwen2", "gpt2", "opt"])
  func otherName(name: String) throws {
    let plain = try model(name) { _ in }
    let renamed = try model(name) { tensors in
      for index in tensors.indices {
        let own = tensors[index].name
        if own.hasSuffix("embed_tokens.weight") || own.hasSuffix("wte.weight") {
          tensors[index].name = "lm_head.weight"
        }
      }
    }
    #expect(try !stored(renamed).contains { $0.hasSuffix("embed_tokens.weight") })
    #expect(try logits(renamed.url) == logits(plain.url))
    #expect(try Set(stored(converted(renamed.url))) == Set(stored(converted(plain.url))))
  }

  @Test("a decoder without an output matrix loads, and says that it predicts no words")
  func headless() throws {
    let scratch = try model("llama") { tensors in
      tensors.removeAll { $0.name == "lm_head.weight" }
      tensors.append(("score.weight", [2, 8], (0..<16).map(Float.init)))
    }
    let folder = try ModelFolder(scratch.url)
    try folder.checkShapes()
    #expect(!folder.description.predictsWords && !folder.description.isBidirectional)
    let saved = try converted(scratch.url)
    #expect(try stored(saved).contains("score.weight") && !stored(saved).contains("lm_head.weight"))
  }

  @Test("a masked language model's own output is kept where it differs from the tied embedding")
  func encoderOutput() throws {
    func names(_ values: [Float]?) throws -> [String] {
      let scratch = try model("bert") { tensors in
        let table = tensors.first { $0.name.hasSuffix("word_embeddings.weight") }?.values ?? []
        tensors.append(("cls.predictions.decoder.weight", [11, 8], values ?? table))
      }
      return try stored(converted(scratch.url))
    }
    #expect(try names([Float](repeating: 1, count: 88)).contains("cls.predictions.decoder.weight"))
    #expect(try !names(nil).contains("cls.predictions.decoder.weight"))
  }

  @Test("tensors in eight, six and four bits do not matter unless the model needs them")
  func smallFloats() throws {
    let scratch = try model("llama") { _ in }
    let header =
      #"{"x":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]},"#
      + #""y":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[3,6]},"#
      + #""z":{"dtype":"F8_E4M3FNUZ","shape":[2],"data_offsets":[6,8]}}"#
    let file = try scratch.write(
      "small.safetensors",
      [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
        + [UInt8](repeating: 0, count: 8))
    let tensors = try TensorFile(file)
    #expect(tensors.tensors.map(\.count) == [6, 4, 2])
    let error = #expect(throws: CheckpointError.self) {
      _ = try tensors.floats(#require(tensors["x"]))
    }
    #expect(error?.message == "tensor 'x' is stored as F4")
  }

  @Test("what is no checkpoint is named for what it is")
  func refusals() throws {
    func refusal(_ scratch: ScratchFolder, _ name: String = "") -> CheckpointError? {
      #expect(throws: CheckpointError.self) {
        try ModelFolder(name.isEmpty ? scratch.url : scratch.url.appendingPathComponent(name))
      }
    }
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
    let scratch = try SmallConfigurations.write("llama")
    let weights = scratch.url.appendingPathComponent("model.safetensors")
    try scratch.write("model.safetensors", pointer)
    #expect(refusal(scratch)?.message == "is a git-lfs pointer in place of the file")
    try FileManager.default.removeItem(at: weights)
    try FileManager.default.createSymbolicLink(
      atPath: weights.path, withDestinationPath: "../blobs/gone")
    #expect(refusal(scratch)?.message == "is a link to ../blobs/gone, which is not there")
    try FileManager.default.removeItem(at: weights)
    try scratch.write("model-q4.gguf", "GGUF")
    #expect(refusal(scratch)?.help?.hasPrefix("'model-q4.gguf' is not what Transformers") == true)
    #expect(refusal(scratch, "model-q4.gguf")?.message == "is a GGUF file, which is not read")
    try scratch.write("adapter_config.json", "{}")
    #expect(refusal(scratch)?.help?.hasPrefix("the folder is an adapter") == true)
    try scratch.write("config.json", pointer)
    #expect(refusal(scratch)?.message == "is a git-lfs pointer in place of the file")
    let merged = try model("llama") { tensors in
      for index in tensors.indices where tensors[index].name.hasSuffix("q_proj.weight") {
        tensors[index].name =
          tensors[index].name.replacingOccurrences(of: "q_proj.", with: "q_proj.base_layer.")
      }
    }
    let error = #expect(throws: CheckpointError.self) {
      try ModelFolder(merged.url).checkShapes()
    }
    #expect(error?.help?.contains("belongs to an adapter that was not merged") == true)
  }

  @Test("added tokens beyond the embedding's rows are left out with a warning, others rejected")
  func tokensBeyond() throws {
    let scratch = try model("llama") { _ in }
    func tokenizer(_ letters: String, _ added: String) throws -> any Tokenizer {
      let vocabulary = letters.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ",")
      try scratch.write(
        "tokenizer.json",
        """
        {"added_tokens": [\(added)],
         "model": {"type": "BPE", "vocab": {\(vocabulary)}, "merges": []}}
        """)
      return try ModelFolder(scratch.url).tokenizer()
    }
    let added = #"{"id": 11, "content": "cab", "special": true}, {"id": 10, "content": "kk"}"#
    let shorter = try tokenizer("abcdefghij", added)
    #expect(shorter.vocabularySize == 11 && shorter.omittedTokens == ["cab"])
    #expect(shorter.encode("acabkk", addingSpecialTokens: true) == [0, 2, 0, 1, 10])
    #expect(
      shorter.omissionWarning?.hasPrefix("the model has no row for the added token 'cab'") == true)
    #expect(try tokenizer("abcdefghijk", "").omittedTokens.isEmpty)
    let error = #expect(throws: CheckpointError.self) { try tokenizer("abcdefghijkl", "") }
    #expect(error?.message == "the tokenizer has 12 tokens, the model embeds 11")
  }

  @Test("numbers that JSON lacks are read where they do not matter, and named where they do")
  func notANumber() throws {
    let scratch = try SmallConfigurations.write("llama")
    func description(adding member: String) throws -> ModelDescription {
      let text = try String(
        contentsOf: scratch.url.appendingPathComponent("config.json"), encoding: .utf8)
      let file = try scratch.write(
        "other.json", text.replacing("{", with: "{\(member), ", maxReplacements: 1))
      return try ModelConfiguration.description(at: file)
    }
    let members = #""a": NaN, "b": Infinity, "c": [-Infinity]"#
    #expect(try description(adding: members) == ModelFolder(scratch.url).description)
    let error = #expect(throws: CheckpointError.self) {
      try description(adding: #""rms_norm_eps": Infinity"#)
    }
    #expect(error?.message == "'rms_norm_eps' is inf, not a number above 0")
    #expect(
      try JSONParser.parse(Array("[NaN, Infinity, -Infinity]".utf8), file: "").text
        == "[\n  NaN,\n  Infinity,\n  -Infinity\n]\n")
  }
}
