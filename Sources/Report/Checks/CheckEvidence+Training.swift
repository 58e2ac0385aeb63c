import Experiments

extension CheckEvidence {
  /// A fall of the loss below this share of its start is none.
  private static let leastLossDrop = 0.01
  /// A change of the trained weights below this share of their norm is none.
  private static let leastWeightChange = 1e-4

  /// Whether training lowered the loss, moved the weights and fitted the examples.
  ///
  /// A method whose loss or weights stay where they were at every number of shots fails.
  var training: CheckFinding? {
    var problems: [CheckFinding.Problem] = []
    var drops: [Double] = []
    var exceptions: [String] = []
    for method in experiment.methods where method.trains {
      let runs = groups.filter { $0.method.name == method.name }
      drops += runs.flatMap(\.runs).compactMap { $0.training.flatMap(Self.lossDrop) }
      exceptions += runs.compactMap { group in
        let trainings = group.runs.compactMap(\.training)
        let bad = trainings.count { training in
          Self.signs.contains { $0.holds(training, chance) }
        }
        return bad == 0 ? nil : "\(words(group)) (\(bad) of \(trainings.count))"
      }
      problems += Self.signs.compactMap { sign in
        // Half of the runs of a group: one unlucky seed is not a finding.
        let trained = runs.filter { $0.runs.contains { $0.training != nil } }
        let bad = trained.filter { group in
          let trainings = group.runs.compactMap(\.training)
          return 2 * trainings.count(where: { sign.holds($0, chance) }) > trainings.count
        }
        guard !bad.isEmpty else { return nil }
        let all = bad.flatMap(\.runs).compactMap(\.training)
        let count = all.count { sign.holds($0, chance) }
        return CheckFinding.Problem(
          status: sign.isGrave && bad.count == trained.count ? .fail : .warn,
          text: "\(words(method.name, bad.map(\.shots))): \(sign.words) in \(count) of "
            + "\(all.count) runs")
      }
    }
    guard let least = drops.min() else { return nil }
    let fall = "the smallest decrease of the loss is \(Words.percent(least))"
    return CheckFinding(
      problems: problems,
      otherwise: exceptions.isEmpty
        ? "Every trained method lowered its loss, moved its weights and fitted its examples better "
          + "than chance; \(fall)"
        : "No method failed in most runs to lower its loss, to move its weights or to fit its "
          + "examples better than chance; these runs did: \(Words.list(exceptions)); \(fall)")
  }

  /// Whether a training changed nothing: the loss did not fall, or the weights stayed.
  static func isUntrained(_ training: CellResult.Training) -> Bool {
    signs.contains { $0.isGrave && $0.holds(training, 0) }
  }

  private var chance: Double { Metrics.chance(classes: max(1, experiment.task.labels.count)) }

  private struct Sign: Sendable {
    let words: String
    /// Whether it means that nothing was trained, and not only that training did not help.
    let isGrave: Bool
    let holds: @Sendable (CellResult.Training, _ chance: Double) -> Bool
  }

  private static let signs = [
    Sign(words: "the loss fell by less than 1\u{A0}%", isGrave: true) { training, _ in
      lossDrop(training).map { $0 < leastLossDrop } ?? false
    },
    Sign(words: "the trained weights changed by less than 0.01\u{A0}%", isGrave: true) {
      training, _ in
      training.relativeWeightChange.map { $0 < leastWeightChange } ?? false
    },
    Sign(
      words: "the accuracy on training examples was no better than chance", isGrave: false
    ) {
      training, chance in training.accuracy.map { $0 <= chance } ?? false
    },
  ]

  /// Share of the first epoch's loss that is gone in the last; nil for fewer than two epochs.
  private static func lossDrop(_ training: CellResult.Training) -> Double? {
    guard let first = training.losses.first, let last = training.losses.last,
      training.losses.count > 1, first > 0
    else { return nil }
    return (first - last) / first
  }
}
