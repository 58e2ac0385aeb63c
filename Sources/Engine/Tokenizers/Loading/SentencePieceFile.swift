import Foundation

/// A tokenizer as SentencePiece's own file, of byte-pair encoding as in Llama or of a unigram model.
///
/// Ids are SentencePiece's, between special tokens that are cut out of the text first. (Transformers
/// 5.23 orders the merges it makes of such a file by the ids of the pieces, not their scores, and so
/// gives other ids for runs of spaces.) Where the model's class in Transformers has ids or steps of its
/// own, as for XLM-RoBERTa, they are those of ``UnigramFamily``. Kudo and Richardson 2018,
/// arXiv:1808.06226.
struct SentencePieceFile {
  private let path: String
  private let model: SentencePieceModel

  /// In bytes, many times what trainers make: finding the merges takes the square of it.
  private static let longestPiece = 512

  init(_ url: URL) throws(CheckpointError) {
    path = url.path
    let bytes = try FileBytes.read(url)
    guard !Self.isTiktoken(bytes) else {
      throw CheckpointError(
        .unsupported, file: url.path, "is a tiktoken vocabulary, not a SentencePiece model",
        help: "fetch the model's tokenizer.json as well; without one, write it with"
          + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)")
    }
    do throws(ProtobufReader.Mistake) {
      model = try SentencePieceModel(bytes)
    } catch {
      throw CheckpointError(
        .corrupt, file: url.path,
        "is not a SentencePiece model: byte \(error.offset.grouped) does not fit the format",
        help: "the file is damaged or incomplete; fetch it again")
    }
  }

  /// Whether a file begins as tiktoken's do: a token in base 64, a space and its rank.
  private static func isTiktoken(_ bytes: [UInt8]) -> Bool {
    let line = bytes.prefix(512).prefix { $0 != UInt8(ascii: "\n") }
    let parts = String(decoding: line, as: UTF8.self).split(
      separator: " ", omittingEmptySubsequences: false)
    return parts.count == 2 && Int(parts[1]) != nil && Data(base64Encoded: String(parts[0])) != nil
  }

