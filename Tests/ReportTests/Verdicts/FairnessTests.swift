import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Claims that compare unequal numbers of examples, and claims about published numbers.
@Suite struct FairnessTests {
  private func plan(_ claim: String) throws -> ReportPlan {
    try RenderingSamples.plan(
      VerdictStudy.source + "```{claim #clm-x}\nassert: \(claim)\n```\n")
  }

  private func unequal(_ claim: String) throws -> String? {
    let plan = try plan(claim)
    return plan.report.blocks(ClaimBlock.self).last?.unequalShots(
      in: plan.experiments, published: plan.published)
  }

  @Test(
    "different methods at different numbers of examples are worth a warning",
    arguments: [
      (
        "lowres[lora,16].ood.accuracy > lowres[vanilla,128].ood.accuracy",
        "16 examples on the left with 128 on the right"
      ),
      (
        "lowres[lora,shots=min].ood.accuracy > mean(lowres[vanilla,shots=max].ood.accuracy)",
        "2 examples on the left with 128 on the right"
      ),
      (
        "lowres[lora,16].ood.accuracy > ref-paper[vanilla,128].ood.accuracy",
        "16 examples on the left with 128 on the right"
      ),
    ])
  func unequalShots(claim: String, expected: String) throws {
    #expect(try unequal(claim) == expected)
  }

  @Test(
    "equal numbers, one method alone, methods without examples and asking for it are not",
    arguments: [
      "lowres[lora,16].ood.accuracy > lowres[vanilla,16].ood.accuracy",
      "lowres[lora,16].ood.accuracy < lowres[lora,128].ood.accuracy",
      "lowres[lora,16].ood.accuracy > lowres[zero-shot,128].ood.accuracy",
      "lowres[lora,16].ood.accuracy > 50%",
      "max(lowres[vanilla].ood.accuracy) > mean(lowres[lora,2].ood.accuracy)",
      "lowres[lora,16].ood.accuracy > lowres[vanilla,128].ood.accuracy\nacross-shots: true",
    ])
  func fair(claim: String) throws {
    #expect(try unequal(claim) == nil)
  }

  @Test("the verdict says so, and that a published number counts as exact")
  func notes() throws {
    let plan = try plan("lowres[lora,16].ood.accuracy > ref-paper[vanilla,128].ood.accuracy")
    let evaluated = EvaluatedReport(plan: plan, results: RenderingSamples.results(plan))
    let claim = try #require(evaluated.blocks(EvaluatedClaim.self).last)
    #expect(claim.evaluation.contrast?.contrast?.seeds == 6)
    #expect(
      claim.notes.contains(
        "Unequal footing: the claim compares 16 examples on the left with 128 on the right."))
    #expect(claim.notes.contains { $0.hasPrefix("The number of “ref-paper” was published (") })
  }

  @Test("planning warns at the sign between the sides")
  func planning() throws {
    let folder = try PlanningFolder()
    let block = PlanningSamples.block.replacingOccurrences(of: "zero-shot", with: "lora")
    let claim = """
      ```{claim #clm-x}
      assert: first[lora,2].ood.accuracy > first[vanilla,4].ood.accuracy
      ```

      """
    let planning = try folder.planning(PlanningSamples.front + block + claim)
    #expect(planning.plan != nil)
    #expect(
      planning.diagnostics.map(\.description) == [
        "study.md:17:36: warning[FT024]: the claim compares 2 examples on the left with 4 on the "
          + "right\n  help: compare equal numbers of examples, or write 'across-shots: true' if that "
          + "is meant"
      ])
  }
}
