import Experiments
import Formats

/// Some methods judged by one measure: every pair, and the set of the best.
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
    /// Nil where there is one task.
    let standing: JudgedMeasure.Standing?
  }

  /// The statement that the first, whose mean is the better, is better than the second.
  struct Pair: Hashable, Sendable {
    let first: String
    let second: String
    let evaluation: EvaluatedStatement
  }

  let measure: JudgedMeasure
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
  ///   - measure: What they are judged by.
  ///   - effect: The smallest difference that matters, if that was declared.
  ///   - book: The page's contrasts.
  ///   - table: The page's scores.
  init(
    _ methods: [String], by measure: JudgedMeasure, effect: Double?, book: ContrastBook,
    table: ScoreTable
  ) {
    self.measure = measure
    let metric = measure.metric
    let floor = measure.floor(in: table)
    self.floor = floor
    let sides = methods.map(measure.score)
    let scored = sides.map { side in
      guard case .scores(let scores) = side.scored(in: table) else {
        return SeededScores(seeds: [], scores: nil)
      }
      return scores
    }
    let means = scored.map { $0.scores.flatMap { SampleMoments($0.values)?.mean } }
    let sign = metric.prefersLower ? 1.0 : -1.0
    let order = methods.indices.sorted { a, b in
      (means[a].map { sign * $0 } ?? .infinity, a) < (means[b].map { sign * $0 } ?? .infinity, b)
    }
    let better: Statement = metric.prefersLower ? .below(0) : .above(0)
    func evaluated(_ a: Int, _ b: Int) -> EvaluatedStatement {
      book.evaluated(
        better, of: [ContrastForm(sides[a], minus: sides[b], among: book.names)], effect: effect)
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
    let standings = measure.isOverTasks ? measure.standings(of: methods, in: table) : []
    entries = order.enumerated().map { place, index in
      Entry(
        method: methods[index], mean: means[index],
        letters: place < measured.count ? set.letters[place] : "",
        isInSet: members.contains(place),
        aboveFloor: floor.map { book.aboveFloor(sides[index], floor: $0) },
        absence: ValueExpression.words(for: scored[index].absences)
          ?? (means[index] == nil ? "no value" : nil),
        diverged: scored[index].diverged,
        standing: measure.isOverTasks ? standings[index] : nil)
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
    _ methods: [String], by measure: JudgedMeasure, among names: ContrastNames
  ) -> [ContrastForm] {
    let sides = methods.map(measure.score)
    let pairs = sides.indices.flatMap { b in
      (0..<b).map { ContrastForm(sides[$0], minus: sides[b], among: names) }
    }
    // Where the floor is not known before the run, the contrast is: it has no part in its key.
    guard measure.metric.hasFloor else { return pairs }
    return pairs + sides.map { ContrastForm($0, minus: .number(0), among: names) }
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
    if measured.isEmpty { return "No method has all of its runs." }
    if isAtFloor, let floor {
      return
        "Not tested: no method is shown, by its own interval, to be better than an answer that "
        + "needs no skill (\(format.string(floor)))."
    }
    if measured.count == 1 { return "Only one method has all of its runs." }
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

  /// How sure the intervals are, as in "99.67 %, since 15 contrasts are judged together, which makes it
  /// 2.1 times as wide".
  ///
  /// - Parameter withFloors: Whether the differences from what needs no skill are meant too, which are
  ///   judged with those of other sets.
  /// - Returns: Nil where nothing varies.
  func familyWords(withFloors: Bool) -> String? {
    let found = contrasts(withFloors: withFloors)
    let sizes = found.map(\.family.correction.members)
    guard let least = found.min(by: { $0.confidence < $1.confidence }),
      let most = found.max(by: { $0.confidence < $1.confidence }), let largest = sizes.max()
    else { return nil }
    let range = Words.range(
      Words.confidence(least.confidence).replacing("\u{A0}%", with: ""),
      Words.confidence(most.confidence))
    guard largest > 1 else { return range }
    let widths = found.compactMap(\.widening)
    let times = Words.range(
      ValueFormat(.decimals(1)).string(widths.min() ?? 1),
      ValueFormat(.decimals(1)).string(widths.max() ?? 1))
    return
      "\(range), since \(Words.range("\(sizes.min() ?? largest)", "\(largest)")) contrasts are "
      + "judged together, which makes it \(times) times as wide"
  }

  /// What the intervals speak of; nil where nothing varies.
  var basisWords: String? {
    let found = Set(contrasts(withFloors: true).compactMap(\.contrast?.basis))
    let bases = Contrast.Basis.allCases.filter(found.contains)
    return bases.isEmpty ? nil : bases.map(\.rawValue).joined(separator: " or of ")
  }

  /// Those that vary, of every pair and of every method against what needs no skill.
  private func contrasts(withFloors: Bool) -> [PageContrast] {
    let floors = withFloors ? entries.compactMap { $0.aboveFloor?.contrast } : []
    return (pairs.compactMap(\.evaluation.contrast) + floors)
      .filter { $0.contrast?.hasSpread == true }
  }

  /// How wide the intervals are, as in "± 2.1 to ± 5.3 points"; nil where nothing varies.
  func precision(_ format: ValueFormat) -> String? {
    let halves = pairs.compactMap { pair in
      pair.evaluation.interval.map { ($0.upper - $0.lower) / 2 }
    }
    guard let least = halves.min(), let most = halves.max() else { return nil }
    let isOne = format.string(least) == format.string(most)
    return "± \(isOne ? format.string(most) : format.string(from: least, to: most))"
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
    var fields: [String: JSONText] = [
      "method": .text(method), "mean": JSONText(mean), "letters": .text(letters),
      "inSetOfBest": .flag(isInSet), "diverged": .integer(diverged),
      "absence": JSONText(absence),
      "aboveFloor": aboveFloor.map { floor in
        JSONText.map(["verdict": .text(floor.verdict.rawValue), "contrast": floor.json])
      } ?? .null,
    ]
    if let standing {
      fields["meanByTask"] = .list(standing.means.map { JSONText($0) })
      fields["meanRank"] = JSONText(standing.rank)
    }
    return .map(fields)
  }
}
