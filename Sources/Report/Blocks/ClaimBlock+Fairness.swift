import Experiments
import Formats

extension ClaimBlock {
  /// How the sides differ in their numbers of examples, where that is not the point of the claim.
  ///
  /// Nil where both sides have the same numbers, where a side reads no examples, where it is the same
  /// methods that are compared at different numbers, and where the block says `across-shots: true`.
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
    guard let left = numbers(assertion.left), let right = numbers(assertion.right),
      !left.isEmpty, !right.isEmpty, left != right,
      methods(assertion.left) != methods(assertion.right)
    else { return nil }
    func words(_ numbers: Set<Int>) -> String {
      FigureData.list(numbers.sorted().map(String.init))
    }
    return "\(words(left)) examples on the left with \(words(right)) on the right"
  }

  /// What a reader should know about what the claim compares.
  func notes(in plan: ReportPlan) -> [String] {
    let labels = (assertion.left.selections + assertion.right.selections).map(\.experiment.value)
    let sources = plan.published.filter { labels.contains($0.label) }
    return sources.map {
      "The number of “\($0.label)” was published (\($0.sourceText)), not measured here, and counts as "
        + "exact."
    }
      + [unequalShots(in: plan.experiments, published: plan.published)]
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
