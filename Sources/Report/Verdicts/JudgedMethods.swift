import Experiments
import Formats

/// Some methods judged on one metric at one number of examples: every pair, and the set of the best.
struct JudgedMethods: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    let method: String
    /// Over all seeds, a diverged run counting as the constant answer; nil where a run is missing.
    let mean: Double?
    /// Letters of the groups that nothing tells apart; empty where a run is missing.
    let letters: String
    /// Whether no other is better by the rule.
    let isInSet: Bool
    /// Whether it is better than an answer that needs no skill; nil where that is not known.
    let aboveFloor: EvaluatedStatement?
    /// Why there is no mean.
    let absence: String?
    let diverged: Int
  }

  /// The statement that the first, whose mean is the better, is better than the second.
  struct Pair: Hashable, Sendable {
    let first: String
    let second: String
    let evaluation: EvaluatedStatement
  }

  let metric: MetricPath
  let shots: Int
  /// The best mean first; methods without a value last.
  let entries: [Entry]
  /// Every pair of entries, in their order.
  let pairs: [Pair]
  /// What needs no skill; nil where that is not known.
  let floor: Double?
  /// What a choice of the best mean scores on seeds and items it was not made on.
  let heldOut: Double?

  /// Judges methods.
  ///
  /// - Parameters:
  ///   - methods: In any order.
  ///   - metric: What they are judged on.
  ///   - shots: A number of examples that the experiment runs.
  ///   - experiment: The experiment's label.
  ///   - effect: The smallest difference that matters, if that was declared.
  ///   - book: The page's contrasts.
  ///   - table: The page's scores.
  init(
    _ methods: [String], on metric: MetricPath, shots: Int, in experiment: String,
    effect: Double?, book: ContrastBook, table: ScoreTable
  ) {
    self.metric = metric
    self.shots = shots
    floor = table.floor(of: metric, in: experiment)
    let scored = methods.map { table.scores(metric, of: $0, shots: shots, in: experiment) }
    let means = scored.map { $0.scores.flatMap { SampleMoments($0.values)?.mean } }
    let sign = metric.prefersLower ? 1.0 : -1.0
    let order = methods.indices.sorted { a, b in
      (means[a].map { sign * $0 } ?? .infinity, a) < (means[b].map { sign * $0 } ?? .infinity, b)
    }
    let better: Statement = metric.prefersLower ? .below(0) : .above(0)
    func evaluated(_ a: Int, _ b: Int) -> EvaluatedStatement {
      book.evaluated(
        better,
        of: [
          ContrastForm(
            .cell(metric, of: methods[a], shots: shots, in: experiment),
            minus: .cell(metric, of: methods[b], shots: shots, in: experiment), among: book.names)
        ], effect: effect)
    }
    var pairs: [Pair] = []
    var worse: Set<[Int]> = []
    for (place, a) in order.enumerated() {
      for (other, b) in order.enumerated().dropFirst(place + 1) {
        let evaluation = evaluated(a, b)
        if evaluation.verdict == .supported { worse.insert([place, other]) }
        pairs.append(Pair(first: methods[a], second: methods[b], evaluation: evaluation))
      }
    }
    self.pairs = pairs
    let measured = order.filter { means[$0] != nil }
    let set = BestSet(count: measured.count) { worse.contains([$0, $1]) }
    let members = Set(set.members)
    entries = order.enumerated().map { place, index in
      Entry(
        method: methods[index], mean: means[index],
        letters: place < measured.count ? set.letters[place] : "",
        isInSet: members.contains(place),
        aboveFloor: book.aboveFloor(metric, of: methods[index], shots: shots, in: experiment),
        absence: ValueExpression.words(for: scored[index].absences)
          ?? (means[index] == nil ? "no value" : nil),
        diverged: scored[index].diverged)
    }
    heldOut = HeldOutChoice.score(
      of: measured.compactMap { scored[$0].scores }, prefersLower: metric.prefersLower)
  }

  /// The methods that no other is better than, the best mean first.
  var best: [Entry] { entries.filter(\.isInSet) }

  /// Whether no method that ran is better than an answer that needs no skill.
  var isAtFloor: Bool {
    let measured = entries.filter { $0.mean != nil }
    return !measured.isEmpty
      && measured.allSatisfy { $0.aboveFloor.map { $0.verdict != .supported } ?? false }
  }

  func pair(_ a: String, _ b: String) -> Pair? {
    pairs.first { ($0.first == a && $0.second == b) || ($0.first == b && $0.second == a) }
  }

  /// The contrasts that judging asks for: all pairs, and each method against no skill.
  static func forms(
    _ methods: [String], on metric: MetricPath, shots: Int, in experiment: String,
    among names: ContrastNames
  ) -> [ContrastForm] {
    let cells = methods.map { Expression.cell(metric, of: $0, shots: shots, in: experiment) }
    let pairs = cells.indices.flatMap { b in
      (0..<b).map { ContrastForm(cells[$0], minus: cells[b], among: names) }
    }
    // Where the floor is not known before the run, the contrast is: it has no part in its key.
    guard metric.hasFloor else { return pairs }
    return pairs + cells.map { ContrastForm($0, minus: .number(0), among: names) }
  }
}

