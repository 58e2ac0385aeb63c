import Experiments

extension Audit {
  /// What always giving one answer scores on a set.
  struct Level {
    let share: Double
    /// Whether guessing scores the same.
    let isChance: Bool
    /// Where the number comes from: "365 of 527, CoLA's in_domain_dev.tsv".
    let source: String

    /// "the majority class, 69.3 % (365 of 527, …)".
    var words: String {
      "\(isChance ? "chance" : "the majority class"), \(AuditWords.percent(share)) (\(source))"
    }
  }

  /// Means this close to chance are no better than it, however many items they rest on.
  private static let nearChance = 0.03

  /// The level of a place: given, in the table, or known of the published set.
  func level(_ place: Place) -> Level? {
    if let share = givenLevels[place] {
      return Level(share: share, isChance: false, source: "as given")
    }
    let own = ResultColumn.Measure(set: place.set, metric: Metrics.majority)
    let guess = ResultColumn.Measure(set: place.set, metric: Metrics.chance)
    let runs = cells.filter { $0.name.task == place.task }.flatMap(\.runs)
    if let share = runs.lazy.compactMap({ $0.scores[own]?.value }).first {
      let chance = runs.lazy.compactMap { $0.scores[guess]?.value }.first
      return Level(
        share: share, isChance: chance.map { abs($0 - share) < 1e-9 } ?? false,
        source: "as the table says")
    }
    let candidates = KnownSet.candidates(task: place.task, set: place.set)
    // A mixture is recognised by its size; the level is that of the set that the name means.
    let found = identified(place)
    guard let known = found.flatMap({ $0.mixture == nil ? $0 : nil }) ?? candidates.first else {
      return nil
    }
    var source =
      "\(AuditWords.count(known.majorityCount)) of \(AuditWords.count(known.total)), \(known.name)"
    if let found, found.mixture != nil {
      source += "; of \(found.name) \(AuditWords.percent(found.majorityShare))"
    }
    return Level(share: known.majorityShare, isChance: known.isBalanced, source: source)
  }

  /// Whether means lie above what one answer for all scores.
  var majority: AuditFinding? {
    guard metric == Metrics.accuracy else { return nil }
    var failures: [String] = []
    var warnings: [String] = []
    var fine: [String] = []
    var unknown: [String] = []
    for place in places {
      guard let level = level(place) else {
        unknown.append(place.words)
        continue
      }
      let measure = measure(place.set)
      let means = cells(at: place).compactMap { cell in
        cell.mean(measure).map { (cell: cell, mean: $0) }
      }
      guard let best = means.max(by: { $0.mean < $1.mean }),
        let worst = means.min(by: { $0.mean < $1.mean })
      else { continue }
      let bestWords = "\(AuditWords.percent(best.mean)) by \(best.cell.name.methodWords)"
      if means.allSatisfy({ abs($0.mean - level.share) <= Self.nearChance }), level.isChance {
        let scores = means.flatMap { $0.cell.scores(measure) }.map(\.value)
        failures.append(
          "\(place.words): every mean (\(means.count) of \(means.count)) is at \(level.words): "
            + "\(AuditWords.percent(worst.mean)) to \(AuditWords.percent(best.mean)), single runs "
            + "\(AuditWords.percent(scores.min() ?? 0)) to \(AuditWords.percent(scores.max() ?? 0))"
        )
      } else if means.allSatisfy({ $0.mean <= level.share }) {
        failures.append(
          "\(place.words): every mean (\(means.count) of \(means.count)) lies below \(level.words); "
            + "the best is \(bestWords)\(doubt(best.cell, place))")
      } else {
        let never = neverAbove(means, level: level.share)
        if never.isEmpty {
          fine.append("\(place.words) \(bestWords), against \(level.words)")
        } else {
          let low = means.count { $0.mean <= level.share }
          warnings.append(
            "\(place.words): \(AuditWords.some(never)) never \(never.count == 1 ? "exceeds" : "exceed") "
              + "\(level.words); \(low) of \(means.count) means lie at or below it")
        }
      }
    }
    return majorityFinding(failures, warnings, fine: fine, unknown: unknown)
  }

  private func majorityFinding(
    _ failures: [String], _ warnings: [String], fine: [String], unknown: [String]
  ) -> AuditFinding? {
    let open = unknown.map {
      "\($0): the share of the commonest class is not known; give it with --majority TASK/SET=SHARE"
    }
    guard !(failures + warnings + fine).isEmpty else {
      return open.isEmpty
        ? nil
        : AuditFinding(
          .majority, .pass, "The majority class is not known for any of the sets.", details: open)
    }
    guard !(failures + warnings).isEmpty else {
      return AuditFinding(
        .majority, .pass, "Every method exceeds the majority class on every known set.",
        details: fine + open)
    }
    return AuditFinding(
      .majority, failures.isEmpty ? .warn : .fail,
      (failures + warnings).joined(separator: "; ") + ".", details: fine + open,
      advice: "Always giving one answer scores as much, so differences between methods are not "
        + "differences in skill. Report MCC or macro-F1 beside accuracy.")
  }

  /// Methods, with their model where there are several, whose means never exceed a level.
  private func neverAbove(_ means: [(cell: Cell, mean: Double)], level: Double) -> [String] {
    let models = Set(means.map(\.cell.name.model))
    let groups = Dictionary(grouping: means) { entry in
      let name = entry.cell.name
      return models.count > 1 ? "\(name.model) \(name.method)" : name.method
    }
    return groups.filter { $0.value.allSatisfy { $0.mean <= level } }.keys.sorted()
  }

  /// The interval of a mean over items, where their number is known.
  private func doubt(_ cell: Cell, _ place: Place) -> String {
    guard let known = identified(place), let mean = cell.mean(measure(place.set)) else { return "" }
    let interval = ConfidenceInterval.wilson(share: mean, of: known.total, confidence: 0.95)
    return ", 95 % interval over \(AuditWords.count(known.total)) items "
      + "\(AuditWords.percent(interval.lower)) to \(AuditWords.percent(interval.upper))"
  }
}
