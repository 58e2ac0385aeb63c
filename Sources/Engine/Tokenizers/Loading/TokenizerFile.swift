import Foundation

/// A `tokenizer.json` as Hugging Face `tokenizers` writes it.
struct TokenizerFile {
  /// Path, for messages.
  let path: String
  let object: JSONObject

  init(_ url: URL) throws(CheckpointError) {
    guard let object = try JSONParser.parse(contentsOf: url).object else {
      throw CheckpointError(.corrupt, file: url.path, "is not a JSON object")
    }
    path = url.path
    self.object = object
  }

  /// Makes the tokenizer.
  ///
  /// - Throws: ``CheckpointError`` with the name of the first component that is not supported.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    guard let fields = object["model"]?.object else { throw corrupt("has no 'model'") }
    // Early files have no type; merges give a byte-pair encoding away.
    let type = fields["type"]?.string ?? (fields["merges"] == nil ? "unknown" : "BPE")
    guard ["BPE", "WordPiece", "WordLevel"].contains(type) else {
      throw unsupported("model", type, known: "BPE, WordLevel and WordPiece")
    }
    guard let object = fields["vocab"]?.object else {
      throw corrupt("'model.vocab' is not an object")
    }
    var vocabulary = try Vocabulary(object, file: path)
    var pipeline = try pipeline()
    let model: WordModel =
      switch type {
      case "BPE": .bytePair(try bytePairModel(fields, vocabulary, &pipeline.preTokenizers))
      case "WordLevel": .wordLevel(try wordLevelModel(fields, vocabulary))
      default: .wordPiece(try wordPieceModel(fields, vocabulary))
      }
    pipeline.addedTokens = try addedTokens(into: &vocabulary)
    pipeline.template =
      try template(self.object["post_processor"], vocabulary) ?? Template()
    let begins = ["<s>", "<|begin_of_text|>", "<|endoftext|>", "[CLS]"]
    let ends = ["</s>", "<|end_of_text|>", "<|endoftext|>", "[SEP]"]
    pipeline.beginToken = settings.token("bos", fallbacks: begins, in: vocabulary)
    pipeline.endToken = settings.token("eos", fallbacks: ends, in: vocabulary)
    return SubwordTokenizer(vocabulary: vocabulary, model: model, pipeline: pipeline)
  }

  func corrupt(_ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: path, message, help: "the file is damaged or incomplete; fetch it again")
  }

  func unsupported(_ component: String, _ name: String, known: String) -> CheckpointError {
    CheckpointError(
      .unsupported, file: path, "the \(component) '\(name.prefix(200))' is not supported",
      help: "supported are \(known)")
  }
}

extension TokenizerFile {
  private func pipeline() throws(CheckpointError) -> SubwordTokenizer.Pipeline {
    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.normalizers = try normalizers(object["normalizer"])
    pipeline.preTokenizers = try splitting(object["pre_tokenizer"]).steps
    pipeline.decoders = try decoders(object["decoder"])
    return pipeline
  }

  private func addedTokens(
    into vocabulary: inout Vocabulary
  ) throws(CheckpointError) -> [AddedTokens.Token] {
    var tokens: [AddedTokens.Token] = []
    for value in object["added_tokens"]?.array ?? [] {
      guard let fields = value.object, let content = fields["content"]?.string,
        let number = fields["id"]?.integer
      else { throw corrupt("an added token has no 'content' or 'id'") }
      let id = try vocabulary.add(content, id: number, file: path)
      tokens.append(AddedTokens.Token(content: content, id: id, flags: fields))
    }
    return tokens
  }
}
