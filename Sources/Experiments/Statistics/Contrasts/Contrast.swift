import Foundation

/// A difference of scores with the doubt that seeds and items both leave.
///
/// For scores `d` of S seeds and I items, with the mean squares of the two-way layout,
/// `V = (MS_seed + MS_item − MS_seed×item) / (S·I)`, not below `max(MS_seed, MS_item) / (S·I)`, and
/// Student's t with S − 1 degrees. Items of several sets are independent, so their parts of V add up.
/// Scheffé 1959, "The analysis of variance", §7.4, for the mean of two crossed random factors; the
/// degrees of the seeds alone are fewer than Satterthwaite's, with which 8 – 11 % of families err at
/// 5 – 6 seeds. Where nothing varies, V is ``CrossedScores/leastVariance``, which the number of items
/// gives.
package struct Contrast: Hashable, Sendable {
  /// What the interval speaks of.
  package enum Basis: String, CaseIterable, Hashable, Sendable {
    /// Other seeds and other items.
    case seedsAndItems = "other seeds and items"
    /// The runs there are, on other items: one seed, or no part of the seed in either side.
    case itemsOnly = "these runs, other items"
    /// Other seeds on these items, because single answers are not known.
    case seedsOnly = "seeds only"
    /// Other samples of this size, by the folds of a cross-validation.
    case folds = "other samples, by cross-validation"
  }

  /// Parts of the variance of ``estimate``.
  package struct Components: Hashable, Sendable {
    /// Of a seed's value, without what items and chance add to it.
    package let seed: Double
    /// Of the mean over all items there are, however many seeds there are.
    package let item: Double
    /// Of a seed's value from how it answers single items.
    package let interaction: Double

    package init(seed: Double, item: Double, interaction: Double) {
      self.seed = seed
      self.item = item
      self.interaction = interaction
    }
  }

  package let estimate: Double
  /// √V; 0 where nothing varies.
  package let standardError: Double
  package let degreesOfFreedom: Double
  package let basis: Basis
  package let seeds: Int
  /// Items of all sets; 0 where single answers are not known.
  package let items: Int
  package let components: Components

  /// Whether anything varies, so that there are an interval and a p.
  package var hasSpread: Bool { standardError > 0 }

  /// Sums up scores; nil for one seed without items, no seed, and scores that are not finite.
  package init?(_ scores: CrossedScores) {
    guard scores.seeds > 0, scores.values.allSatisfy(\.isFinite) else { return nil }
    let sets = scores.items.keys.sorted().compactMap { scores.items[$0] }
    items = sets.reduce(0) { $0 + $1.count }
    let isOneRun = scores.seeds == 1 || scores.isDeterministic && !sets.isEmpty
    seeds = isOneRun ? 1 : scores.seeds
    let values = Array(scores.values.prefix(seeds))
    let mean = values.reduce(0, +) / Double(seeds)
    // Equal values keep their value exactly; summing and dividing could round it.
    let center = values.allSatisfy { $0 == values[0] } ? values[0] : mean
    estimate = center
    if isOneRun {
      guard let least = sets.map(\.count).min() else { return nil }
      let spread = sets.reduce(0) { $0 + $1.means(seeds: 1).squares / Double($1.freedom) }
      let variance = spread > 0 ? spread : scores.leastVariance
      basis = .itemsOnly
      degreesOfFreedom = Double(least - 1)
      standardError = variance.squareRoot()
      components = Components(seed: 0, item: variance, interaction: 0)
      return
    }
    let count = Double(seeds)
    let seedVariance =
      values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count - 1)
    if scores.overlap > 0 {
      // Folds train on rows they share, so that their mean varies more than that of independent runs:
      // Nadeau and Bengio 2003, "Inference for the generalization error", doi:10.1023/A:1024068626366,
      // for repeated folds Bouckaert and Frank 2004, doi:10.1007/978-3-540-24775-3_3.
      basis = .folds
      degreesOfFreedom = count - 1
      let variance = (1 / count + scores.overlap) * seedVariance
      standardError = (variance > 0 ? variance : scores.leastVariance).squareRoot()
      // What overlaps stays, however many folds there are, as items do.
      components = Components(
        seed: seedVariance,
        item: variance > 0 ? scores.overlap * seedVariance : scores.leastVariance, interaction: 0)
      return
    }
    // Of the set's mean over seeds and items: MS_item / (S·I) and MS_seed×item / (S·I).
    var ofItems = 0.0
    var ofInteraction = 0.0
    for set in sets {
      let (squares, rest) = set.means(seeds: seeds)
      ofItems += squares / Double(set.freedom)
      ofInteraction += rest / (Double(set.freedom) * count * (count - 1))
    }
    let ofSeeds = seedVariance / count
    let spread = max(ofSeeds + ofItems - ofInteraction, ofSeeds, ofItems)
    let variance = spread > 0 ? spread : scores.leastVariance
    basis = sets.isEmpty ? .seedsOnly : .seedsAndItems
    degreesOfFreedom = count - 1
    standardError = variance.squareRoot()
    components = Components(
      seed: max(0, seedVariance - ofInteraction * count),
      item: spread > 0 ? max(0, ofItems - ofInteraction) : variance,
      interaction: ofInteraction * count)
  }
}

