import Foundation

/// The sequences a scenario reads, as both sides read them from one file.
struct TokenBatch: Codable {
  /// Tokens before every sequence: the demonstrations of a prompt, or none.
  var prefix: [Int32] = []
  var sequences: [[Int32]]
  /// The class of each sequence, an index into ``labelTokens``.
  var labels: [Int]
  /// The tokens whose embeddings are the rows of the classifier.
  var labelTokens: [Int]

  /// The tokens of the prefix, once, and of all sequences.
  var tokenCount: Int { sequences.reduce(prefix.count) { $0 + $1.count } }

  /// Tokens whose states differ in a decoder: those of equal beginnings count once.
  var distinctCount: Int {
    prefix.count
      + Set(sequences.flatMap { sequence in sequence.indices.map { sequence[...$0] } }).count
  }

  init(prefix: [Int32] = [], sequences: [[Int32]], labels: [Int], labelTokens: [Int]) {
    self.prefix = prefix
    self.sequences = sequences
    self.labels = labels
    self.labelTokens = labelTokens
  }

  init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(TokenBatch.self, from: Data(contentsOf: url))
  }

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try encoder.encode(self).write(to: url)
  }
}
