import Formats

/// A table of one or more experiments.
struct TableBlock: ReportBlock, Hashable {
  /// The dimension of rows or columns.
  package enum Axis: String, CaseIterable, Hashable, Sendable {
    case method
    case shots
    case seed
    case metric
    case experiment
  }

  package static let kind = "table"
  static let references = ReferenceStyle("tbl", "Table")

  package let label: String
  package let position: SourcePosition
  package let selection: BlockSelection
  package let rows: Axis
  package let columns: Axis
  let y: [Located<MetricPath>]
  package let format: ValueFormat?
  /// How the values of several seeds become one number.
  package let statistic: Statistic
  let caption: Template?
  /// Whether the best value of each column is in bold.
  let highlightsBest: Bool
  /// Label of published numbers to set beside the measured ones.
  package let reference: Located<String>?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(&fields)
    rows = fields.choice("rows", of: Axis.self)?.value ?? .method
    let columns = fields.choice("columns", of: Axis.self)
    self.columns = columns?.value ?? (rows == .shots ? .method : .shots)
    if let columns, columns.value == rows {
      fields.report(
        Diagnostic(
          .invalidValue, at: columns.position,
          "rows and columns are both '\(rows.rawValue)'",
          help:
            "choose another for one of them: \(Axis.allCases.map(\.rawValue).joined(separator: ", "))"
        ))
    }
    let y = fields.metrics("y")
    fields.requirePresence(of: "y", like: "ood.accuracy")
    format = fields.format("format")
    statistic = fields.statistic(format: format)
    caption = fields.text("caption").map(Template.init)
    highlightsBest = fields.flag("best")?.value ?? false
    reference = fields.string("reference")
    if let reference, rows == .seed || self.columns == .seed {
      fields.report(
        Diagnostic(
          .invalidValue, at: reference.position, "published numbers have no seeds to compare with",
          help: "use neither rows nor columns for seeds"))
    }
    guard let selection, let y, !y.isEmpty else { return nil }
    self.selection = selection
    self.y = y
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    selection.check(metrics: y, against: catalog) + (caption?.check(against: catalog) ?? [])
      + selection.checkReferences(
        [reference].compactMap(\.self), metrics: y, against: catalog)
  }
}
