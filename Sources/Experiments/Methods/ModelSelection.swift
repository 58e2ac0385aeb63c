/// Which of the weights that training passes through are kept.
package enum ModelSelection: String, CaseIterable, Hashable, Sendable {
  case last
  /// The last of the epochs that answer most of the held-out examples rightly.
  case bestHeldOut = "best-held-out"
  /// The same on the in-domain evaluation set, which is then no longer unseen; as Mosbach et al. 2023
  /// (arXiv:2305.16938) report it.
  case bestInDomain = "best-in-domain"

  static let optionName = "selection"

  static let specification = OptionSpecification(
    optionName, .choice(allCases.map(\.rawValue)), default: .text(last.rawValue),
    "which epoch's weights are kept")

  package init(_ options: ResolvedOptions) {
    self = options.values[Self.optionName].flatMap { Self(rawValue: $0.description) } ?? .last
  }
}

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
