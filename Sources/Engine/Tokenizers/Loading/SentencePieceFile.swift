import Foundation

/// Llama's tokenizer as SentencePiece's `tokenizer.model`.
///
/// Ids are SentencePiece's, between special tokens that are cut out of the text first. (Transformers
/// 5.23 orders the merges it makes of such a file by the ids of the pieces, not their scores, and so
/// gives other ids for runs of spaces.) Kudo and Richardson 2018, arXiv:1808.06226.
struct SentencePieceFile {
  private let path: String
  private let model: SentencePieceModel

  /// In bytes, many times what trainers make: finding the merges takes the square of it.
  private static let longestPiece = 512

  init(_ url: URL) throws(CheckpointError) {
    path = url.path
    let bytes = try FileBytes.read(url)
    do throws(ProtobufReader.Mistake) {
      model = try SentencePieceModel(bytes)
    } catch {
      throw CheckpointError(
        .corrupt, file: url.path,
        "is not a SentencePiece model: byte \(error.offset.grouped) does not fit the format",
        help: "the file is damaged or incomplete; fetch it again")
    }
  }

  /// Makes the tokenizer.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    try check()
    var vocabulary = Vocabulary(minimumCapacity: model.pieces.count)
    for (id, piece) in model.pieces.enumerated() {
      guard (1...Self.longestPiece).contains(piece.text.count), vocabulary[piece.text] == nil,
        vocabulary.insert(piece.text, id: id)
      else { throw corrupt("piece \(id.grouped) is empty, too long or a duplicate") }
    }
    let unknown = model.pieces.firstIndex { $0.kind == .unknown }
    guard let unknown else { throw corrupt("has no piece for unknown characters") }

    var builder = BPEBuilder(vocabulary: vocabulary, file: path)
    builder.unknownToken = Int32(unknown)
    builder.fusesUnknown = true
    builder.fallsBackToBytes = model.fallsBackToBytes
    let (table, pairs) = merges(vocabulary)
    let words = try builder.model(overBytes: false, table: table)

    let leading = model.addsLeadingSpace
    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.normalizers =
      (leading ? [.prepend(BPEBuilder.marker)] : []) + [.replace([0x20], with: BPEBuilder.marker)]
    pipeline.preTokenizers = builder.cutsBeforeMarkers(pairs)
    pipeline.decoders =
      [.replace(BPEBuilder.marker, with: [0x20]), .byteFallback, .fuse]
      + (leading ? [.strip([0x20], start: 1, end: 0)] : [])
    pipeline.addedTokens = try settings.addedTokens(
      into: &vocabulary,
      usual: model.pieces.filter { $0.kind == .control || $0.kind == .unknown }
        .map { String(decoding: $0.text, as: UTF8.self) })
    pipeline.beginToken = settings.token("bos", fallbacks: ["<s>"], in: vocabulary)
    pipeline.endToken = settings.token("eos", fallbacks: ["</s>"], in: vocabulary)
    pipeline.template = .around(
      begin: settings.addsBeginToken ?? true ? pipeline.beginToken : nil,
      end: settings.addsEndToken ?? false ? pipeline.endToken : nil)
    return SubwordTokenizer(vocabulary: vocabulary, model: .bytePair(words), pipeline: pipeline)
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
  private func check() throws(CheckpointError) {
    let types: [UInt64: String] = [1: "unigram", 3: "word", 4: "char"]
    guard model.modelType == 2 else {
      throw unsupported("model type '\(types[model.modelType] ?? String(model.modelType))'")
    }
    if model.rewritesCharacters { throw unsupported("normalizer's 'precompiled_charsmap'") }
    if model.collapsesSpaces { throw unsupported("normalizer's 'remove_extra_whitespaces'") }
    if !model.marksSpaces { throw unsupported("normalizer without 'escape_whitespaces'") }
    if model.putsSpacesBehindWords { throw unsupported("'treat_whitespace_as_suffix'") }
    let kinds: [(SentencePieceModel.Kind, String)] = [
      (.userDefined, "USER_DEFINED"), (.unused, "UNUSED"),
    ]
    for (kind, name) in kinds
    where model.pieces.contains(where: { $0.kind == kind }) {
      throw unsupported("piece type \(name)")
    }
    if model.pieces.contains(where: { !$0.score.isFinite }) {
      throw corrupt("a piece's score is not a number")
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
        "use byte-pair encodings without it, or save the tokenizer once with Transformers to get a"
        + " tokenizer.json")
  }
}

/// The content of a SentencePiece `tokenizer.model` that byte-pair encodings need.
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
  /// Whether characters are rewritten by a table, as NFKC is.
  private(set) var rewritesCharacters = false
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
      case (2, .bytes(let table)): rewritesCharacters = !table.isEmpty
      case (3, .integer(let flag)): addsLeadingSpace = flag != 0
      case (4, .integer(let flag)): collapsesSpaces = flag != 0
      case (5, .integer(let flag)): marksSpaces = flag != 0
      default: break
      }
    }
  }
}
