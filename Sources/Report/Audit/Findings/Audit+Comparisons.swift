import Experiments
import Foundation

extension Audit {
  /// Resampled means of an interval; a table may hold thousands of pairs.
  private static let resamples = 2000

  /// Every pair of methods at one place, on common seeds, p corrected over those that can be tested.
  func compared() -> [AuditedComparison] {
    guard table.hasSeeds else { return [] }
    struct Context: Hashable, Comparable {
      let task: String
      let model: String
      let shots: String
      static func < (a: Context, b: Context) -> Bool {
        (a.task, a.model, Double(a.shots) ?? .infinity, a.shots)
          < (b.task, b.model, Double(b.shots) ?? .infinity, b.shots)
      }
    }
    let groups = Dictionary(grouping: cells) {
      Context(task: $0.name.task, model: $0.name.model, shots: $0.name.shots)
    }
    var found: [AuditedComparison] = []
    for (context, cells) in groups.sorted(by: { $0.key < $1.key }) {
      for place in places where place.task == context.task {
        for (i, first) in cells.enumerated() {
          for second in cells.dropFirst(i + 1) {
            guard let result = paired(first, second, measure(place.set)) else { continue }
            found.append(
              AuditedComparison(
                place: place, model: context.model, shots: context.shots,
                first: first.name.method, second: second.name.method, result: result))
          }
        }
      }
    }
    let testable = found.indices.filter { found[$0].isTestable }
    let adjusted = PairedComparison.adjusted(testable.map { found[$0].result })
    for (index, result) in zip(testable, adjusted) { found[index].result = result }
    return found
  }

  private func paired(
    _ first: Cell, _ second: Cell, _ measure: ResultColumn.Measure
  ) -> PairedComparison? {
    let others = second.means(of: measure)
    let own = first.means(of: measure)
    var seen: Set<String> = []
    let seeds = first.runs.map(\.seed).filter {
      seen.insert($0).inserted && own[$0] != nil && others[$0] != nil
    }
    let values = (first: seeds.compactMap { own[$0] }, second: seeds.compactMap { others[$0] })
    // Paired tests need several seeds; one seed is not enough.
    guard values.first.count > 1 else { return nil }
    return PairedComparison(values.first, values.second, resamples: Self.resamples)
  }

  /// Whether comparisons have pairs enough to reach p < 0.05.
  var power: AuditFinding? {
    guard table.hasSeeds else {
      return AuditFinding(
        .power, .warn, "The table does not say which run is which, so nothing can be paired.",
        advice:
          "Put the seed of every run into a column 'seed'. Methods that saw the same examples "
          + "are then compared in pairs.")
    }
    let methods = Set(cells.map(\.name.method))
    guard methods.count > 1 else { return nil }
    let weak = comparisons.filter { !$0.isTestable }
    let most = weak.map(\.result.distinctPairs).max() ?? 0
    guard !comparisons.isEmpty else {
      return AuditFinding(
        .power, .warn, "No two methods have 2 seeds in common, so nothing can be tested.",
        advice: "Run every method on the same 6 seeds or more.")
    }
    guard !weak.isEmpty else {
      let least = comparisons.map(\.result.distinctPairs).min() ?? 0
      return AuditFinding(
        .power, .pass,
        "All \(comparisons.count) comparisons rest on \(least) pairs of distinct results or more.")
    }
    let smallest = String(format: "%.2g", SignFlipTest.smallestPValue(count: most))
    let share =
      weak.count == comparisons.count
      ? "None of \(comparisons.count) comparisons of two methods"
      : "\(comparisons.count - weak.count) of \(comparisons.count) comparisons of two methods"
    return AuditFinding(
      .power, .warn,
      "\(share) can reach p < 0.05: it takes \(SeedPower.fewestPairs) pairs of distinct results, and "
        + "\(weak.count == comparisons.count ? "none has" : "the others have no") more than "
        + "\(most), with which p cannot fall below \(smallest).",
      advice: "Run more seeds that reach the sampler before claiming that one method is better.")
  }

  /// What the comparisons that can be tested say.
  var pairedTests: AuditFinding? {
    let tested = comparisons.filter(\.isTestable)
    guard !tested.isEmpty else { return nil }
    let shown = tested.filter { ($0.result.adjustedPValue ?? 1) < 0.05 }
      .sorted { abs($0.result.difference) > abs($1.result.difference) }
    return AuditFinding(
      .comparisons, .pass,
      "\(shown.count) of \(Words.count(tested.count, "paired comparison")) "
        + "\(shown.count == 1 ? "differs" : "differ") at p < 0.05 (sign-flip test, Holm's "
        + "correction over all).",
      details: shown.prefix(8).map(words)
        + (shown.count > 8 ? ["and \(shown.count - 8) more; --json lists all"] : []))
  }

  private func words(_ comparison: AuditedComparison) -> String {
    let result = comparison.result
    let isShare = metric == Metrics.accuracy
    let format = ValueFormat(isShare ? .points : .decimals(4))
    var text = "\(comparison.words) = \(format.string(result.difference))"
    if let interval = result.interval {
      text += " (\(format.string(from: interval.lower, to: interval.upper)))"
    }
    if let p = result.adjustedPValue { text += ", p = \(String(format: "%.2g", p))" }
    if let effect = result.effect, effect.hedgesG.isFinite {
      text += ", g = \(String(format: "%.1f", effect.hedgesG))"
    }
    return text.replacing("\u{A0}", with: " ") + ", n = \(result.pairs)"
  }
}

extension Audit.Cell {
  /// A score by seed: the mean of its runs, which are one unless initializations were repeated.
  fileprivate func means(of measure: ResultColumn.Measure) -> [String: Double] {
    Dictionary(grouping: runs.filter { $0.scores[measure] != nil }, by: \.seed).compactMapValues {
      SampleMoments($0.compactMap { $0.scores[measure]?.value })?.mean
    }
  }
}