  /// Makes the tokenizer.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    let family = model.modelType == 1 ? UnigramFamily(settings) : nil
    try check(isOfFamily: family != nil)
    let map = try characterMap()
    if let family { return try family.tokenizer(model, map: map, settings, file: path) }
    var vocabulary = Vocabulary(minimumCapacity: model.pieces.count)
    for (id, piece) in model.pieces.enumerated() {
      guard (1...Self.longestPiece).contains(piece.text.count), vocabulary[piece.text] == nil,
        vocabulary.insert(piece.text, id: id)
      else { throw corrupt("piece \(id.grouped) is empty, too long or a duplicate") }
    }
    let unknown = model.pieces.firstIndex { $0.kind == .unknown }
    guard let unknown else { throw corrupt("has no piece for unknown characters") }
    let leading = model.addsLeadingSpace
    var pipeline = SubwordTokenizer.Pipeline()
    let words: WordModel
    if model.modelType == 1 {
      words = .unigram(
        UnigramModel(
          model, unknownToken: Int32(unknown),
          byteFallback: model.fallsBackToBytes ? vocabulary.byteTokens : nil))
    } else {
      var builder = BPEBuilder(vocabulary: vocabulary, file: path)
      builder.unknownToken = Int32(unknown)
      builder.fusesUnknown = true
      builder.fallsBackToBytes = model.fallsBackToBytes
      let (table, pairs) = merges(vocabulary)
      words = .bytePair(try builder.model(overBytes: false, table: table))
      if map == nil, !model.collapsesSpaces {
        pipeline.preTokenizers = builder.cutsBeforeMarkers(pairs)
      }
    }
    if map == nil, !model.collapsesSpaces {
      pipeline.normalizers =
        (leading ? [.prepend(BPEBuilder.marker)] : []) + [.replace([0x20], with: BPEBuilder.marker)]
    } else {
      pipeline.normalizers = [
        .sentencePiece(
          SentencePieceNormalizer(
            map: map, addsLeadingSpace: leading, collapsesSpaces: model.collapsesSpaces))
      ]
    }
    pipeline.decoders =
      [.replace(BPEBuilder.marker, with: [0x20]), .byteFallback, .fuse]
      + (leading ? [.strip([0x20], start: 1, end: 0)] : [])
    pipeline.addedTokens = try settings.addedTokens(
      usual: model.pieces.filter { $0.kind == .control || $0.kind == .unknown }
        .map { (nil, String(decoding: $0.text, as: UTF8.self)) },
      into: &vocabulary)
    pipeline.beginToken = settings.token("bos", fallbacks: ["<s>"], in: vocabulary)
    pipeline.endToken = settings.token("eos", fallbacks: ["</s>"], in: vocabulary)
    pipeline.template = .around(
      // Llama's class adds it without a word in the files.
      begin: settings.addsBeginToken ?? (model.modelType == 2) ? pipeline.beginToken : nil,
      end: settings.addsEndToken ?? false ? pipeline.endToken : nil)
    return SubwordTokenizer(vocabulary: vocabulary, model: words, pipeline: pipeline)
  }

  /// Every way in which two pieces make up a third.
  ///
  /// The better its score, the sooner they join; of equal ones the leftmost, hence equal ranks.
  private func merges(_ vocabulary: Vocabulary) -> (table: PairTable, pairs: [MergePair]) {
    let scores = Set(model.pieces.map(\.score)).sorted(by: >)
    let ranks = Dictionary(uniqueKeysWithValues: scores.enumerated().map { ($1, UInt32($0)) })
    var found: [(pair: MergePair, left: Int32, right: Int32, merge: PairTable.Merge)] = []
    func normal(_ text: ArraySlice<UInt8>) -> Int32? {
      guard let id = vocabulary[Array(text)], model.pieces[Int(id)].kind == .normal else {
        return nil
      }
      return id
    }
    for (id, piece) in model.pieces.enumerated() where piece.kind == .normal {
      for middle in piece.text.indices.dropFirst() {
        guard let left = normal(piece.text[..<middle]), let right = normal(piece.text[middle...]),
          let rank = ranks[piece.score]
        else { continue }
        let pair = MergePair(left: piece.text[..<middle], right: piece.text[middle...])
        found.append((pair, left, right, PairTable.Merge(rank: rank, id: Int32(id))))
      }
    }
    var table = PairTable(capacity: found.count)
    for merge in found { table[merge.left, merge.right] = merge.merge }
    return (table, found.map(\.pair))
  }

  /// Rejects what is not supported rather than giving different ids.
  private func check(isOfFamily: Bool) throws(CheckpointError) {
    let types: [UInt64: String] = [3: "word", 4: "char"]
    guard model.modelType == 1 || model.modelType == 2 else {
      throw unsupported("model type '\(types[model.modelType] ?? String(model.modelType))'")
    }
    if !model.marksSpaces { throw unsupported("normalizer without 'escape_whitespaces'") }
    if model.putsSpacesBehindWords { throw unsupported("'treat_whitespace_as_suffix'") }
    let kinds: [(SentencePieceModel.Kind, String)] = [
      (.userDefined, "USER_DEFINED"), (.unused, "UNUSED"),
    ]
    for (kind, name) in kinds
    where !(isOfFamily && kind == .userDefined)
      && model.pieces.contains(where: { $0.kind == kind })
    {
      throw unsupported("piece type \(name)")
    }
    if model.pieces.contains(where: { !$0.score.isFinite }) {
      throw corrupt("a piece's score is not a number")
    }
  }

  private func characterMap() throws(CheckpointError) -> CharacterMap? {
    guard !model.characterMap.isEmpty else { return nil }
    do throws(CharacterMap.Mistake) {
      return try CharacterMap(model.characterMap)
    } catch {
      throw corrupt("the 'precompiled_charsmap' \(error.message)")
    }
  }

  private func corrupt(_ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: path, message, help: "the file is damaged or incomplete; fetch it again")
  }

  private func unsupported(_ what: String) -> CheckpointError {
    CheckpointError(
      .unsupported, file: path, "SentencePiece's \(what) is not supported",
      help:
        "save the tokenizer once with Transformers to get a tokenizer.json")
  }
}

