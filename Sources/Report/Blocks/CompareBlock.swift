package import Formats

/// A matrix of tests between the methods of an experiment.
package struct CompareBlock: ReportBlock, Hashable {
  package static let kind = "compare"

  package let label: String
  package let position: SourcePosition
  /// The one experiment and, unless all, its methods.
  package let selection: BlockSelection
  package let shots: Located<ShotsChoice>
  package let y: Located<MetricPath>
  package let correction: FamilyCorrection
  package let confidence: Double
  package let format: ValueFormat?
  package let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(comparing: &fields)
    shots = fields.shotsChoice("shots") ?? Located(.most, at: fields.position)
    let y = fields.metric("y")
    fields.requirePresence(of: "y", like: "ood.accuracy")
    correction = fields.choice("correction", of: FamilyCorrection.self)?.value ?? .holm
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? ClaimBlock.defaultConfidence
    format = fields.format("format")
    caption = fields.text("caption").map(Template.init)
    guard let selection, let y else { return nil }
    self.selection = selection
    self.y = y
  }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    selection.checkComparable(shots: shots, metrics: [y], against: catalog)
      + (caption?.check(against: catalog) ?? [])
  }
}
