import Formats

/// What to type to make a page again.
struct ReproductionCommand: Hashable, Sendable {
  /// The words after the program's name: `build reports/lowres.md -P suite=glue`.
  let words: [String]

  private static let program = "scripts/ftreport"

  /// The whole report, as a shell reads it.
  var build: String { Self.line(words) }

  /// One experiment of it, with the same options; nil where the build command is not understood.
  func run(_ experiment: String) -> String? {
    guard words.count > 1, words[0] == "build", !words[1].starts(withBytes: "-") else { return nil }
    return Self.line(["run", words[1], experiment] + words.dropFirst(2))
  }

  private static func line(_ words: [String]) -> String {
    ([program] + words).map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-_./=:,@%+".unicodeScalars.contains($0)
    }
    guard !plain || word.isEmpty else { return word }
    let parts = word.split(atByte: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
