import Experiments
import Formats

/// Numbers that others published: written in the block, or read from a CSV file.
struct PublishedBlock: ReportBlock, Hashable {
  /// Whether numbers of metrics in [0, 1] are written so, or in percent.
  package enum Scale: String, CaseIterable, Hashable, Sendable {
    case share
    case percent
  }

  /// One row of `values`.
  package struct Row: Hashable, Sendable {
    package let position: SourcePosition
    package let method: String
    package let shots: Int
    package let metric: Located<MetricPath>
    package let value: Located<PublishedFigure>
    let spread: PublishedFigure?
    package let runs: Int?
  }

  /// What to read of a CSV file.
  package struct File: Hashable, Sendable {
    package let path: Located<String>
    /// Names of columns by what they hold: `method`, `shots`, `set`, `metric`, `value`, `sd`, `runs`.
    package let columns: [String: Located<String>]
    /// Columns that each hold one metric's values, for files with several numbers per row.
    package let metrics: [Located<MetricPath>: Located<String>]
    /// What a column must hold for its row to count; an empty text for an empty field.
    let conditions: [Condition]

    struct Condition: Hashable, Sendable {
      package let column: Located<String>
      package let texts: [String]
    }
  }

  package static let kind = "reference"
  static let references = ReferenceStyle("ref", "Reference")
  static let isNamedByOthers = true
  static let jsonKey: String? = "references"

  package let label: String
  package let position: SourcePosition
  /// Where the numbers are from, as in "Srinivasan and others 2024, arXiv:2405.13181".
  package let source: String
  package let rows: [Row]
  package let file: File?
  package let scale: Scale
  /// The report's names of methods by their published names.
  let methodNames: [String: String]
  let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let source = fields.text("source")
    fields.requirePresence(of: "source", like: "\"Hu et al. 2021, arXiv:2106.09685\"")
    scale = fields.choice("scale", of: Scale.self)?.value ?? .share
    methodNames = fields.texts("methods").mapValues(\.value)
    caption = fields.text("caption").map(Template.init)
    let rows = Self.rows(&fields)
    let file = File(&fields)
    switch (rows, file) {
    case (_?, let file?):
      fields.report(
        Diagnostic(
          .invalidValue, at: file.path.position, "a reference has either 'values' or a 'file'",
          help: "write two reference blocks"))
    case (nil, nil): fields.requirePresence(of: "values", like: "[{method: lora, shots: 16, …}]")
    default: break
    }
    guard let source, rows != nil || file != nil else { return nil }
    self.source = source.text
    self.rows = rows ?? []
    self.file = file
  }

  private static func rows(_ fields: inout FieldReader) -> [Row]? {
    guard let value = fields.value("values") else { return nil }
    guard case .list(let items) = value.content, !items.isEmpty else {
      fields.reportInvalid(
        "values", value, wants: "a list of maps",
        help: "write - {method: lora, shots: 16, metric: ood.accuracy, value: 0.61}")
      return []
    }
    var rows: [Row] = []
    for item in items {
      var inner = FieldReader(item, owner: "published value", position: item.position)
      let row = Row(&inner)
      fields.report(inner.finish())
      if let row { rows.append(row) }
    }
    return rows
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  /// The file is looked up when the report is planned; names in it are those of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    caption?.check(against: catalog) ?? []
  }
}

extension PublishedBlock.Row {
  /// Reads `{method: lora, shots: 16, set: ood, metric: accuracy, value: 0.61, sd: 0.02, runs: 10}`;
  /// `metric: ood.accuracy` contains the set as well.
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

/// A number as it was published: `0.615`, or `61.5%`.
struct PublishedFigure: Hashable, Sendable {
  private let number: Double
  private let isPercent: Bool

  /// Reads a text; nil if it is not a finite number.
  init?(_ text: String) {
    let digits = String(text.unicodeScalars.filter { $0 != " " && $0 != "\u{A0}" })
    isPercent = digits.ends(withBytes: "%")
    guard let number = Double(digits.dropping(lastBytes: isPercent ? 1 : 0)), number.isFinite else {
      return nil
    }
    self.number = number
  }

  /// The value in the unit the report measures in.
  ///
  /// - Parameters:
  ///   - metric: A share is divided by 100 where it was written in percent.
  ///   - scale: How the publication writes shares.
  /// - Returns: The value.
  func value(of metric: MetricPath, scale: PublishedBlock.Scale) -> Double {
    isPercent || (scale == .percent && metric.unit == .share) ? number / 100 : number
  }
}
