import Experiments

/// An audit for programs: schema `ftreport.audit/1`.
package struct AuditJSON {
  static let schema = "ftreport.audit/1"

  private let audit: Audit

  package init(_ audit: Audit) { self.audit = audit }

  package var text: String {
    var text = ""
    JSONText.map([
      "schema": .text(Self.schema), "file": .text(audit.table.file),
      "status": .text(audit.status.rawValue),
      "runs": .integer(audit.table.runs.count), "metric": .text(audit.metric),
      "unreadColumns": JSONText(audit.table.unreadColumns),
      "cells": .list(audit.cells.map(cell)), "findings": .list(audit.findings.map(Self.finding)),
      "comparisons": .list(audit.comparisons.map(Self.comparison)),
    ]).write(to: &text)
    return text
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
    let result = comparison.result
    return .map([
      "task": .text(comparison.place.task), "set": .text(comparison.place.set),
      "model": .text(comparison.model), "shots": .text(comparison.shots),
      "first": .text(comparison.first), "second": .text(comparison.second),
      "difference": JSONText(result.difference), "pairs": .integer(result.pairs),
      "distinctPairs": .integer(result.distinctPairs),
      "smallestPValue": JSONText(result.smallestPValue), "pValue": JSONText(result.pValue),
      "adjustedPValue": JSONText(result.adjustedPValue),
      "hedgesG": JSONText(result.effect?.hedgesG), "winShare": JSONText(result.effect?.winShare),
      "interval": result.interval.map { JSONText($0) } ?? .null,
    ])
  }
}
