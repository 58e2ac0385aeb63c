/// What one check found.
struct CheckFinding: Hashable, Sendable {
  /// One thing found wrong, with its numbers.
  struct Problem: Hashable, Sendable {
    let status: CheckStatus
    let text: String

    static func warn(_ text: String) -> Problem { Problem(status: .warn, text: text) }
    static func fail(_ text: String) -> Problem { Problem(status: .fail, text: text) }
  }

  let status: CheckStatus
  /// Sentences without their full stops: what is wrong, or the one that says what is right.
  let sentences: [String]

  /// Keeps what was found wrong, or says what was found right.
  ///
  /// - Parameters:
  ///   - problems: In the order in which they are told.
  ///   - fine: A sentence with the numbers that were looked at, without its full stop.
  init(problems: [Problem], otherwise fine: String) {
    status = problems.map(\.status).max() ?? .pass
    sentences = problems.isEmpty ? [fine] : problems.map(\.text)
  }
}
