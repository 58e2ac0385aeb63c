/// A model of words with the steps before and after it, as `tokenizer.json` chains them.
///
/// Text → added tokens cut out → normalized → added tokens again → words → tokens → what is put around.
/// Ids agree with Hugging Face `tokenizers`. Encoding takes a lock for the cache of words, so
/// it may be called from anywhere, but by one thread at a time it is fastest.
struct SubwordTokenizer: Tokenizer {
  /// The steps around the model.
  struct Pipeline: Sendable {
    var addedTokens: [AddedTokens.Token] = []
    var normalizers: [Normalizer] = []
    var preTokenizers: [PreTokenizer] = []
    /// Steps back to text; without any, tokens are joined by spaces.
    var decoders: [TokenDecoder] = []
    var template = Template()
    var beginToken: Int32?
    var endToken: Int32?
  }

  var vocabularySize: Int { vocabulary.tokens.count }
  var beginToken: Int32? { pipeline.beginToken }
  var endToken: Int32? { pipeline.endToken }
  let unknownToken: Int32?
  let maskToken: String?
  private(set) var omittedTokens: [String] = []

  private let vocabulary: Vocabulary
  private let model: WordModel
  private let pipeline: Pipeline
  private let encoder: WordEncoder
  /// Added tokens looked for in the text as given, and in the normalized text.
  private let rawTokens: AddedTokens
  private let normalizedTokens: AddedTokens
  private let specialTokens: Set<Int32>

  /// What BERT, DistilBERT, ELECTRA, ALBERT and ModernBERT, and what RoBERTa and its relatives call it.
  private static let masks = ["[MASK]", "<mask>"]

  /// - Parameters:
  ///   - vocabulary: All tokens, the added ones among them.
  ///   - model: From words to ids of the vocabulary.
  ///   - pipeline: The steps around it, with ids of the vocabulary.
  init(vocabulary: Vocabulary, model: WordModel, pipeline: Pipeline) {
    self.vocabulary = vocabulary
    self.model = model
    self.pipeline = pipeline
    unknownToken = model.unknownToken
    let added = Set(pipeline.addedTokens.map(\.content))
    maskToken = Self.masks.first { added.contains(Array($0.utf8)) }
    encoder = WordEncoder(model)
    rawTokens = AddedTokens(pipeline.addedTokens.filter { !$0.isNormalized })
    normalizedTokens = AddedTokens(
      pipeline.addedTokens.filter(\.isNormalized).map { token in
        let content = token.content.withUnsafeBufferPointer {
          Normalizer.apply(pipeline.normalizers, to: $0)
        }
        return AddedTokens.Token(
          content: content ?? token.content, id: token.id, isSpecial: token.isSpecial,
          isNormalized: true, isSingleWord: token.isSingleWord, stripsLeft: token.stripsLeft,
          stripsRight: token.stripsRight)
      })
    specialTokens = Set(pipeline.addedTokens.filter(\.isSpecial).map(\.id))
  }

  /// The tokenizer without the added tokens from an id on; their text is split like any other.
  ///
  /// - Parameter limit: The number of tokens that a model embeds.
  /// - Returns: Nil where other tokens than added ones, or those around a text, are beyond the limit.
  func without(tokensFrom limit: Int) -> SubwordTokenizer? {
    let (kept, beyond) = (
      pipeline.addedTokens.filter { $0.id < limit }, pipeline.addedTokens.filter { $0.id >= limit }
    )
    let added = Set(beyond.map(\.id))
    let others = vocabulary.tokens.indices.dropFirst(limit).contains {
      vocabulary.tokens[$0] != nil && !added.contains(Int32($0))
    }
    let around = pipeline.template.single + pipeline.template.pair
    let needsOne = around.contains { piece in
      if case .token(let id, _) = piece { return id >= limit }
      return false
    }
    guard !others, !needsOne, (unknownToken ?? 0) < limit else { return nil }
    var shorter = Vocabulary(minimumCapacity: limit)
    for (id, token) in vocabulary.tokens.prefix(limit).enumerated() {
      if let token { _ = shorter.insert(token, id: id) }
    }
    var steps = pipeline
    steps.addedTokens = kept
    steps.beginToken = pipeline.beginToken.flatMap { $0 < limit ? $0 : nil }
    steps.endToken = pipeline.endToken.flatMap { $0 < limit ? $0 : nil }
    var result = SubwordTokenizer(vocabulary: shorter, model: model, pipeline: steps)
    result.omittedTokens = beyond.map { String(decoding: $0.content, as: UTF8.self) }
    return result
  }

