import Engine
import Foundation

@testable import Experiments

/// How often the rule's intervals cover what they should, over many simulated studies.
struct RuleSimulation: Sendable {
  /// Shares over the studies of one setting.
  struct Row: Sendable {
    let setting: String
    let seeds: Int
    /// Of 95 % intervals of single means and of paired differences, not corrected.
    let coverageOfMeans: Double
    let coverage: Double
    /// By ``familySizes``: studies in which any corrected interval of the family misses.
    let familyErrors: [Double]
    /// Studies in which a method as good as any leaves the set of the best of five.
    let lostBest: Double
    /// Mean of the printed accuracy of the chosen of five minus its true one: its own mean, and held
    /// out.
    let optimism: Double
    let heldOutOptimism: Double
  }

  /// Contrasts judged together: the first pairs of eleven methods.
  static let familySizes = [2, 10, 50]
  static let methods = 11
  static let choices = 5

  /// Runs one setting.
  ///
  /// - Parameters:
  ///   - name: Of the setting; with `seeds` it names the stream of random numbers.
  ///   - seeds: Of a study.
  ///   - studies: How many are drawn.
  ///   - truths: Mean of each method.
  ///   - draw: A study's scores.
  /// - Returns: The shares.
  static func row(
    _ name: String, seeds: Int, studies: Int, truths: [Double],
    draw: (inout RandomStream) -> [CrossedScores]
  ) -> Row {
    var stream = RandomStream(seed: 15, purpose: "simulation.\(name).\(seeds)")
    let pairs = pairs(of: truths.count)
    let families = familySizes.filter { $0 <= pairs.count }.map { ContrastFamily(members: $0) }
    let best = truths.prefix(choices).max() ?? 0
    let ofChoices = ContrastFamily(members: Self.pairs(of: choices).count)
    var covered = (means: 0, pairs: 0)
    var errors = [Int](repeating: 0, count: families.count)
    var lost = 0
    var optimism = (own: 0.0, heldOut: 0.0)
    for _ in 0..<studies {
      let scores = draw(&stream)
      for (score, truth) in zip(scores, truths)
      where Contrast(score)?.interval(confidence: 0.95)?.holds(truth) == true {
        covered.means += 1
      }
      let contrasts = pairs.map { Contrast(scores[$0.0] - scores[$0.1]) }
      let differences = pairs.map { truths[$0.0] - truths[$0.1] }
      for (contrast, truth) in zip(contrasts, differences)
      where contrast?.interval(confidence: 0.95)?.holds(truth) ?? true {
        covered.pairs += 1
      }
      for (index, family) in families.enumerated() {
        let isWrong = zip(contrasts, differences).prefix(family.members).contains {
          contrast, truth in
          contrast.flatMap(family.interval)?.holds(truth) == false
        }
        if isWrong { errors[index] += 1 }
      }
      let set = BestSet(count: choices) { i, j in
        Contrast(scores[i] - scores[j]).flatMap(ofChoices.interval).map { $0.lower > 0 } ?? false
      }
      let kept = Set(set.members)
      if (0..<choices).contains(where: { truths[$0] >= best - 1e-3 && !kept.contains($0) }) {
        lost += 1
      }
      let means = scores.prefix(choices).map { $0.values.reduce(0, +) / Double(seeds) }
      if let highest = means.max(), let chosen = means.firstIndex(of: highest) {
        optimism.own += highest - truths[chosen]
        optimism.heldOut +=
          (HeldOutChoice.score(of: Array(scores.prefix(choices))) ?? .nan) - truths[chosen]
      }
    }
    let all = Double(studies)
    return Row(
      setting: name, seeds: seeds,
      coverageOfMeans: Double(covered.means) / (all * Double(truths.count)),
      coverage: Double(covered.pairs) / (all * Double(pairs.count)),
      familyErrors: errors.map { Double($0) / all }, lostBest: Double(lost) / all,
      optimism: optimism.own / all, heldOutOptimism: optimism.heldOut / all)
  }

  /// Runs one setting of simulated answers.
  static func row(
    _ study: SimulatedStudy, seeds: Int, studies: Int, methods: Int = Self.methods,
    truthDraws: Int = 1_000_000
  ) -> Row {
    row(
      study.name, seeds: seeds, studies: studies,
      truths: study.truths(methods: methods, draws: truthDraws)
    ) { stream in study.drawn(methods: methods, seeds: seeds, &stream) }
  }

  /// Runs one setting of drawn answers.
  static func row(_ recorded: RecordedAnswers, seeds: Int, studies: Int) -> Row {
    let right = recorded.right
    return row(
      recorded.name, seeds: seeds, studies: studies, truths: RecordedAnswers.truths(of: right)
    ) { stream in RecordedAnswers.drawn(from: right, seeds: seeds, items: 200, &stream) }
  }

  private static func pairs(of methods: Int) -> [(Int, Int)] {
    (0..<methods).flatMap { second in (0..<second).map { ($0, second) } }
  }

  /// Rows as the table of docs/statistics.md.
  static func table(_ rows: [Row]) -> String {
    func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
    func points(_ share: Double) -> String { String(format: "%+.1f", 100 * share) }
    let head =
      "| setting | seeds | paired differences | "
      + familySizes.map { "\($0) contrasts" }.joined(separator: " | ")
      + " | best lost | choice, own mean | held out | single means |"
    let rule = "|---|" + String(repeating: "---:|", count: 6 + familySizes.count)
    return
      ([head, rule]
      + rows.map { row in
        "| \(row.setting) | \(row.seeds) | \(percent(row.coverage)) | "
          + row.familyErrors.map(percent).joined(separator: " | ")
          + " | \(percent(row.lostBest)) | \(points(row.optimism)) | "
          + "\(points(row.heldOutOptimism)) | \(percent(row.coverageOfMeans)) |"
      }).joined(separator: "\n")
  }
}

extension ConfidenceInterval {
  func holds(_ value: Double) -> Bool { lower <= value && value <= upper }
}
