import Experiments
import Formats
import Foundation

/// Gathers the numbers of a reference block, from its own rows or from its file.
struct PublishedReader {
  struct Reading {
    var numbers: PublishedNumbers?
    var diagnostics: [Diagnostic] = []
  }

  /// A number with its position, for messages.
  private struct Found {
    let number: PublishedNumbers.Number
    let place: String
    let position: SourcePosition
  }

  let block: PublishedBlock
  let workspace: Workspace

  init(_ block: PublishedBlock, workspace: Workspace) {
    self.block = block
    self.workspace = workspace
  }

  func read() -> Reading {
    var reading = Reading()
    do throws(Diagnostic) {
      let found =
        if let file = block.file { try numbers(of: file) } else { try written() }
      reading.numbers = PublishedNumbers(
        label: block.label, source: block.source, numbers: try distinct(found).map(\.number))
    } catch {
      reading.diagnostics.append(error)
    }
    return reading
  }

  private func written() throws(Diagnostic) -> [Found] {
    var found: [Found] = []
    for row in block.rows {
      found.append(
        Found(
          number: try number(
            row.value.value, spread: row.spread, metric: row.metric.value, method: row.method,
            shots: row.shots, runs: row.runs, at: row.value.position, place: ""),
          place: "line \(row.position.line)", position: row.position))
    }
    return found
  }

  /// Two numbers for one place would leave the choice to chance.
  private func distinct(_ all: [Found]) throws(Diagnostic) -> [Found] {
    var seen: [[String]: Found] = [:]
    for found in all {
      let number = found.number
      let key = [number.method, "\(number.shots)", number.metric.description]
      if let first = seen[key] {
        throw Diagnostic(
          .invalidValue, at: found.position,
          "\(found.place) gives \(number.metric) of '\(number.method)' at \(number.shots) shots a "
            + "second time; the first is \(first.place)",
          help: block.file == nil
            ? "keep one of them" : "choose rows by 'where: {COLUMN: VALUE}'")
      }
      seen[key] = found
    }
    return all
  }

  private func number(
    _ figure: PublishedFigure, spread: PublishedFigure?, metric: MetricPath, method: String,
    shots: Int, runs: Int?, at position: SourcePosition, place: String
  ) throws(Diagnostic) -> PublishedNumbers.Number {
    let value = figure.value(of: metric, scale: block.scale)
    guard metric.unit != .share || (0...1).contains(value) else {
      throw Diagnostic(
        .invalidValue, at: position,
        "\(place)\(metric) is a share, and \(value) is not between 0 and 1",
        help: "write 'scale: percent' if the numbers are percentages")
    }
    return PublishedNumbers.Number(
      method: block.methodNames[method] ?? method, shots: shots, metric: metric, value: value,
      spread: spread?.value(of: metric, scale: block.scale), runs: runs)
  }
}

extension PublishedReader {
  private func numbers(of file: PublishedBlock.File) throws(Diagnostic) -> [Found] {
    let path = file.path
    guard let bytes = try? Data(contentsOf: workspace.file(path.value)) else {
      throw Diagnostic(
        .missingDataFile, at: path.position, "cannot read '\(path.value)'",
        help: "a path is relative to the source, or to the current folder")
    }
    let table = try DelimitedText(TextFile(file: path.value, bytes: bytes, kind: .table))
    let rows = table.rows.map { (line: $0[0].position.line, fields: $0.map(\.text)) }
    let columns = try PublishedColumns(file, header: table.header.map(\.text))
    let chosen = rows.filter { columns.matches($0.fields) }
    guard !chosen.isEmpty else {
      throw Diagnostic(
        .invalidValue, at: file.conditions.first?.column.position ?? path.position,
        "no row of '\(path.value)' matches 'where'",
        help: columns.conditionHelp(in: rows.map(\.fields)))
    }
    var found: [Found] = []
    for row in chosen {
      let place = "\(path.value):\(row.line): "
      for entry in try columns.entries(row.fields, at: path.position, place: place) {
        found.append(
          Found(
            number: try number(
              entry.value, spread: entry.spread, metric: entry.metric, method: entry.method,
              shots: entry.shots, runs: entry.runs, at: path.position, place: place),
            place: "\(path.value):\(row.line)", position: path.position))
      }
    }
    return found
  }
}

/// Where a CSV file holds what a reference block needs.
struct PublishedColumns {
  /// One number of a row.
  struct Entry {
    let method: String
    let shots: Int
    let metric: MetricPath
    let value: PublishedFigure
    let spread: PublishedFigure?
    let runs: Int?
  }

