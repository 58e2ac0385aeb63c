/// A rule of the language, shown by pairs of sentences of which one breaks it.
///
/// The twelve rules are those of Warstadt and others 2020, "BLiMP: The Benchmark of Linguistic Minimal
/// Pairs for English", arXiv:1912.00582; words and templates are our own.
protocol Phenomenon: Sendable {
  /// As subsets of a task are called: `determiner-noun`.
  static var name: String { get }
  /// The ways in which the rule shows.
  static var variants: [PhenomenonVariant] { get }
}

/// One way in which a rule shows, with the pairs that show it.
struct PhenomenonVariant: Sendable {
  /// Such as `relative-attractor`.
  let name: String
  private let make: @Sendable (inout Composer) -> MinimalPair

  init(_ name: String, _ make: @escaping @Sendable (inout Composer) -> MinimalPair) {
    self.name = name
    self.make = make
  }

  /// Draws a pair.
  func pair(_ composer: inout Composer) -> MinimalPair { make(&composer) }
}

/// The phenomena that the world knows.
struct PhenomenonRegistry: Sendable {
  let phenomena: [any Phenomenon.Type]

  static let standard = PhenomenonRegistry(phenomena: [
    Agreement.self, DeterminerNoun.self, AnaphorAgreement.self, ArgumentStructure.self,
    Binding.self, ControlRaising.self, Ellipsis.self, FillerGap.self, IrregularForms.self,
    Islands.self, NegativePolarity.self, Quantifiers.self,
  ])

  /// Every variant, in a fixed order.
  var variants: [PhenomenonVariant] { phenomena.flatMap { $0.variants } }

  /// The variant `name` of the phenomenon called `phenomenon`.
  ///
  /// - Precondition: There is one.
  func variant(_ phenomenon: String, _ name: String) -> PhenomenonVariant {
    let variants = phenomena.first { $0.name == phenomenon }?.variants ?? []
    guard let variant = variants.first(where: { $0.name == name }) else {
      preconditionFailure("phenomenon '\(phenomenon)' has no variant '\(name)'")
    }
    return variant
  }
}

/// Two sentences that differ in one respect, which makes one of them good and the other bad.
struct MinimalPair: Hashable, Sendable {
  /// With its mark.
  let good: [String]
  let bad: [String]

  /// Two sentences that share beginning and end.
  ///
  /// - Parameters:
  ///   - head: What both begin with.
  ///   - good: What stands behind it in the good sentence.
  ///   - bad: What stands there in the bad one.
  ///   - tail: What both end with.
  ///   - mark: Closes both.
  init(
    _ head: [String] = [], good: [String], bad: [String], _ tail: [String] = [],
    mark: String = "."
  ) {
    self.good = Composer.sentence(head + good + tail, mark)
    self.bad = Composer.sentence(head + bad + tail, mark)
  }
}
