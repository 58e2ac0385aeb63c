import Experiments
import Formats

extension PublishedBlock.Row {
  /// Reads `{method: lora, shots: 16, set: ood, metric: accuracy, value: 0.61, sd: 0.02, runs: 10}`;
  /// `metric: ood.accuracy` says the set as well.
  init?(_ fields: inout FieldReader) {
    position = fields.position
    let method = fields.string("method")
    fields.requirePresence(of: "method", like: "lora")
    let shots = fields.integer("shots", atLeast: 0)
    fields.requirePresence(of: "shots", like: "16")
    let set = fields.string("set")
    let name = fields.text("metric")
    fields.requirePresence(of: "metric", like: "ood.accuracy")
    let value = fields.publishedNumber("value")
    fields.requirePresence(of: "value", like: "0.61")
    spread = fields.publishedNumber("sd")?.value
    runs = fields.integer("runs", atLeast: 1)?.value
    guard let method, let shots, let name, let value else { return nil }
    let path = set.map { "\($0.value).\(name.text)" } ?? name.text
    guard let metric = MetricPath(path) else {
      fields.report(MetricPath.problem(path, at: set?.position ?? name.position))
      return nil
    }
    self.method = method.value
    self.shots = shots.value
    self.metric = Located(metric, at: set?.position ?? name.position)
    self.value = value
  }
}

extension PublishedBlock.File {
  static let columnNames = ["method", "shots", "set", "metric", "value", "sd", "runs"]

  init?(_ fields: inout FieldReader) {
    let path = fields.string("file")
    var columns: [String: Located<String>] = [:]
    var metrics: [Located<MetricPath>: Located<String>] = [:]
    if var inner = fields.map("columns") {
      for name in Self.columnNames { columns[name] = inner.string(name) }
      for (key, column, position) in inner.pairs("metrics") {
        if let metric = MetricPath(key) {
          metrics[Located(metric, at: position)] = column
        } else {
          inner.report(MetricPath.problem(key, at: position))
        }
      }
      fields.report(inner.finish())
    }
    let conditions = Self.conditions(&fields)
    guard let path else { return nil }
    self.path = path
    self.columns = columns
    self.metrics = metrics
    self.conditions = conditions
  }

  private static func conditions(_ fields: inout FieldReader) -> [Condition] {
    guard var inner = fields.map("where") else { return [] }
    return inner.all().compactMap { field in
      let values: [YAMLValue] =
        if case .list(let list) = field.value.content { list } else { [field.value] }
      var texts: [String] = []
      for value in values {
        switch value.content {
        case .list, .map:
          fields.reportInvalid(field.key, value, wants: "a value or a list of values")
        case .null: texts.append("")
        default: texts.append(value.source.text)
        }
      }
      return Condition(column: Located(field.key, at: field.position), texts: texts)
    }
  }
}

extension FieldReader {
  /// A map of texts by free keys.
  mutating func texts(_ key: String) -> [String: Located<String>] {
    Dictionary(pairs(key).map { ($0.key, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entries of a map of texts in the order written, each key with its place.
  mutating func pairs(
    _ key: String
  ) -> [(key: String, text: Located<String>, position: SourcePosition)] {
    guard var inner = map(key) else { return [] }
    let fields = inner.all()
    let pairs = fields.compactMap { field in
      inner.string(field.key).map { (key: field.key, text: $0, position: field.position) }
    }
    report(inner.finish())
    return pairs
  }

  /// A finite number, or one in percent such as `61.5%`.
  mutating func publishedNumber(_ key: String) -> Located<PublishedFigure>? {
    guard let value = value(key) else { return nil }
    switch value.content {
    case .integer, .number, .text:
      if let figure = PublishedFigure(value.source.text) {
        return Located(figure, at: value.position)
      }
    default: break
    }
    reportInvalid(key, value, wants: "a number such as 0.615 or 61.5%")
    return nil
  }
}
