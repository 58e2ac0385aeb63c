import Experiments
import Formats

/// A matrix of contrasts between the methods of one experiment or of several, and the set of the best.
struct CompareBlock: ReportBlock, Hashable {
  static let kind = "compare"
  static let references = ReferenceStyle("cmp", "Comparison")
  static let jsonKey: String? = "comparisons"
  static let inheritedKeys = FrontMatter.judgingKeys

  let label: String
  let position: SourcePosition
  /// One experiment, or several whose mean is compared, and, unless all, their methods.
  let selection: BlockSelection
  let shots: Located<ShotsChoice>
  let y: Located<MetricPath>
  let confidence: Double
  /// The smallest difference that matters.
  let effect: Double?
  /// Whether other methods' opinions are shown beside the verdicts.
  let asksSecondOpinion: Bool
  let format: ValueFormat?
  let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(comparing: &fields, isOverTasks: true)
    shots = fields.shotsChoice("shots") ?? Located(.most, at: fields.position)
    let y = fields.metric("y")
    fields.requirePresence(of: "y", like: "ood.accuracy")
    fields.rejectCorrection()
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? ClaimBlock.defaultConfidence
    effect = fields.effect()
    asksSecondOpinion = fields.flag("second-opinion")?.value ?? false
    format = fields.format("format")
    caption = fields.text("caption").map(Template.init)
    guard let selection, let y else { return nil }
    self.selection = selection
    self.y = y
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    selection.checkComparable(shots: shots, metrics: [y], against: catalog)
      + (caption?.check(against: catalog) ?? [])
  }
}

extension FieldReader {
  /// Reports `correction`, which earlier versions chose a rule by.
  mutating func rejectCorrection() {
    guard let value = value("correction") else { return }
    report(
      Diagnostic(
        .invalidValue, at: value.position,
        "'correction' chooses nothing: every statement is corrected by the same rule",
        help:
          "leave it out, or write 'second-opinion: true' to see sign flips and Holm's correction"))
  }
}
