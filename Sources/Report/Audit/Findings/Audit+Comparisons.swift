import Experiments
import Foundation

extension Audit {
  /// Every pair of methods at one place, judged together over seeds: a table has no single answers.
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
            found.append(
              paired(
                first, second, measure(place.set), at: place, model: context.model,
                shots: context.shots))
          }
        }
      }
    }
    // One seed in common says nothing of seeds.
    found.removeAll { $0.pairs < 2 }
    guard !found.isEmpty else { return [] }
    let family = ContrastFamily(members: found.count)
    for index in found.indices { found[index].family = family }
    return found
  }

  private func paired(
    _ first: Cell, _ second: Cell, _ measure: ResultColumn.Measure, at place: Place,
    model: String, shots: String
  ) -> AuditedComparison {
    let (own, others) = (first.means(of: measure), second.means(of: measure))
    var taken: Set<String> = []
    let common = first.runs.map(\.seed).filter {
      taken.insert($0).inserted && own[$0] != nil && others[$0] != nil
    }
    let pairs = common.compactMap { seed in
      own[seed].flatMap { value in others[seed].map { [value, $0] } }
    }
    // Runs that repeat a result are one observation: their seeds did not reach the sampler.
    var seen: Set<[Double]> = []
    let distinct = pairs.filter { seen.insert($0).inserted }
    return AuditedComparison(
      place: place, model: model, shots: shots, first: first.name.method,
      second: second.name.method,
      contrast: Contrast(CrossedScores(values: distinct.map { $0[0] - $0[1] })),
      pairs: pairs.count, unpaired: own.count - pairs.count + others.count - pairs.count,
      distinctPairs: distinct.count)
  }

  /// Whether the comparisons can show something, as corrected.
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
    let halves = comparisons.filter { $0.verdict != .missing }.compactMap { comparison in
      comparison.interval.map { ($0.upper - $0.lower) / 2 }
    }.sorted()
    guard !halves.isEmpty else {
      return AuditFinding(
        .power, .warn,
        "No two methods have the same two seeds or more with results that vary, so nothing can be "
          + "tested.",
        advice: "Run every method on the same seeds, and see to it that they reach the sampler.")
    }
    let middle = halves[halves.count / 2]
    let isShare = metric == Metrics.accuracy
    let format = ValueFormat(isShare ? .points : .decimals(4))
    let text =
      "Of \(Words.count(comparisons.count, "comparison")) of two methods, judged together, "
      + "\(halves.count) \(halves.count == 1 ? "has" : "have") an interval; the middle one is ± "
      + "\(format.string(middle).replacing("\u{A0}", with: " ")) wide."
    return isShare && middle > 0.05
      ? AuditFinding(
        .power, .warn, text + " Only larger differences show.",
        advice: "Run more seeds that reach the sampler before claiming that one method is better.")
      : AuditFinding(.power, .pass, text)
  }

  /// What the comparisons say.
  var pairedTests: AuditFinding? {
    let tested = comparisons.filter { $0.pValue != nil }
    guard let family = tested.first?.family else { return nil }
    let shown = tested.filter { $0.verdict == .supported }
      .sorted { abs($0.difference) > abs($1.difference) }
    return AuditFinding(
      .comparisons, .pass,
      "\(shown.count) of \(Words.count(tested.count, "comparison")) "
        + "\(shown.count == 1 ? "differs" : "differ"): the interval over seeds, corrected for "
        + "\(Words.count(family.members, "comparison")), leaves out 0.",
      details: shown.prefix(8).map(words)
        + (shown.count > 8 ? ["and \(shown.count - 8) more; --json lists all"] : []))
  }

  private func words(_ comparison: AuditedComparison) -> String {
    let isShare = metric == Metrics.accuracy
    let format = ValueFormat(isShare ? .points : .decimals(4))
    var text = "\(comparison.words) = \(format.string(comparison.difference))"
    if let interval = comparison.interval {
      text += " (\(format.string(from: interval.lower, to: interval.upper)))"
    }
    if let p = comparison.pValue { text += ", p = \(String(format: "%.2g", p))" }
    return text.replacing("\u{A0}", with: " ") + ", n = \(comparison.pairs)"
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
