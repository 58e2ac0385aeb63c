import Foundation

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
