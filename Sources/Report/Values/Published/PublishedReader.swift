import Experiments
import Formats
import Foundation

/// Gathers the numbers of a reference block, from its own rows or from its file.
struct PublishedReader {
  struct Reading {
    var numbers: PublishedNumbers?
    var diagnostics: [Diagnostic] = []
  }

  /// A number with where it stands, for messages.
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
        .invalidValue, at: position, "\(place)\(metric) is a share, and \(value) is not in 0 … 1",
        help: "write 'scale: percent' where the numbers are percentages")
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
        "no row of '\(path.value)' is as 'where' asks",
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
