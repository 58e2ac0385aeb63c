import Engine
import Experiments

/// How often each of some methods has the best mean when the seeds are drawn again.
///
/// The bootstrap probability of being best: seeds are drawn with replacement, the same for every
/// method since their values are paired, and ties share a draw. It says how much the choice depends
/// on which seeds were run, not how likely a method is best on other data.
enum BestShare {
  static let resamples = 10_000

  /// How often each comes first.
  ///
  /// - Parameters:
  ///   - samples: A value a seed, as many for each method and in the same order.
  ///   - prefersLower: Whether the least mean is the best.
  /// - Returns: Shares that sum to 1, in the order given; nil for fewer than two seeds.
  static func shares(_ samples: [[Double]], prefersLower: Bool) -> [Double]? {
    guard let count = samples.first?.count, count > 1,
      samples.allSatisfy({ $0.count == count })
    else { return nil }
    let sign = prefersLower ? -1.0 : 1.0
    var stream = RandomStream(seed: 0, purpose: "report.recommendation.best.n\(count)")
    var wins = [Double](repeating: 0, count: samples.count)
    var sums = wins
    for _ in 0..<resamples {
      for index in sums.indices { sums[index] = 0 }
      for _ in 0..<count {
        let seed = stream.index(below: count)
        for index in samples.indices { sums[index] += sign * samples[index][seed] }
      }
      let best = sums.max() ?? 0
      // Equal means may differ in the last bits.
      let winners = sums.indices.filter { sums[$0] >= best - 1e-12 * abs(best) }
      for index in winners { wins[index] += 1 / Double(winners.count) }
    }
    return wins.map { $0 / Double(resamples) }
  }
}
