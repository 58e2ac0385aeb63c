import Experiments
package import Formats

/// An expression with the format to write it in: `lowres[lora,128].ood.accuracy:pct±`.
package struct ValueExpression: Hashable, Sendable {
  package let expression: Expression
  /// The default of the metrics involved unless written.
  package let format: ValueFormat
  /// As written, without the format.
  package let text: String

  /// Parses an expression and what follows its colon.
  ///
  /// - Parameter source: The expression with its place.
  /// - Throws: A diagnostic FT022 or FT023 at the first word that makes no sense.
  package init(parsing source: SourceText) throws(Diagnostic) {
    let bytes = Array(source.text.utf8)
    let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
    let body = source.slice(0..<(colon ?? bytes.count))
    var parser = try ExpressionParser(body)
    expression = try parser.sum()
    try parser.finish()
    text = body.text
    guard let colon else {
      format = ValueFormat(defaultFor: expression.unit)
      return
    }
    let rest = source.slice((colon + 1)..<bytes.count)
    let word = String(rest.text.unicodeScalars.filter { $0 != " " })
    guard let format = ValueFormat(word) else {
      throw ValueFormat.problem(word, at: rest.position)
    }
    self.format = format
  }

  /// Looks up every name in the experiments of the report.
  package func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    expression.check(against: catalog)
  }
}

extension Expression {
  /// The unit of the result, for choosing a format.
  var unit: MetricPath.Unit {
    switch self {
    case .number: .plain
    case .selection(let selection): selection.metric.value.unit
    case .negated(let inner): inner.unit
    case .summary(.count, _, _): .count
    case .summary(_, let inner, _): inner.unit
    case .arithmetic(.add, let left, let right, _),
      .arithmetic(.subtract, let left, let right, _):
      left.isLiteral ? right.unit : left.unit
    case .arithmetic(.multiply, let left, let right, _):
      left.isLiteral ? right.unit : right.isLiteral ? left.unit : .plain
    case .arithmetic(.divide, let left, let right, _): right.isLiteral ? left.unit : .plain
    }
  }

  var isLiteral: Bool { if case .number = self { true } else { false } }
}

extension Template {
  /// Parses and looks up every placeholder.
  package func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    placeholders.flatMap { placeholder in
      do throws(Diagnostic) {
        return try ValueExpression(parsing: placeholder).check(against: catalog)
      } catch {
        return [error]
      }
    }
  }
}

/// A value as the page shows it.
package struct RenderedValue: Hashable, Sendable {
  /// The text for a value that does not exist.
  package static let missing = "—"

  package let text: String
  /// Plain text that explains how the value was computed, or why there is none.
  let tooltip: String
  let isMissing: Bool
  /// Whether some cells that belong to the value are absent.
  let isPartial: Bool
  /// Whether a number that others published, and nobody measured here, is part of it.
  var isPublished = false
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
    case .sample(let points):
      return rendered(points, failures: failures(in: frame), absences: absences, in: frame)
    }
  }

  /// How many of the runs came to nothing, where the value is nothing but their scores on a set.
  private func failures(in frame: ResultFrame) -> String? {
    guard case .selection(let selection) = expression,
      case .evaluation(let set, _) = selection.metric.value,
      let results = frame[selection.experiment.value]
    else { return nil }
    let shots = selection.shots?.value.number(in: results.shape.shots)
    let runs = results.entries.filter { entry in
      selection.method.map { $0.value == entry.method } ?? true
        && shots.map { $0 == entry.shots } ?? true
        && selection.seed.map { $0.value == entry.seed } ?? true
    }
    return RunFailures(runs.compactMap(\.result), on: set)?.words
  }

  private func rendered(
    _ points: [Sample.Point], failures: String?, absences: String?, in frame: ResultFrame
  ) -> RenderedValue {
    let values = points.map(\.value)
    guard let moments = SampleMoments(values) else { return Self.missing(absences ?? "no values") }
    var parts: [String] = []
    if points.count == 1, let only = points.first {
      parts.append("one seed (\(only.seed))")
    } else {
      let what = format.showsSpread ? "mean ± sd" : "mean"
      parts.append("\(what) of \(points.count) seeds")
      if moments.distinct == 1 { parts.append("all equal") }
    }
    if absences == nil, case .scores(let scores) = expression.scored(in: ScoreTable(frame)),
      let contrast = scores.scores.flatMap({ Contrast($0) }),
      let interval = contrast.interval(confidence: Estimate.confidence)
    {
      let shown = bounds.map { interval.clipped(to: $0) } ?? interval
      let ends = format.string(from: shown.lower, to: shown.upper)
      parts.append("95\u{A0}% interval (\(contrast.basis.rawValue)) \(ends)")
    }
    parts += [failures].compactMap(\.self)
    let spread = format.showsSpread ? moments.standardDeviation : nil
    let tooltip = parts.joined(separator: ", ")
    return RenderedValue(
      text: spread.map { format.string(moments.mean, spread: $0) } ?? format.string(moments.mean),
      tooltip: absences.map { "\(tooltip); \($0)" } ?? tooltip, isMissing: false,
      isPartial: absences != nil)
  }

  /// The range of a single metric.
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
