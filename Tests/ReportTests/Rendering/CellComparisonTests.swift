import Experiments
import Foundation
import Testing

@testable import Report

@Suite("A cell beside its stored result")
struct CellComparisonTests {
  private let cell: PlannedCell
  private let result: CellResult

  init() throws {
    let plan = try RenderingSamples.plan(SmallStudy.source)
    cell = try #require(plan.cells.first { $0.cell.key == "small/lora/16/1" })
    result = try #require(RenderingSamples.results(plan)[cell.cell.key])
  }

  private func compared(_ change: (inout CellResult) -> Void) -> CellComparison {
    var stored = result
    change(&stored)
    return CellComparison(cell, result: result, stored: stored, hasRun: true)
  }

  @Test("time and resident memory may differ, numbers may not")
  func equal() {
    let compared = compared {
      $0.seconds += 1
      $0.memory.residentPeak += 1
      $0.memory.predictedPeak = nil
    }
    #expect(compared.agreement == .equal)
    #expect(compared.sentence.hasPrefix("small lora n=16 seed 1: accuracy "))
    #expect(compared.sentence.hasSuffix("; equal to the stored result"))
  }

  @Test("a metric that was not computed before is no difference")
  func newMetric() {
    #expect(compared { $0.evaluations[0].metrics["accuracy"] = nil }.agreement == .equal)
  }

  @Test("whatever differs is named")
  func different() throws {
    #expect(
      compared { $0.evaluations[0].metrics["accuracy"] = 0.5 }.differences.first?
        .hasPrefix("ood.accuracy 0.5 → ") == true)
    #expect(compared { $0.evaluations[0].predictions = [1] }.differences == ["the answers on ood"])
    #expect(compared { $0.training?.losses[0] = 9 }.differences == ["the losses"])
    #expect(compared { $0.sampleDigest = "other" }.differences == ["the sample"])
    #expect(compared { $0.status = .diverged(step: 3) }.differences == ["diverged → ok"])
  }

  @Test("without a stored result it is the first, and without a run it is the stored one")
  func others() {
    #expect(
      CellComparison(cell, result: result, stored: nil, hasRun: true).agreement == .first)
    #expect(
      CellComparison(cell, result: result, stored: result, hasRun: false).agreement == .known)
  }
}