  private let header: [String]
  private let method: Int
  private let shots: Int
  /// Set, metric and value of a tidy file.
  private let tidy: (set: Int?, metric: Int, value: Int)?
  /// Columns of a wide file, in the order of the header.
  private let wide: [(metric: MetricPath, column: Int)]
  private let spread: Int?
  private let runs: Int?
  private let conditions: [(name: String, column: Int, texts: [String])]

  /// Finds the columns by the names the block gives, else by what they are called here.
  ///
  /// - Throws: A diagnostic for a column that is not there.
  init(_ file: PublishedBlock.File, header: [String]) throws(Diagnostic) {
    func index(_ name: String, at position: SourcePosition) throws(Diagnostic) -> Int {
      if let index = header.firstIndex(of: name) { return index }
      throw Diagnostic(
        .malformedData, at: position, "'\(file.path.value)' has no column '\(name)'",
        help: Suggestion.help(for: name, among: header, called: "its columns"))
    }
    func required(_ name: String) throws(Diagnostic) -> Int {
      let column = file.columns[name] ?? Located(name, at: file.path.position)
      return try index(column.value, at: column.position)
    }
    func optional(_ name: String) throws(Diagnostic) -> Int? {
      guard let column = file.columns[name] else { return header.firstIndex(of: name) }
      return try index(column.value, at: column.position)
    }
    self.header = header
    method = try required("method")
    shots = try required("shots")
    var wide: [(metric: MetricPath, column: Int)] = []
    for (metric, column) in file.metrics.sorted(by: { $0.key.position < $1.key.position }) {
      wide.append((metric.value, try index(column.value, at: column.position)))
    }
    self.wide = wide.sorted { $0.column < $1.column }
    if wide.isEmpty {
      tidy = (try optional("set"), try required("metric"), try required("value"))
    } else {
      tidy = nil
    }
    // One spread beside several values would belong to none of them.
    spread = wide.count > 1 ? nil : try optional("sd")
    runs = try optional("runs")
    var conditions: [(name: String, column: Int, texts: [String])] = []
    for condition in file.conditions {
      let column = condition.column
      conditions.append(
        (column.value, try index(column.value, at: column.position), condition.texts))
    }
    self.conditions = conditions
  }

  func matches(_ fields: [String]) -> Bool {
    conditions.allSatisfy { $0.texts.contains(fields[$0.column]) }
  }

  /// What the first column asked for holds instead.
  func conditionHelp(in rows: [[String]]) -> String? {
    let unmet = conditions.first { condition in
      !rows.contains { condition.texts.contains($0[condition.column]) }
    }
    guard let unmet else { return "each value occurs, but never together" }
    let values = Set(rows.map { $0[unmet.column] }).sorted().prefix(12)
      .map { $0.isEmpty ? "(empty)" : $0 }
    return "column '\(unmet.name)' holds \(values.joined(separator: ", "))"
  }

  /// The numbers of a row; an empty field is no number.
  ///
  /// - Throws: A diagnostic for a field that is not what its column should hold.
  func entries(
    _ fields: [String], at position: SourcePosition, place: String
  ) throws(Diagnostic) -> [Entry] {
    func problem(_ column: Int, _ wants: String) -> Diagnostic {
      Diagnostic(
        .malformedData, at: position,
        "\(place)'\(fields[column])' in column '\(header[column])' is not \(wants)")
    }
    func figure(_ column: Int?) throws(Diagnostic) -> PublishedFigure? {
      guard let column, !fields[column].isEmpty else { return nil }
      guard let figure = PublishedFigure(fields[column]) else { throw problem(column, "a number") }
      return figure
    }
    guard let shots = Int(fields[shots]), shots >= 0 else {
      throw problem(self.shots, "a number of examples")
    }
    let spread = try figure(spread)
    let runs = self.runs.flatMap { Int(fields[$0]) }
    var values = wide
    if let tidy {
      let path = (tidy.set.map { fields[$0] + "." } ?? "") + fields[tidy.metric]
      guard let metric = MetricPath(path) else {
        throw problem(tidy.metric, "a metric such as 'accuracy' of a set such as 'ood'")
      }
      values = [(metric, tidy.value)]
    }
    var entries: [Entry] = []
    for (metric, column) in values {
      guard let value = try figure(column) else { continue }
      entries.append(
        Entry(
          method: fields[method], shots: shots, metric: metric, value: value, spread: spread,
          runs: runs))
    }
    return entries
  }
}
