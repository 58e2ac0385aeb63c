/// What to type to make a page again.
struct ReproductionCommand: Hashable, Sendable {
  /// The whole report: "ftreport build reports/lowres.md -P suite=glue".
  let build: String

  /// One experiment of it, with the same options; nil where the build command is not understood.
  func run(_ experiment: String) -> String? {
    var words = build.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let verb = words.firstIndex(of: "build"), verb + 1 < words.count,
      !words[verb + 1].hasPrefix("-")
    else { return nil }
    words[verb] = "run"
    words.insert(experiment, at: verb + 2)
    return words.joined(separator: " ")
  }
}
