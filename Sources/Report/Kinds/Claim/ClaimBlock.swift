import Experiments
import Formats

/// A statement about results that the build tests.
struct ClaimBlock: ReportBlock, Hashable {
  static let kind = "claim"
  static let references = ReferenceStyle("clm", "Claim")
  static let jsonKey: String? = "claims"
  static let inheritedKeys = FrontMatter.judgingKeys
  static let defaultConfidence = 0.95

  let label: String
  let position: SourcePosition
  let assertion: Assertion
  /// Markdown; written from the assertion unless given.
  let text: Template
  /// Where the statement was first made, such as "Mosbach 2023, §4.2".
  let source: String?
  let confidence: Double
  /// Whether different numbers of examples on the two sides are what the claim is about.
  let isAcrossShots: Bool
  /// The claims that it is judged with; nil for those that name no family.
  let family: String?
  /// The smallest difference that matters.
  let effect: Double?
  /// Whether other methods' opinions are shown beside the verdict.
  let asksSecondOpinion: Bool

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let assertion = fields.text("assert")
    fields.requirePresence(of: "assert", like: "exp-1[lora].ood.accuracy > 50%")
    let text = fields.text("text").map(Template.init)
    source = fields.text("source")?.text
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? Self.defaultConfidence
    isAcrossShots = fields.flag("across-shots")?.value ?? false
    family = fields.text("family")?.text
    effect = fields.effect()
    asksSecondOpinion = fields.flag("second-opinion")?.value ?? false
    guard let assertion else { return nil }
    do {
      self.assertion = try Assertion(parsing: assertion)
    } catch {
      fields.report(error)
      return nil
    }
    self.text = text ?? Template(SourceText(self.assertion.sentence, at: assertion.position))
  }

  var templates: [Template] { [text] }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    assertion.check(against: catalog) + text.check(against: catalog)
  }
}

extension ClaimBlock {
  /// How the sides differ in their numbers of examples, unless that is the point of the claim.
  ///
  /// Nil where both sides have the same numbers, where a side reads no examples, where it is the same
  /// methods that are compared at different numbers, and if the block has `across-shots: true`.
  ///
  /// - Parameters:
  ///   - experiments: Those of the report.
  ///   - published: What its reference blocks hold.
  /// - Returns: As in "16 examples on the left with 128 on the right".
  func unequalShots(
    in experiments: [PlannedExperiment], published: [PublishedNumbers]
  ) -> String? {
    guard !isAcrossShots else { return nil }
    func numbers(_ expression: Expression) -> Set<Int>? {
      var numbers: Set<Int> = []
      for selection in expression.selections {
        guard let found = selection.shotsRead(in: experiments, published: published) else {
          return nil
        }
        numbers.formUnion(found)
      }
      return numbers
    }
    func methods(_ expression: Expression) -> Set<String> {
      Set(expression.selections.compactMap(\.method?.value))
    }
    guard case .comparison(let first, _, let second) = assertion.content,
      let left = numbers(first), let right = numbers(second),
      !left.isEmpty, !right.isEmpty, left != right, methods(first) != methods(second)
    else { return nil }
    func words(_ numbers: Set<Int>) -> String {
      Words.list(numbers.sorted().map(String.init))
    }
    return "\(words(left)) examples on the left with \(words(right)) on the right"
  }

  func warnings(
    among experiments: [PlannedExperiment], published: [PublishedNumbers]
  ) -> [Diagnostic] {
    guard let words = unequalShots(in: experiments, published: published) else { return [] }
    return [
      Diagnostic(
        .unequalShots, at: assertion.comparisonPosition, "the claim compares \(words)",
        help: "compare equal numbers of examples, or write 'across-shots: true' if that is meant",
        severity: .warning)
    ]
  }

  /// What a reader should know about what the claim compares.
  func notes(in evaluation: EvaluatedResults) -> [String] {
    let labels = assertion.selections.map(\.experiment.value)
    let sources = evaluation.published.filter { labels.contains($0.label) }
    return sources.map {
      "The number of “\($0.label)” was published (\($0.sourceText)), not measured here, and counts as "
        + "exact."
    }
      + [unequalShots(in: evaluation.experiments, published: evaluation.published)]
      .compactMap(\.self).map { "Unequal footing: the claim compares \($0)." }
  }
}

extension ResultSelection {
  /// The numbers of examples behind the selection: none for methods that read no examples; nil where
  /// several are summed up.
  fileprivate func shotsRead(
    in experiments: [PlannedExperiment], published: [PublishedNumbers]
  ) -> Set<Int>? {
    if let numbers = published.first(where: { $0.label == experiment.value }) {
      let found = Set(numbers.numbers(of: self).map(\.shots))
      return found.count == 1 ? found : nil
    }
    guard let planned = experiments.first(where: { $0.block.label == experiment.value }) else {
      return nil
    }
    let chosen = planned.methods.filter { method.map(\.value) == nil || $0.name == method?.value }
    if !chosen.contains(where: \.usesSample) { return [] }
    if let shots { return shots.value.number(in: planned.shape.shots).map { [$0] } }
    return planned.shape.shots.count == 1 ? Set(planned.shape.shots) : nil
  }
}

extension FieldReader {
  /// The smallest difference that matters: a positive number or percentage.
  mutating func effect() -> Double? {
    guard let value = value("effect") else { return nil }
    let number: Double? =
      switch value.content {
      case .integer(let count): Double(count)
      case .number(let number): number
      case .text: Self.percentage(value.source.text)
      default: nil
      }
    if let number, number > 0, number.isFinite { return number }
    reportInvalid("effect", value, wants: "a positive number such as 2%")
    return nil
  }

  private static func percentage(_ text: String) -> Double? {
    guard text.hasSuffix("%") else { return nil }
    return Double(text.dropLast().filter { $0 != " " }).map { $0 / 100 }
  }
}
