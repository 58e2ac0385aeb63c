import Engine
import Foundation

/// The difference of two methods' accuracies with the doubt that seeds and items both leave.
///
/// Seeds and items cross: every seed answers the same items. A resample draws seeds and items with
/// replacement, both for all at once, and takes the mean over what was drawn. Owen 2007, "The
/// pigeonhole bootstrap", Annals of Applied Statistics 1(2); slightly wider than needed, never
/// narrower. A bootstrap of all (seed, item) pairs would be, since they are not independent.
package struct ItemBootstrap: Hashable, Sendable {
  /// Mean over seeds and items of first right − second right.
  package let estimate: Double
  package let interval: ConfidenceInterval
  /// Two-sided: twice the smaller share of resampled means on either side of 0, at most 1.
  package let pValue: Double
  package let seeds: Int
  package let items: Int

  /// Resamples answers; nil without seeds or items, and for lists of different sizes.
  ///
  /// - Parameters:
  ///   - first: Whether the first method is right, `[seeds][items]`.
  ///   - second: The same of the second, on the same seeds and items.
  ///   - confidence: Coverage of the interval, in (0, 1).
  ///   - resamples: Number of resampled means.
  /// - Complexity: O(resamples · (seeds + items) + resamples · items · distinct seeds drawn).
  package init?(
    first: [[Bool]], second: [[Bool]], confidence: Double = 0.95, resamples: Int = 2000
  ) {
    guard let items = first.first?.count, items > 0, first.count == second.count,
      (first + second).allSatisfy({ $0.count == items })
    else { return nil }
    let seeds = first.count
    // [items, seeds]: the answers to one item lie together.
    var differences = [Int32](repeating: 0, count: items * seeds)
    for seed in 0..<seeds {
      for item in 0..<items {
        differences[item * seeds + seed] =
          (first[seed][item] ? 1 : 0) - (second[seed][item] ? 1 : 0)
      }
    }
    self.seeds = seeds
    self.items = items
    let total = Double(seeds) * Double(items)
    estimate = Double(differences.reduce(0) { $0 + Int($1) }) / total
    let means = Self.means(differences, seeds: seeds, items: items, count: resamples)
    let tail = (1 - confidence) / 2
    interval = ConfidenceInterval(
      lower: ConfidenceInterval.quantile(means, tail),
      upper: ConfidenceInterval.quantile(means, 1 - tail), confidence: confidence,
      method: .seedsAndItems)
    // One more on each side, for the sample itself.
    let below = means.count { $0 <= 0 } + 1
    let above = means.count { $0 >= 0 } + 1
    pValue = min(1, 2 * Double(min(below, above)) / Double(resamples + 1))
  }

  private static func means(
    _ differences: [Int32], seeds: Int, items: Int, count: Int
  ) -> [Double] {
    var stream = RandomStream(seed: 0, purpose: "statistics.items.\(seeds).\(items)")
    var means = [Double](repeating: 0, count: count)
    var weights = [Int32](repeating: 0, count: seeds)
    var columns = [Int32](repeating: 0, count: items)
    for resample in means.indices {
      for seed in weights.indices { weights[seed] = 0 }
      for _ in weights.indices { weights[stream.index(below: seeds)] += 1 }
      for item in columns.indices {
        var sum: Int32 = 0
        for seed in 0..<seeds { sum &+= weights[seed] &* differences[item &* seeds &+ seed] }
        columns[item] = sum
      }
      var sum = 0
      // Half of 64 bits per draw, scaled: a page draws millions. No item is likelier by more than 2⁻³² · items.
      var rest: UInt64 = 0
      for drawn in 0..<items {
        rest = drawn.isMultiple(of: 2) ? stream.next() : rest >> 32
        sum += Int(columns[Int(((rest & 0xFFFF_FFFF) &* UInt64(items)) >> 32)])
      }
      means[resample] = Double(sum) / (Double(seeds) * Double(items))
    }
    return means.sorted()
  }
}

/// Whether two classifiers err on the same items: the exact binomial test of discordant pairs.
///
/// McNemar 1947; exact two-sided p = min(1, 2 · P(X ≤ min(b, c))) for X ~ Binomial(b + c, ½).
package struct McNemarTest: Hashable, Sendable {
  /// Items only the first got right.
  package let onlyFirst: Int
  /// Items only the second got right.
  package let onlySecond: Int
  package let pValue: Double

  package init(onlyFirst: Int, onlySecond: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "McNemar: \(onlyFirst), \(onlySecond)")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    let total = Double(onlyFirst + onlySecond)
    let logAll: Double = lgamma(total + 1) - total * log(2.0)
    var tail = 0.0
    for k in 0...min(onlyFirst, onlySecond) {
      let k = Double(k)
      let logChosen: Double = lgamma(k + 1) + lgamma(total - k + 1)
      tail += exp(logAll - logChosen)
    }
    pValue = min(1, 2 * tail)
  }

  /// Counts the discordant items of two lists of right and wrong answers to the same items.
  package init(first: [Bool], second: [Bool]) {
    precondition(first.count == second.count, "McNemar: \(first.count) and \(second.count) items")
    var onlyFirst = 0
    var onlySecond = 0
    for (a, b) in zip(first, second) where a != b {
      if a { onlyFirst += 1 } else { onlySecond += 1 }
    }
    self.init(onlyFirst: onlyFirst, onlySecond: onlySecond)
  }
}
