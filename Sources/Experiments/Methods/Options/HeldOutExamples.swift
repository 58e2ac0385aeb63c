/// The examples of the training pool, outside the sample, that settings and epochs are chosen on.
///
/// They are labelled examples beyond the sample's, so a method that reads them has seen more than one
/// that does not (Perez, Kiela and Cho 2021, "True few-shot learning", arXiv:2105.11447); a page says so.
enum HeldOutExamples {
  static let optionName = "validation"

  static let specification = OptionSpecification(
    optionName, .integer(2...1_000_000), default: .integer(64),
    "examples outside the sample to choose settings or an epoch on")

  /// How many examples a method reads; 0 where it chooses nothing on them.
  static func count(_ options: ResolvedOptions) -> Int {
    guard isRead(options), case .integer(let count) = options.values[optionName] else { return 0 }
    return count
  }

  static func isRead(_ options: ResolvedOptions) -> Bool {
    !MethodGrid(options).isEmpty
      || options.possible(ModelSelection.optionName)
        .contains(.text(ModelSelection.bestHeldOut.rawValue))
  }
}