  func encode(_ text: String, addingSpecialTokens: Bool) -> [Int32] {
    var ids: [Int32] = []
    ids.reserveCapacity(text.utf8.count / 3 + 4)
    for piece in pipeline.template.single {
      switch piece {
      case .first: append(text, to: &ids)
      case .second: break
      case .token(let id, _): if addingSpecialTokens { ids.append(id) }
      }
    }
    return ids
  }

  func encode(_ first: String, pair second: String, addingSpecialTokens: Bool) -> EncodedPair {
    var pair = EncodedPair()
    for piece in pipeline.template.pair {
      let type: Int32
      switch piece {
      case .first(let ownType):
        let start = pair.ids.count
        append(first, to: &pair.ids)
        pair.first = start..<pair.ids.count
        type = ownType
      case .second(let ownType):
        let start = pair.ids.count
        append(second, to: &pair.ids)
        pair.second = start..<pair.ids.count
        type = ownType
      case .token(let id, let ownType):
        guard addingSpecialTokens else { continue }
        pair.ids.append(id)
        type = ownType
      }
      pair.typeIDs += repeatElement(type, count: pair.ids.count - pair.typeIDs.count)
    }
    return pair
  }

  func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
    var tokens = ids.compactMap { id in
      skippingSpecialTokens && specialTokens.contains(id) ? nil : vocabulary[id]
    }
    for decoder in pipeline.decoders { tokens = decoder.apply(to: tokens) }
    let separator: [UInt8] = pipeline.decoders.isEmpty ? [0x20] : []
    return String(decoding: Array(tokens.joined(separator: separator)), as: UTF8.self)
  }

  func id(of token: String) -> Int32? { vocabulary[token] }

  /// Encodes a whole text.
  private func append(_ text: String, to ids: inout [Int32]) {
    var text = text
    text.withUTF8 { bytes in
      encoder.encode { words in
        rawTokens.forEachPiece(of: bytes) { piece in
          switch piece {
          case .token(let id):
            ids.append(id)
          case .text(let range):
            let plain = UTF8Text.Bytes(rebasing: bytes[range])
            let isFirst = range.lowerBound == 0
            if let normalized = Normalizer.apply(pipeline.normalizers, to: plain) {
              normalized.withUnsafeBufferPointer { append($0, isFirst, &words, &ids) }
            } else {
              append(plain, isFirst, &words, &ids)
            }
          }
        }
      }
    }
  }

  /// Encodes normalized text.
  private func append(
    _ text: UTF8Text.Bytes, _ isFirst: Bool, _ words: inout WordEncoder.State,
    _ ids: inout [Int32]
  ) {
    normalizedTokens.forEachPiece(of: text) { piece in
      switch piece {
      case .token(let id):
        ids.append(id)
      case .text(let range):
        PreTokenizer.apply(
          pipeline.preTokenizers[...], to: UTF8Text.Bytes(rebasing: text[range]),
          isFirst: isFirst && range.lowerBound == 0
        ) { word in words.append(word, to: &ids) }
      }
    }
  }
}

/// What is put around and between the texts of a sequence.
struct Template: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    /// The first or only text.
    case first(type: Int32)
    case second(type: Int32)
    case token(Int32, type: Int32)
  }

  /// Pieces of a sequence of one text.
  var single: [Piece] = [.first(type: 0)]
  /// Pieces of a sequence of two.
  var pair: [Piece] = [.first(type: 0), .second(type: 1)]

  /// BERT's `[CLS] a [SEP] b [SEP]`.
  static func bert(begin: Int32, end: Int32) -> Template {
    let single: [Piece] = [.token(begin, type: 0), .first(type: 0), .token(end, type: 0)]
    return Template(single: single, pair: single + [.second(type: 1), .token(end, type: 1)])
  }

  /// RoBERTa's `<s> a </s> </s> b </s>`, all of one type.
  static func roberta(begin: Int32, end: Int32) -> Template {
    let single: [Piece] = [.token(begin, type: 0), .first(type: 0), .token(end, type: 0)]
    return Template(
      single: single,
      pair: single + [.token(end, type: 0), .second(type: 0), .token(end, type: 0)])
  }

  /// Tokens before and after each text, as the decoders have them.
  static func around(begin: Int32?, end: Int32?) -> Template {
    func pieces(_ text: Piece, type: Int32) -> [Piece] {
      (begin.map { [.token($0, type: type)] } ?? []) + [text]
        + (end.map { [.token($0, type: type)] } ?? [])
    }
    let single = pieces(.first(type: 0), type: 0)
    return Template(single: single, pair: single + pieces(.second(type: 1), type: 1))
  }
}
