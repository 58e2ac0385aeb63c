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

  /// What the options of a method say; the last where nothing trains.
  package init(_ options: ResolvedOptions) {
    self = options.optionalChoice(Self.optionName) ?? .last
  }
}
