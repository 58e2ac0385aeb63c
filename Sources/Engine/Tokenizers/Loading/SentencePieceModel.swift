/// What a SentencePiece `tokenizer.model` holds, as far as byte-pair encodings need it.
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
