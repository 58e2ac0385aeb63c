/// How narrow an interval becomes with other numbers of seeds and items.
package struct ContrastPrecision: Hashable, Sendable {
  /// What it takes for an interval at most ± some effect wide.
  package enum Need: Hashable, Sendable {
    /// This many seeds on the items there are.
    case seeds(Int)
    /// No number of seeds on these items: so many items, with so many seeds.
    case items(Int, seeds: Int)
    /// More than anybody runs.
    case unreachable
  }

  /// Numbers of seeds and items above which nothing is looked for.
  package static let mostSeeds = 1000
  private static let mostItems = 10_000_000

  private let components: Contrast.Components
  private let items: Int
  private let confidence: Double

  /// - Parameters:
  ///   - components: Measured, or assumed before a run.
  ///   - items: On which they were measured; 0 where items are not known.
  ///   - confidence: Coverage of the interval, after correction.
  package init(_ components: Contrast.Components, items: Int, confidence: Double) {
    self.components = components
    self.items = items
    self.confidence = confidence
  }

  /// Half of the interval's width at `seeds` seeds and `times` as many items; nil for one seed.
  package func halfWidth(seeds: Int, itemsTimes times: Double = 1) -> Double? {
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

  private func fewestSeeds(for effect: Double, itemsTimes times: Double) -> Int? {
    func suffices(_ seeds: Int) -> Bool {
      halfWidth(seeds: seeds, itemsTimes: times).map { $0 <= effect } ?? false
    }
    guard effect > 0, suffices(Self.mostSeeds) else { return nil }
    // The width falls with the number of seeds.
    var (low, high) = (1, Self.mostSeeds)
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
  /// - Returns: Half of the disagreement repeats on every seed, as on the builtin tasks.
  package static func assumed(
    seedDeviation: Double, disagreement: Double, items: Int
  ) -> Self {
    let ofItems = items > 0 ? disagreement / Double(items) : 0
    return Self(
      seed: seedDeviation * seedDeviation, item: ofItems / 2, interaction: ofItems / 2)
  }
}
