import Experiments

extension Audit {
  /// Whether scores are exactly the share of a class, as of a method that gives one answer.
  var collapse: AuditFinding? {
    guard metric == Metrics.accuracy else { return nil }
    var hits: [Place: [AuditedRun]] = [:]
    var looked: [Place: Int] = [:]
    for place in places {
      guard let known = identified(place) else { continue }
      let results = distinctRuns(place)
      looked[place] = results.count
      hits[place] = results.filter { run in
        guard let score = run.scores[measure(place.set)] else { return false }
        return known.counts.contains { count in
          abs(score.value - Double(count) / Double(known.total)) <= score.tolerance
        }
      }
    }
    guard !looked.isEmpty else { return collapseInTable }
    // One hit may be chance. Two sets at once, or one set repeatedly, are not.
    let lines = Dictionary(grouping: hits.values.joined(), by: \.line)
    let several = lines.filter { $0.value.count > 1 }
    var details: [String] = []
    for place in places {
      let found = hits[place] ?? []
      let often = found.count >= 3 && 20 * found.count >= (looked[place] ?? 0)
      let both = found.filter { several[$0.line] != nil }
      guard let first = (often ? found : both).first, let known = identified(place) else {
        continue
      }
      let count = often ? found.count : both.count
      let share = first.scores[measure(place.set)].map { AuditWords.percent($0.value) } ?? ""
      details.append(
        "\(place.words): \(count) of \(Words.count(looked[place] ?? 0, "distinct result")) "
          + "\(count == 1 ? "equals" : "equal") the share of one class of \(known.name), e.g. "
          + "\(first.cell.words): \(share)")
    }
    guard !details.isEmpty else {
      return AuditFinding(
        .collapse, .pass, "Scores are not concentrated at the share of a class.")
    }
    return AuditFinding(
      .collapse, .warn, "Some scores are exactly those of giving one answer to every item.",
      details: details,
      advice: "Look at the predictions: these runs probably answered every item with one class.")
  }

  /// The same from the shares of the commonest answer, where the table has them.
  private var collapseInTable: AuditFinding? {
    var looked = 0
    var collapsed: [String: Int] = [:]
    for cell in cells {
      for run in cell.runs {
        for (measure, score) in run.scores where measure.metric == Metrics.collapse {
          looked += 1
          if score.value >= 0.99 { collapsed[cell.name.words, default: 0] += 1 }
        }
      }
    }
    let bad = collapsed.sorted { $0.key < $1.key }
    guard looked > 0 else { return nil }
    let count = bad.reduce(0) { $0 + $1.value }
    guard 100 * count > looked else {
      return AuditFinding(
        .collapse, .pass, "No more than 1 % of \(looked) evaluations gave one answer to all items.")
    }
    return AuditFinding(
      .collapse, .warn,
      "\(count) of \(looked) evaluations gave one answer to 99 % of the items or more.",
      details: [AuditWords.some(bad.map { "\($0.key) (\($0.value))" })],
      advice: "Accuracy does not measure skill there. Look at macro-f1 and mcc.")
  }

  /// One run for each distinct result, of all cells with a score at a place.
  private func distinctRuns(_ place: Place) -> [AuditedRun] {
    cells(at: place).flatMap { cell in
      var seen: Set<[ResultColumn.Measure: Double]> = []
      return cell.runs.filter { seen.insert($0.scores.mapValues(\.value)).inserted }
    }
  }

  /// Whether cells have results that equal another cell's run by run.
  ///
  /// Only cells with three scores or more: fewer may agree by chance.
  var repeats: AuditFinding? {
    struct Results: Hashable {
      let task: String
      let runs: [[ResultColumn.Measure: Double]]
    }
    let telling = cells.filter { cell in
      cell.runs.reduce(0) { $0 + $1.scores.count } >= 3
    }
    guard telling.count > 1 else { return nil }
    let byResults = Dictionary(grouping: telling) { cell in
      Results(task: cell.name.task, runs: cell.runs.map { $0.scores.mapValues(\.value) })
    }
    let groups = byResults.values.filter(Self.isSuspicious).sorted { $0[0].name < $1[0].name }
    guard !groups.isEmpty else {
      return AuditFinding(
        .repeats, .pass, "No two of \(telling.count) cells have the same results.")
    }
    let count = groups.reduce(0) { $0 + $1.count }
    return AuditFinding(
      .repeats, .warn,
      "\(count) cells have results that equal another cell's in every run and every digit.",
      details: groups.prefix(6).map { group in
        let names = group.map(\.name.methodWords)
        let place = [group[0].name.task, group[0].name.model].filter { !$0.isEmpty }
        return "\(place.joined(separator: ", ")): \(AuditWords.some(names, most: 6)), "
          + "\(group[0].runs.first.map { self.words($0) } ?? "")"
      } + (groups.count > 6 ? ["and \(groups.count - 6) groups more"] : []),
      advice: "The setting that differs had no effect, or one cell was copied. Check that the "
        + "setting reaches training and that training changes the weights.")
  }

  /// Whether cells with equal results should differ.
  ///
  /// A run that reads no examples, recognised by its key, may occur at every number of shots.
  private static func isSuspicious(_ group: [Cell]) -> Bool {
    guard group.count > 1 else { return false }
    let keys = Set(group.compactMap { $0.runs.first?.key })
    return keys.count > 1 || keys.contains("")
  }
}
