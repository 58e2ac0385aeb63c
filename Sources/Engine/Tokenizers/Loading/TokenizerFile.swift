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
    guard ["BPE", "Unigram", "WordPiece", "WordLevel"].contains(type) else {
      throw unsupported("model", type, known: "BPE, Unigram, WordLevel and WordPiece")
    }
    var pipeline = try pipeline()
    var vocabulary: Vocabulary
    let model: WordModel
    if type == "Unigram" {
      let pieces = try unigramPieces(fields["vocab"])
      vocabulary = Vocabulary(pieces)
      model = .unigram(try unigramModel(fields, pieces, vocabulary))
    } else {
      guard let object = fields["vocab"]?.object else {
        throw corrupt("'model.vocab' is not an object")
      }
      vocabulary = try Vocabulary(object, file: path)
      model =
        switch type {
        case "BPE": .bytePair(try bytePairModel(fields, vocabulary, &pipeline.preTokenizers))
        case "WordLevel": .wordLevel(try wordLevelModel(fields, vocabulary))
        default: .wordPiece(try wordPieceModel(fields, vocabulary))
        }
    }
    let own = TokenizerClass(settings)
    own?.apply(to: &pipeline, settings, model)
    pipeline.addedTokens = try settings.addedTokens(
      beside: addedTokens(into: &vocabulary), into: &vocabulary)
    pipeline.template = try template(self.object["post_processor"], vocabulary) ?? Template()
    if let template = try own?.template(vocabulary, settings, model, file: path) {
      pipeline.template = template
    }
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
      help: "supported: \(known)")
  }
}

