/// What one side of a comparison scored on each seed, with what each item added to it.
///
/// Seeds and items cross: every seed answers the same items. Scores of a metric that is no mean over
/// items enter as jackknife values. Sums, products and quotients of scores are scores again, to first
/// order in the items.
package struct CrossedScores: Hashable, Sendable {
  /// Items that several scores may share, each with the same place.
  package struct Items: Hashable, Sendable {
    /// How many.
    package let count: Int
    /// How far each item's score lies above the value of its seed, `[seeds, items]`, row-major.
    let deviations: [Double]
  }

  /// One value a seed.
  package let values: [Double]
  /// By the name of the evaluation set; empty where single items are not known.
  package let items: [String: Items]
  /// Whether the seed has no part in it, as in a method that reads no examples.
  package let isDeterministic: Bool
  /// Rows tested over rows trained on where seeds are folds of a cross-validation, which share most of
  /// the rows they train on; 0 where every seed draws a sample of its own.
  package private(set) var overlap = 0.0
  /// Variance of the mean where nothing varies, of ``answering(of:)``.
  ///
  /// 0 where it is not known.
  package private(set) var leastVariance = 0.0

  private init(values: [Double], items: [String: Items], isDeterministic: Bool) {
    self.values = values
    self.items = items
    self.isDeterministic = isDeterministic
  }

  /// The same scores of folds whose training rows overlap.
  package func overlapping(by ratio: Double) -> Self {
    var scores = self
    scores.overlap = ratio
    return scores
  }

  /// Scores that are shares of right answers to so many different items.
  ///
  /// Where all runs answer alike, their spread says nothing of other items, but the number of items
  /// does: `p̃ (1 − p̃) / I` with `p̃ = (x + 5) / (I + 10)` for `x` right answers of I, the variance with five
  /// more of each kind. With it the interval around a share of 1 ends where that of Clopper and Pearson
  /// 1934 (doi:10.1093/biomet/26.4.404) does, to 0.03, from 8 items and up to 100 intervals at a time.
  package func answering(of items: Int) -> Self {
    guard items > 0, let share = values.first, (0...1).contains(share) else { return self }
    var scores = self
    let count = Double(items)
    let moved = (share * count + 5) / (count + 10)
    scores.leastVariance = moved * (1 - moved) / count
    return scores
  }

  private func varying(by least: Double) -> Self {
    var scores = self
    scores.leastVariance = least
    return scores
  }

  /// Scores of which only the value of each seed is known.
  package init(values: [Double], isDeterministic: Bool = false) {
    self.init(values: values, items: [:], isDeterministic: isDeterministic)
  }

  /// A number that no seed and no item changes.
  package init(constant: Double, seeds: Int) {
    self.init(
      values: Array(repeating: constant, count: seeds), items: [:], isDeterministic: true)
  }

  /// Scores of every item on every seed.
  ///
  /// - Parameters:
  ///   - values: The metric by seed; the mean of the item scores, for a mean.
  ///   - scores: By seed and item, as many items for each seed.
  ///   - set: Names the items; scores with the same name are paired by item.
  ///   - isDeterministic: Whether the seed has no part in it.
  package init(
    values: [Double], scores: [[Double]], of set: String, isDeterministic: Bool = false
  ) {
    let count = scores.first?.count ?? 0
    precondition(
      values.count == scores.count && scores.allSatisfy { $0.count == count },
      "\(values.count) values of \(scores.map(\.count)) items")
    // One item shows no spread of items.
    guard count > 1 else {
      self.init(values: values, items: [:], isDeterministic: isDeterministic)
      return
    }
    var deviations: [Double] = []
    deviations.reserveCapacity(scores.count * count)
    for row in scores {
      let mean = row.reduce(0, +) / Double(count)
      for score in row { deviations.append(score - mean) }
    }
    self.init(
      values: values, items: [set: Items(count: count, deviations: deviations)],
      isDeterministic: isDeterministic)
  }

  /// Scores of every item on every seed, where items of one group are not independent.
  ///
  /// Groups take the place of items: a group's deviation is the sum of its items', which leaves the value
  /// of the seed as it is and makes the variance that of clusters (Liang and Zeger 1986,
  /// doi:10.1093/biomet/73.1.13), `G/(G−1) · Σ (Σ dᵢ)² / I²` for a mean over I items in G groups.
  ///
  /// - Parameters:
  ///   - values: The metric by seed.
  ///   - scores: By seed and item.
  ///   - groups: Of each item; equal numbers belong together.
  ///   - set: Names the groups.
  ///   - isDeterministic: Whether the seed has no part in it.
  package init(
    values: [Double], scores: [[Double]], groups: [Int], of set: String,
    isDeterministic: Bool = false
  ) {
    var places: [Int: Int] = [:]
    for group in groups where places[group] == nil { places[group] = places.count }
    let count = places.count
    let ratio = Double(count) / Double(max(1, groups.count))
    let rows = zip(values, scores).map { value, row in
      let mean = row.reduce(0, +) / Double(max(1, row.count))
      var sums = [Double](repeating: 0, count: count)
      for (score, group) in zip(row, groups) { sums[places[group] ?? 0] += score - mean }
      return sums.map { value + ratio * $0 }
    }
    self.init(values: values, scores: rows, of: set, isDeterministic: isDeterministic)
  }

  /// Scores of right and wrong answers.
  package init(right: [[Bool]], of set: String, isDeterministic: Bool = false) {
    self.init(
      values: right.map { row in Double(row.count { $0 }) / Double(max(1, row.count)) },
      scores: right.map { row in row.map { $0 ? 1 : 0 } }, of: set,
      isDeterministic: isDeterministic)
  }

  package var seeds: Int { values.count }
}

