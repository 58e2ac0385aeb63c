import Experiments
import Formats

/// What the accuracy of a method on an evaluation set varies with.
struct VarianceShares: Hashable {
  let method: String
  let shots: Int
  let set: String
  /// Nil unless every run has answers.
  let components: VarianceComponents?

  /// Those of an experiment that repeats initializations, of methods whose runs differ by them.
  ///
  /// - Parameters:
  ///   - experiment: In whose order they come.
  ///   - results: Of the experiment.
  ///   - facts: Of the task's examples.
  /// - Returns: One for every method, number of shots and evaluation set, without parts of sets.
  static func all(
    _ experiment: PlannedExperiment, _ results: ExperimentResults, facts: TaskFacts
  ) -> [VarianceShares] {
    guard experiment.shape.initSeeds.count > 1, experiment.shape.seeds.count > 1 else { return [] }
    let sets = experiment.task.evaluations.map(\.name).filter(experiment.shape.sets.contains)
    return experiment.methods.filter { $0.usesInitialization }.flatMap { method in
      experiment.shape.shots.flatMap { shots in
        sets.compactMap { set in
          results.answers(of: method.name, shots: shots, on: set, facts: facts).map {
            VarianceShares(
              method: method.name, shots: shots, set: set,
              components: $0.scores.flatMap(VarianceComponents.init))
          }
        }
      }
    }
  }

  /// Shares of sample, initialization and order, and items, in [0, 1]; nil where nothing varies.
  var shares: (sample: Double, initialization: Double, items: Double)? {
    guard let components, components.total > 0 else { return nil }
    return (
      components.sample / components.total, components.initialization / components.total,
      components.items / components.total
    )
  }

  var json: JSONText {
    .map([
      "method": .text(method), "shots": .integer(shots), "set": .text(set),
      "sample": JSONText(components?.sample),
      "initialization": JSONText(components?.initialization),
      "items": JSONText(components?.items),
    ])
  }
}

extension [VarianceShares] {
  /// A row for each method and number of shots, three columns for each set.
  var grid: TableGrid {
    var sets: [String] = []
    for share in self where !sets.contains(share.set) { sets.append(share.set) }
    var rows: [TableGrid.Row] = []
    for share in self where share.set == sets.first {
      let cells = sets.flatMap { set -> [TableGrid.Cell] in
        let own = first { $0.method == share.method && $0.shots == share.shots && $0.set == set }
        guard let shares = own?.shares else {
          let reason = own?.components == nil ? "some runs have no answers" : "nothing varies"
          return [TableGrid.Cell](repeating: .missing(reason: reason), count: 3)
        }
        let deviation = ValueFormat(.points).string(own?.components?.total.squareRoot() ?? 0)
        return [shares.sample, shares.initialization, shares.items].map {
          .value(
            "\(ValueFormat(.decimals(0)).string(100 * $0))",
            title: "of a standard deviation of \(deviation)")
        }
      }
      rows.append(
        TableGrid.Row([.text("\(share.method)"), .value("\(share.shots)")] + cells))
    }
    var groups: [TableGrid.HeaderCell] = [.init(""), .init("")]
    var names: [TableGrid.HeaderCell] = [.init("method"), .init("shots")]
    for set in sets {
      groups.append(TableGrid.HeaderCell("\(MetricPath.words(ofSet: set))", span: 3))
      names += [.init("sample"), .init("initialization, order"), .init("items")]
    }
    let numbers = [TableGrid.Alignment](repeating: .number, count: 1 + 3 * sets.count)
    return TableGrid(alignments: [.text] + numbers, headerRows: [groups, names], rows: rows)
  }
}
