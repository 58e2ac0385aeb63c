import Formats

/// One kind of embedded block, read from its YAML and checked before anything runs.
protocol ReportBlock: Sendable {
  /// The word after the brace: `chart`.
  static var kind: String { get }
  /// Keys that the front matter's `defaults` supply where the block does not.
  static var inheritedKeys: [String] { get }

  /// What references call the block.
  var label: String { get }
  /// The opening fence.
  var position: SourcePosition { get }

  /// Reads the block, reporting to `fields` what is wrong; nil where something required is missing.
  init?(_ fields: inout FieldReader, label: String)

  /// Looks up everything the block names in the experiments of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic]
}

extension ReportBlock {
  static var inheritedKeys: [String] { [] }
}
