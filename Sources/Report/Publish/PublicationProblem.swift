import Formats

/// Why something is not published, and the command or change that mends it.
package struct PublicationProblem: Hashable, Sendable {
  /// What kind of problem it is, which decides the exit code.
  package enum Kind: Hashable, Sendable {
    /// Results are missing or out of date.
    case stale
    /// A cell failed.
    case failed
    /// A claim is refuted or a check failed, under `--strict`.
    case refuted
    /// A mistake of the source, the target or the machine.
    case mistake
  }

  package let kind: Kind
  /// A file or target, as in `reports/low.md` or `site/low.html:12:7`.
  package let place: String
  package let message: String
  package let help: String

  package init(_ kind: Kind, at place: String, _ message: String, help: String) {
    self.kind = kind
    self.place = place
    self.message = message
    self.help = help
  }
}

/// Nothing was published, and what was published before is as it was.
package struct PublicationRefused: Error, Hashable, Sendable {
  package let problems: [PublicationProblem]

  package init(_ problems: [PublicationProblem]) {
    precondition(!problems.isEmpty, "no problems")
    self.problems = problems
  }

  init(at place: String, _ message: String, help: String) {
    self.init([PublicationProblem(.mistake, at: place, message, help: help)])
  }

  /// The exit code, as for a build: of several problems that of the first kind listed.
  package var exitCode: Int32 {
    let kinds = Set(problems.map(\.kind))
    if kinds.contains(.mistake) { return 2 }
    if kinds.contains(.failed) { return 3 }
    return kinds.contains(.stale) ? 5 : 4
  }
}

extension PublicationRefused: CustomStringConvertible {
  package var description: String {
    problems.flatMap { problem -> [String] in
      let first = "\(problem.place): error: \(problem.message)"
      // A message may quote several lines of git, and advice may take two.
      let lines = first.split(atByte: "\n").map(String.init)
      let help = problem.help.split(atByte: "\n")
      return lines
        + help.enumerated().map {
          $0.offset == 0 ? "  help: \($0.element)" : "        \($0.element)"
        }
    }
    .map(VisibleText.line).joined(separator: "\n")
  }
}