extension Contrast {
  /// The difference read the other way round or against a constant: `sign · estimate − constant`.
  package func oriented(sign: Double, minus constant: Double = 0) -> Contrast {
    Contrast(self, estimate: sign * estimate - constant)
  }

  private init(_ other: Contrast, estimate: Double) {
    self.estimate = estimate
    standardError = other.standardError
    degreesOfFreedom = other.degreesOfFreedom
    basis = other.basis
    seeds = other.seeds
    items = other.items
    components = other.components
  }
}

extension CrossedScores.Items {
  /// I (I − 1), which turns a sum of squares over items into the variance of their mean.
  fileprivate var freedom: Int { count * (count - 1) }

  /// Sums of squares over items of the first seeds' mean, and over seeds and items of what it leaves.
  fileprivate func means(seeds: Int) -> (squares: Double, rest: Double) {
    var means = [Double](repeating: 0, count: count)
    for seed in 0..<seeds {
      for item in 0..<count { means[item] += deviations[seed * count + item] }
    }
    for item in 0..<count { means[item] /= Double(seeds) }
    var rest = 0.0
    for seed in 0..<seeds {
      for item in 0..<count {
        let left = deviations[seed * count + item] - means[item]
        rest += left * left
      }
    }
    return (means.reduce(0) { $0 + $1 * $1 }, rest)
  }
}

extension Contrast {
  /// Two-sided p against a boundary, not corrected; nil where nothing varies.
  package func pValue(against boundary: Double = 0) -> Double? {
    guard hasSpread else { return nil }
    return StudentT.twoSidedPValue(
      (estimate - boundary) / standardError, degreesOfFreedom: degreesOfFreedom)
  }

  /// `estimate ± t · standardError`; nil where nothing varies.
  package func interval(confidence: Double) -> ConfidenceInterval? {
    guard let half = halfWidth(confidence: confidence) else { return nil }
    return ConfidenceInterval(
      lower: estimate - half, upper: estimate + half, confidence: confidence, method: .contrast)
  }

  /// Half of the interval's width; nil where nothing varies.
  package func halfWidth(confidence: Double) -> Double? {
    guard hasSpread else { return nil }
    return StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: degreesOfFreedom)
      * standardError
  }
}

/// Contrasts that are judged together, each at `level / members` (Bonferroni).
///
/// A single step, so that the interval at `1 − level / members` and the p times `members` are two
/// views of one t: the interval leaves a boundary out exactly where p is at most ``level``.
package struct ContrastFamily: Hashable, Sendable {
  /// The share of families in which anything may be wrong.
  package let level: Double
  /// How many distinct contrasts were asked for, whether or not they could be tested.
  package let members: Int

  package init(level: Double = 0.05, members: Int) {
    precondition(level > 0 && level < 1 && members > 0, "\(members) contrasts at \(level)")
    self.level = level
    self.members = members
  }

  /// Coverage of each interval.
  package var confidence: Double { 1 - level / Double(members) }

  package func interval(of contrast: Contrast) -> ConfidenceInterval? {
    contrast.interval(confidence: confidence)
  }

  /// `min(1, members · p)`.
  package func adjusted(_ pValue: Double) -> Double { min(1, Double(members) * pValue) }
}
