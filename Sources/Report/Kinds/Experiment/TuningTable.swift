import Formats

extension [TuningSummary] {
  /// A row for each setting of each method and number of shots.
  var grid: TableGrid {
    let rungs = map(\.epochs.count).max() ?? 0
    var rows: [TableGrid.Row] = []
    for summary in self {
      for (index, candidate) in summary.candidates.enumerated() {
        let scores = (0..<rungs).map { rung -> TableGrid.Cell in
          guard candidate.accuracies.indices.contains(rung) else {
            return .missing(reason: "no such rung")
          }
          guard let accuracy = candidate.accuracies[rung] else {
            return .missing(
              reason: summary.isUndivided
                ? "the sample cannot be divided" : "left behind, or diverged")
          }
          return .value(
            "\(ValueFormat(.percent).bare(ValueFormat(.percent).string(accuracy)))",
            title: "after \(Words.count(summary.epochs[rung], "epoch"))")
        }
        rows.append(
          TableGrid.Row(
            [
              .text(index == 0 ? "\(summary.method)" : ""),
              .value(index == 0 ? "\(summary.shots)" : ""), .text("\(candidate.setting)"),
            ] + scores + [
              candidate.logLoss.map { .value("\(ValueFormat(.decimals(3)).string($0))") }
                ?? .missing(reason: "no answers"),
              .value("\(candidate.chosen) of \(summary.results)"),
              .value("\(ValueFormat(.seconds).string(candidate.seconds))"),
            ], startsGroup: index == 0))
      }
    }
    let names: [TableGrid.HeaderCell] =
      [.init("method"), .init("shots"), .init("setting")]
      + (0..<rungs).map { .init("accuracy, rung \($0 + 1)") }
      + [.init("log loss"), .init("chosen"), .init("time")]
    return TableGrid(
      alignments: [.text, .number, .text]
        + [TableGrid.Alignment](repeating: .number, count: rungs + 3),
      headerRows: [names], rows: rows)
  }

  /// What choosing cost, as in "lora: 12.5 s of 60.1 s at 16 shots, at most 80.0 MiB".
  var costs: [String] {
    map { summary in
      let seconds = ValueFormat(.seconds)
      return "\(summary.method) at \(summary.shots) shots: \(seconds.string(summary.seconds)) of "
        + "\(seconds.string(summary.wholeSeconds)) a run, at most "
        + ValueFormat(.bytes).string(Double(summary.peak))
    }
  }

  /// Which settings were chosen, as in "lora: learning-rate 0.002 in 3 of 6".
  var choices: [String] {
    let methods = reduce(into: [String]()) { if !$0.contains($1.method) { $0.append($1.method) } }
    return methods.map { method in
      let own = filter { $0.method == method }
      let times = own.flatMap(\.candidates).reduce(into: [String: Int]()) {
        $0[$1.setting, default: 0] += $1.chosen
      }
      let all = own.reduce(0) { $0 + $1.results }
      let parts = times.filter { $0.value > 0 }
        .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) in \($0.value) of \(all)" }
      return "\(method): by cross-validation within the sample; \(parts.joined(separator: "; "))"
    }
  }
}
