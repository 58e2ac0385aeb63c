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

  init(minimumCapacity: Int = 0) { ids.reserveCapacity(minimumCapacity) }

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
