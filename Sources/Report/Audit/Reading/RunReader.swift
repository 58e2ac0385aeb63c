import Formats
import Foundation

/// Gathers the rows of a table into runs.
struct RunReader {
  private struct Identity: Hashable {
    let cell: AuditedRun.Cell
    /// The key where the table has one, else the seed.
    let run: String
  }

  private let text: DelimitedText
  private let layout: ResultLayout
  private(set) var runs: [AuditedRun] = []
  private(set) var gaps: [String: Int] = [:]
  private(set) var repeatedLines: [Int] = []
  private(set) var percentMetrics: [String] = []
  let varyingSettings: [String]
  /// Tasks that several experiments share.
  private let sharedTasks: Set<String>
  private var places: [Identity: Int] = [:]
  private var ranges = ScoreRanges()
  /// Runs that are reported in ``gaps``.
  private var lost: Set<Identity> = []

  init(_ text: DelimitedText, layout: ResultLayout) {
    self.text = text
    self.layout = layout
    var varying: [String] = []
    for (index, column) in layout.columns.enumerated() {
      guard case .setting(let name) = column, name != Self.experiment else { continue }
      if Set(text.rows.map { $0[index].text }).count > 1 { varying.append(name) }
    }
    varyingSettings = varying
    sharedTasks = Self.sharedTasks(text, layout)
  }

  private static let experiment = "experiment"
  /// Our own tables hold what belongs to no evaluation set under these names.
  private static let otherSets: Set<String> = ["train", "training", "memory", "cell"]
  private static let fineStatuses: Set<String> = [
    "", "ok", "success", "succeeded", "done", "completed", "finished",
  ]
  private static let missingScores: Set<String> = [
    "", "nan", "na", "n/a", "-", "none", "null", "missing",
  ]

  private static func sharedTasks(_ text: DelimitedText, _ layout: ResultLayout) -> Set<String> {
    guard let task = layout.index(of: .task),
      let experiment = layout.index(of: .setting(Self.experiment))
    else { return [] }
    var experiments: [String: Set<String>] = [:]
    for row in text.rows { experiments[row[task].text, default: []].insert(row[experiment].text) }
    return Set(experiments.filter { $0.value.count > 1 }.keys)
  }

  /// Reads every row.
  ///
  /// - Throws: ``Diagnostic`` FT062 at the first score that is none.
  mutating func read() throws(Diagnostic) {
    for row in text.rows {
      let cell = cell(of: row)
      let status = self.text(.status, in: row).lowercased()
      guard Self.fineStatuses.contains(status) else {
        // A run that failed may have several rows.
        let run = Identity(cell: cell, run: "\(status) \(text(.seed, in: row))")
        if lost.insert(run).inserted { gaps[status, default: 0] += 1 }
        continue
      }
      var scores: [(ResultColumn.Measure, DelimitedText.Field)] = []
      for (index, column) in layout.columns.enumerated() {
        switch column {
        case .value: scores.append((measure(in: row), row[index]))
        case .measure(let measure) where !Self.otherSets.contains(measure.set):
          scores.append((self.measure(measure, in: row), row[index]))
        default: break
        }
      }
      scores.removeAll { Self.otherSets.contains($0.0.set) }
      for (measure, field) in scores {
        if Self.missingScores.contains(field.text.lowercased()) {
          gaps["no score", default: 0] += 1
          continue
        }
        add(try score(field, of: measure), measure, cell: cell, row: row)
      }
    }
    try ranges.check()
    percentMetrics = ranges.percentMetrics
    for index in runs.indices {
      for (measure, score) in runs[index].scores where percentMetrics.contains(measure.metric) {
        runs[index].scores[measure] = AuditedScore(
          value: score.value / 100, tolerance: score.tolerance / 100)
      }
    }
  }

