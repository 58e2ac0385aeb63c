import Experiments
package import Formats

/// Validity checks on anybody's table of results, as far as a table allows.
package struct Audit {
  /// The runs of one method at one place.
  struct Cell {
    let name: AuditedRun.Cell
    /// In the order of the table.
    let runs: [AuditedRun]
    /// How many distinct results the runs have.
    let distinct: Int

    func scores(_ measure: ResultColumn.Measure) -> [AuditedScore] {
      runs.compactMap { $0.scores[measure] }
    }

    func mean(_ measure: ResultColumn.Measure) -> Double? {
      SampleMoments(scores(measure).map(\.value))?.mean
    }
  }

  /// One evaluation set of one task.
  struct Place: Hashable, Comparable {
    let task: String
    let set: String

    static func < (a: Place, b: Place) -> Bool { (a.task, a.set) < (b.task, b.set) }

    /// "cola in-domain".
    var words: String {
      let set = set == "all" ? "" : MetricPath.words(ofSet: set)
      return [task, set].filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  let table: ResultTable
  /// In the order of task, model, method and shots.
  let cells: [Cell]
  /// The metric that levels and comparisons are about.
  let metric: String
  /// Shares of the commonest class that the command line gave.
  let givenLevels: [Place: Double]
  package private(set) var findings: [AuditFinding] = []
  private(set) var comparisons: [AuditedComparison] = []

  /// Audits a table.
  ///
  /// - Parameters:
  ///   - table: The results.
  ///   - majorities: Shares of a set's commonest class, as in `cola/ood=0.686`.
  /// - Throws: ``Diagnostic`` FT061 for a share that cannot be read.
  package init(_ table: ResultTable, majorities: [String] = []) throws(Diagnostic) {
    self.table = table
    var runs: [AuditedRun.Cell: [AuditedRun]] = [:]
    for run in table.runs { runs[run.cell, default: []].append(run) }
    cells = runs.keys.sorted().map { name in
      let own = runs[name] ?? []
      let distinct = Set(own.map { $0.scores.mapValues(\.value) }).count
      return Cell(name: name, runs: own, distinct: distinct)
    }
    metric = Self.headline(table.runs)
    givenLevels = try Self.levels(majorities)
    comparisons = compared()
    findings =
      [
        rows, effectiveSeeds, equalRuns, evaluationSets, majority, collapse, repeats, power,
        pairedTests,
      ].compactMap(\.self)
  }

  /// The worst status.
  package var status: CheckStatus { findings.map(\.status).max() ?? .pass }

  /// Every set of every task that has the headline metric.
  var places: [Place] {
    var places: Set<Place> = []
    for cell in cells {
      for run in cell.runs {
        for measure in run.scores.keys where measure.metric == metric {
          places.insert(Place(task: cell.name.task, set: measure.set))
        }
      }
    }
    return places.sorted()
  }

  /// The headline metric on a set.
  func measure(_ set: String) -> ResultColumn.Measure {
    ResultColumn.Measure(set: set, metric: metric)
  }

  func cells(at place: Place) -> [Cell] {
    cells.filter { $0.name.task == place.task && !$0.scores(measure(place.set)).isEmpty }
  }

  /// Accuracy where there is one, else the metric that most scores are of.
  private static func headline(_ runs: [AuditedRun]) -> String {
    var counts: [String: Int] = [:]
    for run in runs { for measure in run.scores.keys { counts[measure.metric, default: 0] += 1 } }
    if counts[Metrics.accuracy] != nil { return Metrics.accuracy }
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? Metrics.accuracy
  }

  private static func levels(_ assignments: [String]) throws(Diagnostic) -> [Place: Double] {
    var levels: [Place: Double] = [:]
    for assignment in assignments {
      let parts = assignment.split(atByte: "=").map(String.init)
      let place = parts.first?.split(atByte: "/").map(String.init) ?? []
      guard parts.count == 2, let share = Double(parts[1]), share > 0, share < 1,
        (1...2).contains(place.count)
      else {
        throw Diagnostic(
          .missingResultColumn, at: SourcePosition(file: "--majority", line: 1),
          "'\(assignment)' is not a share of a set",
          help: "write TASK/SET=SHARE, such as cola/ood=0.686")
      }
      let set = place.count == 2 ? ResultColumn.set(named: place[1]) : "all"
      levels[Place(task: place[0], set: set)] = share
    }
    return levels
  }
}

/// Numbers as an audit writes them: plain spaces, so that they can be searched for.
enum AuditWords {
  static func percent(_ share: Double) -> String {
    Words.percent(share).replacing("\u{A0}", with: " ")
  }

  /// A score of a metric: a share in percent, anything else with four decimals.
  static func score(_ value: Double, _ metric: String) -> String {
    metric == Metrics.accuracy ? percent(value) : ValueFormat(.decimals(4)).string(value)
  }

  /// "a, b and 3 more".
  static func some(_ names: [String], most: Int = 4) -> String {
    names.count <= most + 1
      ? Words.list(names)
      : "\(names.prefix(most).joined(separator: ", ")) and \(names.count - most) more"
  }

  /// "1,043".
  static func count(_ number: Int) -> String {
    ValueFormat(.integer).string(Double(number))
  }
}
