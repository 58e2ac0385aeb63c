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
    let word = rest.text.filter { $0 != " " }
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