extension CrossedScores {
  package static func + (a: Self, b: Self) -> Self {
    combined(a, b) { x, y in (x + y, 1, 1) }
  }

  package static func - (a: Self, b: Self) -> Self {
    combined(a, b) { x, y in (x - y, 1, -1) }
  }

  package static func * (a: Self, b: Self) -> Self {
    combined(a, b) { x, y in (x * y, y, x) }
  }

  package static func / (a: Self, b: Self) -> Self {
    combined(a, b) { x, y in (x / y, 1 / y, -x / (y * y)) }
  }

  package static prefix func - (a: Self) -> Self { a.scaled(by: -1) }

  package func scaled(by factor: Double) -> Self {
    CrossedScores(
      values: values.map { $0 * factor },
      items: items.mapValues {
        Items(count: $0.count, deviations: $0.deviations.map { $0 * factor })
      }, isDeterministic: isDeterministic
    ).overlapping(by: overlap).varying(by: leastVariance * factor * factor)
  }

  /// The least-squares slope of scores on some places, such as accuracy on log₂ of the examples.
  ///
  /// - Parameters:
  ///   - scores: One for each place, of the same seeds.
  ///   - places: As many, at least two of them different.
  /// - Returns: The slope by seed.
  package static func slope(_ scores: [Self], on places: [Double]) -> Self {
    precondition(
      scores.count == places.count && Set(places).count > 1,
      "slope of \(scores.count) scores on \(places)")
    let mean = places.reduce(0, +) / Double(places.count)
    let spread = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let terms = zip(scores, places).map { $0.scaled(by: ($1 - mean) / spread) }
    return terms.dropFirst().reduce(terms[0], +)
  }

  /// The seeds of some places only.
  package func selecting(seeds places: some Sequence<Int>) -> Self {
    let places = Array(places)
    return CrossedScores(
      values: places.map { values[$0] },
      items: items.mapValues { items in
        Items(
          count: items.count,
          deviations: places.flatMap { seed in
            items.deviations[(seed * items.count)..<((seed + 1) * items.count)]
          })
      }, isDeterministic: isDeterministic
    ).overlapping(by: overlap).varying(by: leastVariance)
  }

  /// Applies an operation that gives the result of two values and its derivatives by both.
  private static func combined(
    _ a: Self, _ b: Self, _ operation: (Double, Double) -> (Double, Double, Double)
  ) -> Self {
    precondition(a.seeds == b.seeds, "scores of \(a.seeds) and \(b.seeds) seeds")
    let results = zip(a.values, b.values).map(operation)
    var items: [String: Items] = [:]
    for set in Set(a.items.keys).union(b.items.keys) {
      items[set] = combined(a.items[set], b.items[set], results)
    }
    return CrossedScores(
      values: results.map(\.0), items: items,
      isDeterministic: a.isDeterministic && b.isDeterministic
    ).overlapping(by: max(a.overlap, b.overlap)).varying(
      by: results.first.map { _, byFirst, bySecond in
        a.leastVariance * byFirst * byFirst + b.leastVariance * bySecond * bySecond
      } ?? 0)
  }

  private static func combined(
    _ a: Items?, _ b: Items?, _ results: [(Double, Double, Double)]
  ) -> Items? {
    guard let count = a?.count ?? b?.count else { return nil }
    precondition(
      (a?.count ?? count) == (b?.count ?? count),
      "one set with \(a?.count ?? 0) and \(b?.count ?? 0) items")
    var deviations = [Double](repeating: 0, count: results.count * count)
    for (seed, (_, byFirst, bySecond)) in results.enumerated() {
      let row = seed * count
      for item in row..<(row + count) {
        var sum = 0.0
        if let a { sum += byFirst * a.deviations[item] }
        if let b { sum += bySecond * b.deviations[item] }
        deviations[item] = sum
      }
    }
    return Items(count: count, deviations: deviations)
  }
}
