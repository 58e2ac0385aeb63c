import Experiments
import Formats

/// A value as the page shows it.
package struct RenderedValue: Hashable, Sendable {
  /// What stands for a value that does not exist.
  package static let missing = "—"

  package let text: String
  /// Plain text that says how the value came about, or why there is none.
  package let tooltip: String
  package let isMissing: Bool
  /// Whether some cells that belong to the value are absent.
  package let isPartial: Bool
  /// Whether a number that others published, and nobody measured here, is part of it.
  package var isPublished = false
}

extension ValueExpression {
  /// Writes the value out.
  package func rendered(in frame: ResultFrame) -> RenderedValue {
    let labels = expression.selections.map(\.experiment.value)
    if let label = labels.first(where: { !frame.holds($0) }) {
      return Self.missing("there are no results of '\(label)'")
    }
    let published = labels.compactMap(frame.published)
    guard let first = published.first else { return measured(in: frame) }
    let value = measured(in: frame, sd: publishedSpread(in: frame))
    let origin =
      published.count == labels.count
      ? "published, not measured here: \(first.sourceText)"
      : "with numbers published by others: \(first.sourceText)"
    return RenderedValue(
      text: value.text, tooltip: value.isMissing ? value.tooltip : origin,
      isMissing: value.isMissing, isPartial: value.isPartial, isPublished: !value.isMissing)
  }

  /// The standard deviation that was published with a number, where the value is nothing else.
  private func publishedSpread(in frame: ResultFrame) -> Double? {
    guard case .selection(let selection) = expression else { return nil }
    return frame.published(selection.experiment.value)?.numbers(of: selection).first?.spread
  }

  private func measured(in frame: ResultFrame, sd: Double? = nil) -> RenderedValue {
    let evaluated = expression.evaluated(in: frame)
    let absences = Self.words(for: evaluated.absences)
    switch evaluated.value {
    case .number(nil), .sample([]):
      return Self.missing(absences ?? "the calculation has no finite result")
    case .number(let value?):
      return RenderedValue(
        text: format.showsSpread
          ? sd.map { format.string(value, spread: $0) } ?? format.string(value)
          : format.string(value),
        tooltip: [text, absences].compactMap(\.self).joined(separator: "; "),
        isMissing: false, isPartial: absences != nil)
    case .sample(let points): return rendered(points, absences: absences)
    }
  }

  private func rendered(_ points: [Sample.Point], absences: String?) -> RenderedValue {
    let values = points.map(\.value)
    guard let moments = SampleMoments(values) else { return Self.missing(absences ?? "no values") }
    var parts: [String] = []
    if points.count == 1, let only = points.first {
      parts.append("one seed (\(only.seed))")
    } else {
      let what = format.showsSpread ? "mean ± sd" : "mean"
      parts.append("\(what) of \(points.count) seeds")
      if moments.distinct == 1 { parts.append("all equal") }
      if let interval = ConfidenceInterval.ofMean(values, confidence: 0.95),
        interval.method != .point
      {
        let shown = bounds.map { interval.clipped(to: $0) } ?? interval
        let ends = format.string(from: shown.lower, to: shown.upper)
        parts.append("95\u{A0}% \(interval.method.rawValue) interval \(ends)")
      }
    }
    let spread = format.showsSpread ? moments.standardDeviation : nil
    let tooltip = parts.joined(separator: ", ")
    return RenderedValue(
      text: spread.map { format.string(moments.mean, spread: $0) } ?? format.string(moments.mean),
      tooltip: absences.map { "\(tooltip); \($0)" } ?? tooltip, isMissing: false,
      isPartial: absences != nil)
  }

  /// What a metric that stands alone lies between.
  private var bounds: ClosedRange<Double>? {
    guard case .selection(let selection) = expression else { return nil }
    return selection.metric.value.bounds
  }

  private static func missing(_ reason: String) -> RenderedValue {
    RenderedValue(text: RenderedValue.missing, tooltip: reason, isMissing: true, isPartial: false)
  }

  /// Names at most three absent cells; nil for none.
  static func words(for absences: [Sample.Absence]) -> String? {
    guard !absences.isEmpty else { return nil }
    let shown = absences.prefix(3).map {
      "\($0.method) at \($0.shots) shots, seed \($0.seed): \($0.reason)"
    }
    let rest = absences.count > 3 ? ["and \(absences.count - 3) more"] : []
    return "missing: " + (shown + rest).joined(separator: "; ")
  }
}