  private mutating func add(
    _ score: AuditedScore, _ measure: ResultColumn.Measure, cell: AuditedRun.Cell,
    row: [DelimitedText.Field]
  ) {
    let line = row[0].position.line
    let key = text(.key, in: row)
    let seed = layout.index(of: .seed).map { row[$0].text }
    var identity = Identity(cell: cell, run: key.isEmpty ? seed ?? "0" : key)
    if let place = places[identity], runs[place].scores[measure] != nil {
      if !key.isEmpty {
        // A run that reads no examples counts for every seed, one that trains nothing for every
        // initialization.
        if runs[place].seed == seed, layout.index(of: .initSeed) == nil {
          repeatedLines.append(line)
        }
        return
      }
      if seed != nil { repeatedLines.append(line) }
      // Without seeds, each row that repeats a cell is one more run.
      var number = 1
      repeat {
        identity = Identity(cell: cell, run: seed == nil ? "\(number)" : "\(identity.run)'")
        number += 1
      } while places[identity].map { runs[$0].scores[measure] != nil } ?? false
    }
    if let place = places[identity] {
      runs[place].scores[measure] = score
    } else {
      places[identity] = runs.count
      runs.append(
        AuditedRun(
          cell: cell, seed: key.isEmpty ? identity.run : seed ?? key, key: key,
          scores: [measure: score], line: line))
    }
  }

  private func cell(of row: [DelimitedText.Field]) -> AuditedRun.Cell {
    var settings: [String] = []
    for (index, column) in layout.columns.enumerated() {
      guard case .setting(let name) = column, varyingSettings.contains(name),
        !row[index].text.isEmpty
      else { continue }
      settings.append("\(name) \(row[index].text)")
    }
    let method = text(.method, in: row)
    var task = text(.task, in: row)
    if sharedTasks.contains(task) {
      task += " (\(text(.setting(Self.experiment), in: row)))"
    }
    return AuditedRun.Cell(
      task: task, model: text(.model, in: row),
      method: settings.isEmpty ? method : "\(method) (\(settings.joined(separator: ", ")))",
      shots: text(.shots, in: row))
  }

  private func text(_ column: ResultColumn, in row: [DelimitedText.Field]) -> String {
    layout.index(of: column).map { row[$0].text } ?? ""
  }

  /// The measure of a row that is one score.
  private func measure(in row: [DelimitedText.Field]) -> ResultColumn.Measure {
    let metric = ResultColumn.metric(named: text(.metric, in: row))
    return measure(
      ResultColumn.Measure(set: "all", metric: metric.isEmpty ? "score" : metric), in: row)
  }

  /// A measure on the set that the row names, if it names one.
  private func measure(
    _ measure: ResultColumn.Measure, in row: [DelimitedText.Field]
  ) -> ResultColumn.Measure {
    let set = text(.set, in: row)
    guard measure.set == "all", !set.isEmpty else { return measure }
    return ResultColumn.Measure(set: ResultColumn.set(named: set), metric: measure.metric)
  }

  private mutating func score(
    _ field: DelimitedText.Field, of measure: ResultColumn.Measure
  ) throws(Diagnostic) -> AuditedScore {
    let isPercentage = field.text.ends(withBytes: "%")
    let digits = field.text.dropping(lastBytes: isPercentage ? 1 : 0)
      .trimmingCharacters(in: .whitespaces)
    guard let value = Double(digits), value.isFinite else {
      let point = digits.split(atByte: ",", omittingEmptySubsequences: false)
      let help =
        point.count == 2 && Double(point.joined(separator: ".")) != nil
        ? "write it with a point: \(point.joined(separator: "."))"
        : "a score is a number such as 0.612 or 61.2%; leave the field empty where there is none"
      throw Diagnostic(
        .invalidScore, at: field.position, "'\(field.text)' is not a number", help: help)
    }
    let places = digits.split(atByte: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
    let tolerance = max(0.5 * pow(10, -Double(places)), 1e-12)
    let scale = isPercentage ? 0.01 : 1.0
    ranges.note(value * scale, of: measure.metric, at: field.position)
    return AuditedScore(value: value * scale, tolerance: tolerance * scale)
  }
}
