import Experiments
import Formats

/// Every number of a report as a tidy table: one row per cell × evaluation set × metric.
///
/// Values of no evaluation set are under the sets `train`, `memory` and `cell`; a cell that
/// did not succeed has one row without a metric. A result that belongs to several places, as that of
/// a method that reads no examples, has rows at each, with the same key.
struct ReportCSV {
  static let columns = [
    "experiment", "task", "model", "method", "shots", "seed", "status", "set", "metric", "value",
    "key",
  ]

  private let experiments: [PlannedExperiment]
  private let frame: ResultFrame

  init(_ experiments: [PlannedExperiment], frame: ResultFrame) {
    self.experiments = experiments
    self.frame = frame
  }

  var text: String {
    var lines = CSVLines()
    // A column only of reports that have something in it: others stay what they were.
    let hasInits = experiments.contains { !$0.shape.initSeeds.isEmpty }
    var columns = Self.columns
    if hasInits { columns.insert("init-seed", at: 6) }
    lines.append(columns)
    for experiment in experiments {
      let results = frame[experiment.block.label]
      for place in experiment.places {
        let result = results?.result(
          method: place.method, shots: place.shots, seed: place.seed, initSeed: place.initSeed)
        let start = CSVLines.fields(
          [
            experiment.block.label, experiment.task.name, experiment.model.name, place.method,
            "\(place.shots)", "\(place.seed)",
          ] + (hasInits ? [place.initSeed.map(String.init) ?? ""] : [])
            + [result?.statusName ?? "missing"])
        let key = CSVLines.fields([place.key])
        let rows = result?.tidyRows(sets: experiment.shape.sets) ?? []
        for row in rows.isEmpty ? [TidyRow(set: "", metric: "", value: "")] : rows {
          lines.append([row.set, row.metric, row.value], after: start, before: key)
        }
      }
    }
    return lines.text
  }
}

/// One number of a cell as the tidy table holds it.
struct TidyRow: Hashable {
  let set: String
  let metric: String
  let value: String
}

extension CellResult {
  /// "ok", "diverged" or "failed".
  var statusName: String {
    switch status {
    case .succeeded: "ok"
    case .diverged: "diverged"
    case .failed: "failed"
    }
  }

  /// Every number, sets in the order given and metrics by name.
  func tidyRows(sets: [String]) -> [TidyRow] {
    let chosen = sets.compactMap { set in evaluations.first { $0.set == set } }
    var rows = chosen.flatMap { evaluation in
      evaluation.metrics.sorted { $0.key < $1.key }.map {
        TidyRow(set: evaluation.set, metric: $0.key, value: Self.text($0.value))
      }
    }
    if let training {
      rows += training.numbers.map {
        TidyRow(set: "train", metric: $0.name, value: Self.text($0.value))
      }
    }
    guard status == .succeeded else { return rows }
    rows += memory.numbers.map { TidyRow(set: "memory", metric: $0.name, value: "\($0.value)") }
    rows.append(TidyRow(set: "cell", metric: "seconds", value: Self.text(wholeSeconds)))
    if let tuning {
      rows += [
        TidyRow(set: "tuning", metric: "seconds", value: Self.text(tuning.seconds)),
        TidyRow(set: "tuning", metric: "peak", value: "\(tuning.peak)"),
        TidyRow(set: "tuning", metric: "trials", value: "\(tuning.trials.count)"),
        TidyRow(set: "tuning", metric: "chosen", value: tuning.setting ?? ""),
      ]
    }
    if let demonstrations {
      rows.append(TidyRow(set: "cell", metric: "demonstrations", value: "\(demonstrations)"))
    }
    return rows
  }

  /// The shortest text that reads back as the number; empty for none.
  private static func text(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension CellResult.Training {
  /// Every number with its name in expressions.
  var numbers: [(name: String, value: Double)] {
    let loss = losses.last.map { [("loss", $0)] } ?? []
    let optional = [("accuracy", accuracy), ("weight-change", relativeWeightChange)]
      .compactMap { name, value in value.map { (name, $0) } }
    return loss + optional + [
      ("seconds", seconds), ("steps", Double(steps)), ("tokens", Double(tokens)),
      ("trainable-parameters", Double(trainableParameters)),
    ]
  }
}

extension CellResult.Memory {
  /// Bytes by category with their names in expressions.
  var numbers: [(name: String, value: Int)] {
    [
      ("weights", weights), ("gradients", gradients), ("optimizer", optimizer),
      ("activations", activations), ("workspace", workspace), ("key-value", keyValue),
      ("peak", peak), ("resident", residentPeak),
    ]
  }
}