/// The content of a SentencePiece file that byte-pair encodings and unigram models need.
///
/// Fields and defaults are those of `sentencepiece_model.proto`.
struct SentencePieceModel {
  enum Kind: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  struct Piece {
    var text: [UInt8] = []
    var score: Float = 0
    var kind = Kind.normal
  }

  private(set) var pieces: [Piece] = []
  /// 1 for unigram, 2 for byte-pair encoding, 3 for words, 4 for characters.
  private(set) var modelType: UInt64 = 1
  private(set) var fallsBackToBytes = false
  private(set) var putsSpacesBehindWords = false
  /// The table by which characters are rewritten, as by NFKC; empty without one.
  private(set) var characterMap: [UInt8] = []
  private(set) var addsLeadingSpace = true
  private(set) var collapsesSpaces = true
  private(set) var marksSpaces = true

  init(_ bytes: [UInt8]) throws(ProtobufReader.Mistake) {
    var message = ProtobufReader(bytes[...])
    while let (field, value) = try message.next() {
      switch (field, value) {
      case (1, .bytes(let part)): pieces.append(try Self.piece(part))
      case (2, .bytes(let part)): try readTraining(part)
      case (3, .bytes(let part)): try readNormalization(part)
      default: break
      }
    }
  }

  private static func piece(_ bytes: ArraySlice<UInt8>) throws(ProtobufReader.Mistake) -> Piece {
    var piece = Piece()
    var message = ProtobufReader(bytes)
    while let (field, value) = try message.next() {
      switch (field, value) {
      case (1, .bytes(let text)):
        guard String(validating: text, as: UTF8.self) != nil else {
          throw ProtobufReader.Mistake(offset: text.startIndex)
        }
        piece.text = Array(text)
      case (2, .float(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .integer(let number)):
        guard let kind = Kind(rawValue: number) else {
          throw ProtobufReader.Mistake(offset: bytes.startIndex)
        }
        piece.kind = kind
      default: break
      }
    }
    return piece
  }

  private mutating func readTraining(
    _ bytes: ArraySlice<UInt8>
  ) throws(ProtobufReader.Mistake) {
    var message = ProtobufReader(bytes)
    while let (field, value) = try message.next() {
      switch (field, value) {
      case (3, .integer(let number)): modelType = number
      case (24, .integer(let flag)): putsSpacesBehindWords = flag != 0
      case (35, .integer(let flag)): fallsBackToBytes = flag != 0
      default: break
      }
    }
  }

  private mutating func readNormalization(
    _ bytes: ArraySlice<UInt8>
  ) throws(ProtobufReader.Mistake) {
    var message = ProtobufReader(bytes)
    while let (field, value) = try message.next() {
      switch (field, value) {
      case (2, .bytes(let table)): characterMap = Array(table)
      case (3, .integer(let flag)): addsLeadingSpace = flag != 0
      case (4, .integer(let flag)): collapsesSpaces = flag != 0
      case (5, .integer(let flag)): marksSpaces = flag != 0
      default: break
      }
    }
  }
}

extension UnigramModel {
  /// SentencePiece's own model, in which only some of the pieces are found in text.
  init(_ model: SentencePieceModel, unknownToken: Int32, byteFallback: [Int32]?) {
    self.init(
      model.pieces.map { Piece(text: $0.text, score: Double($0.score)) },
      isFound: { model.pieces[$0].kind == .normal }, unknownToken: unknownToken,
      byteFallback: byteFallback, roundsSums: true)
  }
}
