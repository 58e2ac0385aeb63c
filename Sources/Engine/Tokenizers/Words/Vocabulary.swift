/// Tokens by id and ids by token.
///
/// Keyed by UTF-8 bytes: Swift compares strings up to canonical equivalence, under which a vocabulary
/// that holds `é` both as one and as two characters would lose one of them.
struct Vocabulary: Sendable {
  private(set) var ids: [[UInt8]: Int32] = [:]
  /// Spelling of each id, nil where no token has it.
  private(set) var tokens: [[UInt8]?] = []

  /// More tokens than any real vocabulary has; larger ids are rejected.
  static let limit = 10_000_000

  subscript(token: [UInt8]) -> Int32? { ids[token] }

  subscript(token: String) -> Int32? { ids[Array(token.utf8)] }

  /// The spelling of an id, or nil.
  subscript(id: Int32) -> [UInt8]? {
    tokens.indices.contains(Int(id)) ? tokens[Int(id)] : nil
  }

  /// Ids of `<0x00>` … `<0xFF>`, -1 where one is missing.
  var byteTokens: [Int32] {
    (UInt8.min...UInt8.max).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return self["<0x\(byte < 16 ? "0" : "")\(digits)>"] ?? -1
    }
  }

  init(minimumCapacity: Int = 0) { ids.reserveCapacity(minimumCapacity) }

  /// The pieces of a unigram model, at the places of their ids.
  init(_ pieces: [UnigramModel.Piece]) {
    self.init(minimumCapacity: pieces.count)
    for (id, piece) in pieces.enumerated() { _ = insert(piece.text, id: id) }
  }

  /// Adds a token.
  ///
  /// - Returns: Whether the id is in range.
  mutating func insert(_ token: [UInt8], id: Int) -> Bool {
    guard (0..<Self.limit).contains(id) else { return false }
    ids[token] = Int32(id)
    if id >= tokens.count {
      tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count))
    }
    tokens[id] = token
    return true
  }
}
