/// How narrow an interval becomes with other numbers of seeds and items.
package struct ContrastPrecision: Hashable, Sendable {
  /// What it takes for an interval at most ± some effect wide.
  package enum Need: Hashable, Sendable {
    /// This many seeds on the items there are.
    case seeds(Int)
    /// No number of seeds on these items: so many items, with so many seeds.
    case items(Int, seeds: Int)
    /// So many items, since seeds have no part in the contrast.
    case itemsAlone(Int)
    /// More than anybody runs.
    case unreachable
  }

  /// Numbers of seeds and items above which nothing is looked for.
  package static let mostSeeds = 1000
  private static let mostItems = 10_000_000

  private let components: Contrast.Components
  private let items: Int
  private let confidence: Double
  private let basis: Contrast.Basis

  /// - Parameters:
  ///   - components: Measured, or assumed before a run.
  ///   - items: On which they were measured; 0 where items are not known.
  ///   - confidence: Coverage of the interval, after correction.
  ///   - basis: ``Contrast/Basis/itemsOnly`` for what is the same on every seed.
  package init(
    _ components: Contrast.Components, items: Int, confidence: Double,
    basis: Contrast.Basis = .seedsAndItems
  ) {
    self.basis = basis
    self.components = components
    self.items = items
    self.confidence = confidence
  }

  /// Half of the interval's width at `seeds` seeds and `times` as many items; nil for one seed, unless
  /// seeds have no part in it.
  package func halfWidth(seeds: Int, itemsTimes times: Double = 1) -> Double? {
    if basis == .itemsOnly {
      let count = Double(items) * times
      guard count > 1 else { return nil }
      let t = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: count - 1)
      return t * (components.item / times).squareRoot()
    }
    guard seeds > 1 else { return nil }
    let ofSeeds = (components.seed + components.interaction / times) / Double(seeds)
    let variance = ofSeeds + components.item / times
    let t = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: Double(seeds - 1))
    return t * variance.squareRoot()
  }

  /// The smallest numbers with which the interval is at most ± `effect`.
  ///
  /// - Parameter effect: The smallest difference that matters, declared and never the observed one.
  /// - Returns: Seeds if they are enough, else items too.
  package func need(for effect: Double) -> Need {
    if basis == .itemsOnly { return fewestItems(for: effect).map(Need.itemsAlone) ?? .unreachable }
    if let seeds = fewestSeeds(for: effect, itemsTimes: 1) { return .seeds(seeds) }
    guard items > 0 else { return .unreachable }
    // Twice what would do with endless seeds, so that a finite number of them does.
    let z = Normal.quantile(0.5 + confidence / 2)
    let times = max(1, 2 * components.item * z * z / (effect * effect))
    let wanted = (times * Double(items)).rounded(.up)
    guard wanted <= Double(Self.mostItems),
      let seeds = fewestSeeds(for: effect, itemsTimes: wanted / Double(items))
    else { return .unreachable }
    return .items(Int(wanted), seeds: seeds)
  }

  private func fewestItems(for effect: Double) -> Int? {
    guard effect > 0, items > 1 else { return nil }
    return Self.fewest(upTo: Self.mostItems) { count in
      halfWidth(seeds: 1, itemsTimes: Double(count) / Double(items)).map { $0 <= effect } ?? false
    }
  }

  private func fewestSeeds(for effect: Double, itemsTimes times: Double) -> Int? {
    guard effect > 0 else { return nil }
    return Self.fewest(upTo: Self.mostSeeds) { seeds in
      halfWidth(seeds: seeds, itemsTimes: times).map { $0 <= effect } ?? false
    }
  }

  /// The smallest number above 1 that suffices, where larger ones do too.
  private static func fewest(upTo most: Int, _ suffices: (Int) -> Bool) -> Int? {
    guard suffices(most) else { return nil }
    var (low, high) = (1, most)
    while high - low > 1 {
      let middle = (low + high) / 2
      if suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

extension Contrast.Components {
  /// What a difference of accuracies may vary by, before anything ran.
  ///
  /// - Parameters:
  ///   - seedDeviation: Standard deviation over seeds of a run's difference, such as 0.03.
  ///   - disagreement: Share of items that only one of two runs answers correctly.
  ///   - items: How many there are.
  ///   - isWithoutSeeds: Whether both runs are the same on every seed, so that only items vary.
  /// - Returns: Half of the disagreement repeats on every seed, as on the builtin tasks.
  package static func assumed(
    seedDeviation: Double, disagreement: Double, items: Int, isWithoutSeeds: Bool = false
  ) -> Self {
    let ofItems = items > 0 ? disagreement / Double(items) : 0
    if isWithoutSeeds { return Self(seed: 0, item: ofItems, interaction: 0) }
    return Self(
      seed: seedDeviation * seedDeviation, item: ofItems / 2, interaction: ofItems / 2)
  }
}
