import Formats
import Foundation

/// Which method to use within budgets of memory, time and examples, from measured results.
struct RecommendBlock: ReportBlock, Hashable {
  package static let kind = "recommend"
  static let references = ReferenceStyle("rec", "Recommendation")
  static let jsonKey: String? = "recommendations"
  static let inheritedKeys = FrontMatter.judgingKeys

  package let label: String
  package let position: SourcePosition
  /// The one experiment and, unless all, its methods.
  package let selection: BlockSelection
  let y: Located<MetricPath>
  /// Numbers of examples a reader may have; nil for those of the experiment.
  package let examples: [Located<Int>]?
  /// Bytes, ascending; nil for budgets drawn from what was measured.
  package let memory: [Double]?
  /// Seconds of a run, ascending; nil for any.
  package let seconds: [Double]?
  /// The smallest difference that matters.
  let effect: Double?
  package let confidence: Double
  let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(comparing: &fields, isOverTasks: false)
    y =
      fields.metric("y")
      ?? Located(.evaluation(set: "ood", metric: "accuracy"), at: fields.position)
    examples = fields.integers("n")
    memory = fields.quantities("memory", units: Quantity.byteUnits, like: "512 MiB or 2 GiB")
    seconds = fields.quantities("seconds", units: Quantity.secondUnits, like: "30 or 2 min")
    fields.rejectCorrection()
    effect = fields.effect()
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? ClaimBlock.defaultConfidence
    caption = fields.text("caption").map(Template.init)
    guard let selection else { return nil }
    self.selection = selection
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    let most = Located(ShotsChoice.most, at: position)
    var problems =
      selection.checkComparable(shots: most, metrics: [y], against: catalog)
      + (caption?.check(against: catalog) ?? [])
    if problems.isEmpty, let shape = catalog.shapes.first(where: { $0.label == experiment }),
      let fewest = shape.shots.min()
    {
      problems += (examples ?? []).filter { $0.value < fewest }.map { number in
        Diagnostic(
          .unknownSelector, at: number.position,
          "'\(shape.label)' measures nothing with \(number.value) examples or fewer",
          help: "its shots: \(shape.shots.map(String.init).joined(separator: ", "))")
      }
    }
    return problems
  }

  /// The label of the experiment.
  var experiment: String { selection.experiments.first?.value ?? "" }
}

extension FieldReader {
  /// One amount or a list of them, ascending and each once.
  mutating func quantities(
    _ key: String, units: [(name: String, factor: Double)], like example: String
  ) -> [Double]? {
    guard let value = value(key) else { return nil }
    let values: [YAMLValue] = if case .list(let list) = value.content { list } else { [value] }
    var amounts: Set<Double> = []
    for value in values {
      switch value.content {
      case .integer, .number, .text:
        if let amount = Quantity.read(value.source.text, units: units) {
          amounts.insert(amount)
          continue
        }
      default: break
      }
      reportInvalid(key, value, wants: "amounts such as \(example)")
    }
    return amounts.isEmpty ? nil : amounts.sorted()
  }
}
