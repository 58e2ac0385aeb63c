import Foundation

/// A `tokenizer.json` as Hugging Face `tokenizers` writes it.
struct TokenizerFile {
  /// Path, for messages.
  let path: String
  let object: JSONObject

  /// SentencePiece's mark for a space, U+2581.
  static let marker = Array("\u{2581}".utf8)

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
    let fields = try bpeFields()
    guard let vocabulary = fields["vocab"]?.object else {
      throw corrupt("'model.vocab' is not an object")
    }
    var builder = try BPEBuilder(vocabulary: vocabulary, file: path)
    builder.fusesUnknown = fields["fuse_unk"]?.boolean ?? false
    builder.fallsBackToBytes = fields["byte_fallback"]?.boolean ?? false
    builder.looksUpWholeWords = fields["ignore_merges"]?.boolean ?? false
    if let unknown = fields["unk_token"]?.string {
      guard let id = builder.vocabulary[unknown] else {
        throw corrupt("the unknown token '\(unknown.prefix(60))' is not in the vocabulary")
      }
      builder.unknownToken = id
    }

    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.addedTokens = try addedTokens(into: &builder)
    pipeline.normalizers = try normalizers(object["normalizer"])
    let splitting = try splitting(object["pre_tokenizer"])
    pipeline.preTokenizers = splitting.steps
    pipeline.decoders = try decoders(object["decoder"])
    (pipeline.prefix, pipeline.suffix) = try surroundings(
      object["post_processor"], builder.vocabulary)
    let begins = ["<s>", "<|begin_of_text|>", "<|endoftext|>"]
    let ends = ["</s>", "<|end_of_text|>", "<|endoftext|>"]
    pipeline.beginToken = settings.token("bos", fallbacks: begins, in: builder.vocabulary)
    pipeline.endToken = settings.token("eos", fallbacks: ends, in: builder.vocabulary)

    let merges = try mergePairs(fields["merges"])
    let model = try builder.model(overBytes: splitting.isOverBytes, merges: merges)
    if splitting.steps.isEmpty, !splitting.isOverBytes, keepMarkersInFront(merges),
      builder.vocabulary[Self.marker] != nil
    {
      pipeline.preTokenizers = [.beforeMarkers(Self.marker)]
    }
    return SubwordTokenizer(vocabulary: builder.vocabulary, model: model, pipeline: pipeline)
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
  /// The fields of the model, which must be a byte-pair encoding without word affixes.
  private func bpeFields() throws(CheckpointError) -> JSONObject {
    guard let fields = object["model"]?.object else { throw corrupt("has no 'model'") }
    // Early files have no type; merges give a byte-pair encoding away.
    let type = fields["type"]?.string ?? (fields["merges"] == nil ? "unknown" : "BPE")
    guard type == "BPE" else { throw unsupported("model", type, known: "BPE") }
    if let dropout = fields["dropout"]?.number, dropout != 0 {
      throw unsupported("model option", "dropout", known: "encodings without it")
    }
    for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = fields[option]?.string, !affix.isEmpty {
        throw unsupported("model option", option, known: "encodings without it")
      }
    }
    return fields
  }

  private func mergePairs(_ value: JSONValue?) throws(CheckpointError) -> [MergePair] {
    guard let values = value?.array else { throw corrupt("'model.merges' is not an array") }
    var pairs: [MergePair] = []
    pairs.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      let pair: MergePair? =
        if let text = value.string {
          MergePair(Array(text.utf8))
        } else if let parts = value.array, parts.count == 2, let left = parts[0].string,
          let right = parts[1].string
        {
          MergePair(left: left, right: right)
        } else {
          nil
        }
      guard let pair else {
        throw corrupt("merge \((index + 1).grouped) is not a pair of tokens")
      }
      pairs.append(pair)
    }
    return pairs
  }

  private func addedTokens(
    into builder: inout BPEBuilder
  ) throws(CheckpointError) -> [AddedTokens.Token] {
    var tokens: [AddedTokens.Token] = []
    for value in object["added_tokens"]?.array ?? [] {
      guard let fields = value.object, let content = fields["content"]?.string,
        let number = fields["id"]?.integer
      else { throw corrupt("an added token has no 'content' or 'id'") }
      let id = try builder.add(content, id: number)
      tokens.append(AddedTokens.Token(content: content, id: id, flags: fields))
    }
    return tokens
  }

  /// Whether no merge joins a marker to a character before it, so that texts may be cut there.
  private func keepMarkersInFront(_ merges: [MergePair]) -> Bool {
    merges.allSatisfy { merge in
      !merge.right.starts(with: Self.marker)
        || merge.left.suffix(Self.marker.count).elementsEqual(Self.marker)
    }
  }
}
