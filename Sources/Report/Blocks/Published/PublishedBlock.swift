package import Formats

/// Numbers that others published: written in the block, or read from a CSV file.
package struct PublishedBlock: ReportBlock, Hashable {
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
    package let spread: PublishedFigure?
    package let runs: Int?
  }

  /// What to read of a CSV file.
  package struct File: Hashable, Sendable {
    package let path: Located<String>
    /// Names of columns by what they hold: `method`, `shots`, `set`, `metric`, `value`, `sd`, `runs`.
    package let columns: [String: Located<String>]
    /// Columns that each hold one metric's values, for files with several numbers a row.
    package let metrics: [Located<MetricPath>: Located<String>]
    /// What a column must hold for its row to count; an empty text for an empty field.
    package let conditions: [Condition]

    package struct Condition: Hashable, Sendable {
      package let column: Located<String>
      package let texts: [String]
    }
  }

  package static let kind = "reference"

  package let label: String
  package let position: SourcePosition
  /// Where the numbers are from, as in "Srinivasan and others 2024, arXiv:2405.13181".
  package let source: String
  package let rows: [Row]
  package let file: File?
  package let scale: Scale
  /// What the report calls methods that the publication calls otherwise, by the published name.
  package let methodNames: [String: String]
  package let caption: Template?

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

  /// The file is looked up when the report is planned; names in it are those of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    caption?.check(against: catalog) ?? []
  }
}
