import Experiments
import Formats

/// An audit as a terminal shows it.
package struct AuditText {
  private let audit: Audit
  private let width: Int
  private let isColored: Bool

  /// Prepares to write.
  ///
  /// - Parameters:
  ///   - audit: What was found.
  ///   - width: Columns to stay within; lines are broken between words.
  ///   - isColored: Whether escape sequences colour the marks.
  package init(_ audit: Audit, width: Int, isColored: Bool) {
    self.audit = audit
    self.width = max(40, width)
    self.isColored = isColored
  }

  /// The whole text, its last line without an end.
  package var text: String {
    var lines = [bold(VisibleText.line(audit.table.file))]
    lines += wrapped(audit.summary, indent: "", first: "")
    for finding in audit.findings {
      lines += [""] + section(finding)
    }
    return (lines + ["", bold(verdict)]).joined(separator: "\n")
  }

  private func section(_ finding: AuditFinding) -> [String] {
    let (mark, word, color) =
      switch finding.status {
      case .pass: ("✓", "passed", "32")
      case .warn: ("!", "warning", "33")
      case .fail: ("✗", "failed", "31")
      }
    var lines = ["\(colored(mark, color)) \(bold(finding.kind.rawValue)): \(colored(word, color))"]
    lines += wrapped(finding.text, indent: "  ", first: "  ")
    for detail in finding.details { lines += wrapped(detail, indent: "    ", first: "  - ") }
    if let advice = finding.advice { lines += wrapped(advice, indent: "    ", first: "  → ") }
    return lines
  }

  private var verdict: String {
    let parts = CheckStatus.allCases.reversed().compactMap { status -> String? in
      let count = audit.findings.count { $0.status == status }
      guard count > 0 else { return nil }
      return switch status {
      case .pass: "\(count) passed"
      case .warn: Words.count(count, "warning")
      case .fail: "\(count) failed"
      }
    }
    return parts.joined(separator: ", ")
  }

  /// Breaks a text between words; a word longer than a line gets its own line.
  private func wrapped(_ text: String, indent: String, first: String) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in VisibleText.line(text).split(atByte: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (indent, true)
      }
      line += isEmpty ? word : " " + word
      isEmpty = false
    }
    return lines + [line]
  }

  private func bold(_ text: String) -> String { colored(text, "1") }

  private func colored(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

extension Audit {
  /// The table's content: "615 runs in 75 cells: 2 tasks, 2 models, 9 methods".
  var summary: String {
    let names = cells.map(\.name)
    let runs = cells.reduce(0) { $0 + $1.runs.count }
    let counts = [
      (Set(names.map(\.task)).subtracting([""]).count, "task"),
      (Set(names.map(\.model)).subtracting([""]).count, "model"),
      (Set(names.map(\.method)).count, "method"),
    ].filter { $0.0 > 0 }.map { Words.count($0.0, $0.1) }
    let shots = Set(names.map(\.shots)).subtracting([""]).count
    let places = shots > 0 ? ["\(shots) \(shots == 1 ? "number" : "numbers") of shots"] : []
    var text =
      "\(Words.count(runs, "run")) in \(Words.count(cells.count, "cell")): "
      + (counts + places).joined(separator: ", ") + "."
    if !table.settings.isEmpty {
      text += " Methods are distinguished by \(Words.list(table.settings))."
    }
    if !table.percentMetrics.isEmpty {
      text += " Read as percentages: \(Words.list(table.percentMetrics))."
    }
    if !table.unreadColumns.isEmpty {
      text += " Columns not read: \(Words.list(table.unreadColumns))."
    }
    return text
  }
}

/// An audit for programs: schema `ftreport.audit/2`.
package struct AuditJSON {
  static let schema = "ftreport.audit/2"

  private let audit: Audit

  package init(_ audit: Audit) { self.audit = audit }

  package var text: String {
    JSONText.map([
      "schema": .text(Self.schema), "file": .text(audit.table.file),
      "status": .text(audit.status.rawValue),
      "runs": .integer(audit.table.runs.count), "metric": .text(audit.metric),
      "unreadColumns": JSONText(audit.table.unreadColumns),
      "cells": .list(audit.cells.map(cell)), "findings": .list(audit.findings.map(Self.finding)),
      "comparisons": .list(audit.comparisons.map(Self.comparison)),
    ]).text
  }

  private func cell(_ cell: Audit.Cell) -> JSONText {
    let measures = Set(cell.runs.flatMap(\.scores.keys)).filter { $0.metric == audit.metric }
    let sets = measures.sorted().map { measure -> (String, JSONText) in
      let values = cell.scores(measure).map(\.value)
      let moments = SampleMoments(values)
      return (
        measure.set,
        .map([
          "mean": JSONText(moments?.mean), "sd": JSONText(moments?.standardDeviation),
          "minimum": JSONText(moments?.minimum), "maximum": JSONText(moments?.maximum),
          "distinct": JSONText(moments?.distinct),
        ])
      )
    }
    return .map([
      "task": .text(cell.name.task), "model": .text(cell.name.model),
      "method": .text(cell.name.method), "shots": .text(cell.name.shots),
      "runs": .integer(cell.runs.count), "distinctRuns": .integer(cell.distinct),
      "sets": .map(Dictionary(sets, uniquingKeysWith: { a, _ in a })),
    ])
  }

  private static func finding(_ finding: AuditFinding) -> JSONText {
    .map([
      "kind": .text(finding.kind.rawValue), "status": .text(finding.status.rawValue),
      "text": .text(finding.text), "details": JSONText(finding.details),
      "advice": JSONText(finding.advice),
    ])
  }

  private static func comparison(_ comparison: AuditedComparison) -> JSONText {
    .map([
      "task": .text(comparison.place.task), "set": .text(comparison.place.set),
      "model": .text(comparison.model), "shots": .text(comparison.shots),
      "first": .text(comparison.first), "second": .text(comparison.second),
      "verdict": .text(
        comparison.verdict == .supported ? "different" : comparison.verdict.rawValue),
      "difference": JSONText(comparison.contrast?.estimate), "pairs": .integer(comparison.pairs),
      "unpaired": .integer(comparison.unpaired),
      "distinctPairs": .integer(comparison.distinctPairs),
      "adjustedPValue": JSONText(comparison.pValue),
      "familySize": .integer(comparison.family.members),
      "interval": comparison.interval.map { JSONText($0) } ?? .null,
    ])
  }
}