extension TokenizerFile {
  private func pipeline() throws(CheckpointError) -> SubwordTokenizer.Pipeline {
    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.normalizers = try normalizers(object["normalizer"])
    pipeline.preTokenizers = try splitting(object["pre_tokenizer"]).steps
    // Gemma splits at spaces, of which its normalizer leaves none.
    if case .replace(let old, let new) = pipeline.normalizers.last, !new.contains(old[0]) {
      pipeline.preTokenizers.removeAll {
        if case .split(let split) = $0 { split.pattern == .text(old) } else { false }
      }
    }
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

extension TokenizerFile {
  /// The byte-pair encoding that a file's `model` describes.
  ///
  /// To `steps`, which cut the text, one may be added that only helps the cache.
  func bytePairModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary, _ steps: inout [PreTokenizer]
  ) throws(CheckpointError) -> BPEModel {
    if let dropout = fields["dropout"]?.number, dropout != 0 {
      throw unsupported("model option", "dropout", known: "encodings without it")
    }
    if let prefix = fields["continuing_subword_prefix"]?.string, !prefix.isEmpty {
      throw unsupported(
        "model option", "continuing_subword_prefix", known: "encodings without it")
    }
    var builder = BPEBuilder(vocabulary: vocabulary, file: path)
    builder.fusesUnknown = fields["fuse_unk"]?.boolean ?? false
    builder.fallsBackToBytes = fields["byte_fallback"]?.boolean ?? false
    builder.looksUpWholeWords = fields["ignore_merges"]?.boolean ?? false
    builder.suffix = Array((fields["end_of_word_suffix"]?.string ?? "").utf8)
    if let unknown = fields["unk_token"]?.string {
      builder.unknownToken = try unknownToken(unknown, vocabulary)
    }
    let merges = try mergePairs(fields["merges"])
    let isOverBytes = try splitting(object["pre_tokenizer"]).isOverBytes
    if !isOverBytes, builder.suffix.isEmpty, steps.allSatisfy(\.keepsTextWhole) {
      steps += builder.cutsBeforeMarkers(merges)
    }
    return try builder.model(overBytes: isOverBytes, merges: merges)
  }

  /// The pieces of a unigram model, pairs of a text and a score.
  private func unigramPieces(
    _ value: JSONValue?
  ) throws(CheckpointError) -> [UnigramModel.Piece] {
    guard let values = value?.array, (1...Vocabulary.limit).contains(values.count) else {
      throw corrupt("'model.vocab' is not an array of pieces")
    }
    var pieces: [UnigramModel.Piece] = []
    pieces.reserveCapacity(values.count)
    for (id, value) in values.enumerated() {
      guard let parts = value.array, parts.count == 2, let text = parts[0].string,
        let score = parts[1].number, score.isFinite
      else { throw corrupt("piece \(id.grouped) is not a text with a score") }
      pieces.append(UnigramModel.Piece(text: Array(text.utf8), score: score))
    }
    return pieces
  }

  /// The unigram model that a file's `model` describes.
  private func unigramModel(
    _ fields: JSONObject, _ pieces: [UnigramModel.Piece], _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> UnigramModel {
    guard let unknown = fields["unk_id"]?.integer else {
      throw unsupported("model option", "unk_id null", known: "models with an unknown token")
    }
    guard pieces.indices.contains(unknown) else {
      throw corrupt("the unknown token \(unknown) is not in the vocabulary")
    }
    let fallsBackToBytes = fields["byte_fallback"]?.boolean ?? false
    return UnigramModel(
      pieces, unknownToken: Int32(unknown),
      byteFallback: fallsBackToBytes ? vocabulary.byteTokens : nil)
  }

  /// The WordPiece model that a file's `model` describes.
  func wordPieceModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> WordPieceModel {
    WordPieceModel(
      vocabulary,
      prefix: Array((fields["continuing_subword_prefix"]?.string ?? "##").utf8),
      unknownToken: try unknownToken(fields["unk_token"]?.string ?? "[UNK]", vocabulary),
      longestWord: fields["max_input_chars_per_word"]?.integer ?? 100)
  }

  /// The model of whole words that a file's `model` describes.
  func wordLevelModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> WordLevelModel {
    WordLevelModel(
      vocabulary,
      unknownToken: try unknownToken(fields["unk_token"]?.string ?? "<unk>", vocabulary))
  }

  private func unknownToken(
    _ content: String, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Int32 {
    guard let id = vocabulary[content] else {
      throw corrupt("the unknown token '\(content.prefix(60))' is not in the vocabulary")
    }
    return id
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
          MergePair(left: left.utf8, right: right.utf8)
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
}

extension TokenizerFile {
  /// What to put around and between texts; nil if nothing is configured.
  func template(
    _ value: JSONValue?, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Template? {
    guard let fields = value?.object else { return nil }
    let type = fields["type"]?.string ?? "unknown"
    switch type {
    case "ByteLevel":
      return nil  // it only moves offsets
    case "Sequence":
      var template: Template?
      for part in fields["processors"]?.array ?? [] {
        guard let next = try self.template(part, vocabulary) else { continue }
        guard template == nil else {
          throw unsupported("post_processor", "a second template", known: "sequences with one")
        }
        template = next
      }
      return template
    case "TemplateProcessing":
      return Template(
        single: try pieces("single", fields, vocabulary),
        pair: try pieces("pair", fields, vocabulary))
    case "BertProcessing", "RobertaProcessing":
      guard let begin = fields["cls"]?.array?.first?.string.flatMap({ vocabulary[$0] }),
        let end = fields["sep"]?.array?.first?.string.flatMap({ vocabulary[$0] })
      else { throw corrupt("the \(type) names tokens outside the vocabulary") }
      return type == "BertProcessing"
        ? .bert(begin: begin, end: end) : .roberta(begin: begin, end: end)
    default:
      throw unsupported(
        "post_processor", type,
        known: "BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing")
    }
  }

  private func pieces(
    _ role: String, _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> [Template.Piece] {
    // The reference's own template for a pair where the file has none.
    guard let values = fields[role]?.array else {
      guard role == "pair" else { throw corrupt("the template has no '\(role)'") }
      return Template().pair
    }
    var pieces: [Template.Piece] = []
    for value in values {
      if let text = value.object?["Sequence"]?.object {
        let type = try typeID(text)
        pieces.append(text["id"]?.string == "B" ? .second(type: type) : .first(type: type))
        continue
      }
      let token = value.object?["SpecialToken"]?.object ?? JSONObject(members: [])
      let type = try typeID(token)
      let name = token["id"]?.string ?? ""
      let listed = fields["special_tokens"]?.object?[name]?.object?["ids"]?.array ?? []
      let ids = listed.compactMap { $0.integer.flatMap(Int32.init(exactly:)) }
      guard !ids.isEmpty, ids.count == listed.count, ids.allSatisfy({ vocabulary[$0] != nil })
      else {
        throw corrupt("the template's token '\(name.prefix(60))' has no id in the vocabulary")
      }
      pieces += ids.map { .token($0, type: type) }
    }
    try check(pieces, role)
    return pieces
  }

  /// The segment a piece belongs to.
  private func typeID(_ piece: JSONObject) throws(CheckpointError) -> Int32 {
    let type = piece["type_id"]?.integer ?? 0
    guard type == 0 || type == 1 else {
      throw unsupported("template's type_id", String(type), known: "0 and 1")
    }
    return Int32(type)
  }

  /// Checks that a template holds each text once.
  private func check(_ pieces: [Template.Piece], _ role: String) throws(CheckpointError) {
    var (first, second) = (0, 0)
    for piece in pieces {
      switch piece {
      case .first: first += 1
      case .second: second += 1
      case .token: break
      }
    }
    guard first == 1, second == (role == "pair" ? 1 : 0) else {
      throw corrupt("the template '\(role)' does not contain each text once")
    }
  }
}