extension MetricPath {
  /// Whether some score of it needs no skill.
  var hasFloor: Bool {
    guard case .evaluation(_, let name) = self else { return false }
    return [Metrics.accuracy, Metrics.matthewsCorrelation, Metrics.macroF1].contains(name)
      || name.hasPrefix(Metrics.f1(of: ""))
  }
}

extension JudgedMethods {
  /// The set in a sentence or two.
  func words(_ format: ValueFormat) -> String {
    let measured = entries.filter { $0.mean != nil }
    guard measured.count > 1 else {
      return measured.isEmpty
        ? "No method has all of its runs." : "Only one method has all of its runs."
    }
    if isAtFloor, let floor {
      return "Not tested: no method is better, by its own interval, than an answer that needs no "
        + "skill (\(format.string(floor)))."
    }
    let out = measured.filter { !$0.isInSet }
    let names = Words.list(best.map(\.method))
    guard !out.isEmpty else {
      return
        "The set of the best holds all \(measured.count) methods: no interval tells them apart."
    }
    let worse = out.map { entry -> String in
      let by = pairs.filter { $0.second == entry.method && $0.evaluation.verdict == .supported }
      return "\(entry.method) (\(by.first.map { "worse than \($0.first)" } ?? "worse"))"
    }
    return "The set of the best: \(names)"
      + (best.count > 1 ? ", which no interval tells apart" : "")
      + ". Out of it: \(Words.list(worse))."
  }

  /// How wide the intervals are, as in "± 2.1 to ± 5.3 points"; nil where nothing varies.
  func precision(_ format: ValueFormat) -> String? {
    let halves = pairs.compactMap { pair in
      pair.evaluation.interval.map { ($0.upper - $0.lower) / 2 }
    }
    guard let least = halves.min(), let most = halves.max() else { return nil }
    return "± \(format.string(from: least, to: most))"
  }
}

extension JudgedMethods.Pair {
  /// The pair for programs.
  var json: JSONText {
    .map([
      "first": .text(first), "second": .text(second),
      "verdict": .text(evaluation.verdict.rawValue), "contrast": evaluation.json,
    ])
  }
}

extension JudgedMethods.Entry {
  /// The method for programs.
  var json: JSONText {
    .map([
      "method": .text(method), "mean": JSONText(mean), "letters": .text(letters),
      "inSetOfBest": .flag(isInSet), "diverged": .integer(diverged),
      "absence": JSONText(absence),
      "aboveFloor": aboveFloor.map { floor in
        JSONText.map(["verdict": .text(floor.verdict.rawValue), "contrast": floor.json])
      } ?? .null,
    ])
  }
}
