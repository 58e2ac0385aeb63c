import Foundation
import Testing

@testable import Experiments
@testable import Report

/// What `plan --power` prints follows the rule, with families, seeds and items of the plan.
@Suite struct PowerTests {
  private static let itemCounts = ["e": ["ood": 40], "f": ["ood": 40]]

  private func power(_ condition: RandomStudy.Condition = .sound) throws -> [String: PlannedPower] {
    let plan = try RandomStudy(condition, seed: 1).plan
    let planned = plan.power(
      PowerAssumption(seedDeviation: 0.03, disagreement: 0.2), itemCounts: Self.itemCounts)
    // Claims that need several contrasts list each; one is enough here.
    return Dictionary(planned.map { ($0.block, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test("every difference of accuracies is planned in its largest family")
  func families() throws {
    let planned = try power()
    // Of recommendation: six pairs of a, b, c, their six with d, which is one, and seven floors.
    #expect(planned["clm-1"]?.family == 19)
    #expect(planned["cmp-1"]?.family == 19)
    #expect(planned["rec-1"]?.family == 19)
    // Over tasks: six pairs and four floors; the smaller comparison shares its contrasts.
    #expect(planned["cmp-3"]?.family == 10)
    #expect(planned["cmp-4"]?.family == 10)
    // No difference of accuracies: Matthews' correlation, a trend, bytes.
    for label in ["clm-4", "clm-7", "clm-8"] { #expect(planned[label] == nil) }
    #expect(planned.values.allSatisfy { $0.seeds == 5 })
  }

  @Test(
    "the width is t √V at the family's level, with half of the disagreement by item and half by run"
  )
  func width() throws {
    let planned = try power()
    func half(_ members: Double, tasks: Double) -> Double {
      let item = 0.2 / 40 / 2
      let variance = ((0.03 * 0.03 + item) / 5 + item) / tasks
      return StudentT.quantile(1 - 0.05 / members / 2, degreesOfFreedom: 4) * variance.squareRoot()
    }
    #expect(abs(try #require(planned["clm-1"]?.halfWidth) - half(19, tasks: 1)) < 1e-12)
    #expect(abs(try #require(planned["cmp-3"]?.halfWidth) - half(10, tasks: 2)) < 1e-12)
    #expect(planned["cmp-3"]?.items == 80)
    // scipy.stats.t.ppf(1 - 0.05/19/2, 4)
    #expect(
      abs(StudentT.quantile(1 - 0.05 / 19 / 2, degreesOfFreedom: 4) - 6.665_883_377_2) < 1e-9)
    let line = try #require(planned["clm-1"]?.line)
    #expect(line.hasPrefix("clm-1: ± "))
    #expect(line.contains("(5 seeds, 40 items, family of 19); the declared effect takes "))
  }

  @Test("one seed shows nothing of others") func oneSeed() throws {
    let planned = try #require(try power(.oneSeed)["clm-1"])
    #expect(planned.halfWidth == nil)
    #expect(planned.line.contains("one seed shows nothing of others"))
  }

  @Test("with the components that a page measured it says what the page says", arguments: 0..<6)
  func agreement(seed: Int) throws {
    let study = try RandomStudy(.sound, seed: UInt64(seed))
    let claim = try #require(
      study.evaluated().blocks(EvaluatedClaim.self).first { $0.label == "clm-1" })
    let contrast = try #require(claim.evaluation.contrast)
    let measured = try #require(contrast.contrast)
    let planned = try #require(
      study.plan.power(itemCounts: Self.itemCounts) { _, _ in measured.components }
        .first { $0.block == "clm-1" })
    let interval = try #require(contrast.interval)
    // A component below 0 counts as none, so that the plan is never narrower.
    let width = (interval.upper - interval.lower) / 2
    #expect(try #require(planned.halfWidth) >= width - 1e-12)
    if measured.components.seed > 0, measured.components.item > 0 {
      #expect(abs(try #require(planned.halfWidth) - width) < 1e-12)
    }
    #expect(planned.family == contrast.family.correction.members)
    let need = try #require(contrast.need(for: 0.03))
    #expect(planned.need == need.words)
    if claim.evaluation.verdict == .inconclusive {
      #expect(
        claim.notes.contains { note in
          switch need {
          case .seeds(let seeds): note.hasSuffix("takes \(seeds) seeds.")
          case .items(let items, let seeds):
            note.hasPrefix("No number of seeds")
              && note.hasSuffix(
                "takes \(ValueFormat(.integer).string(Double(items))) items and \(seeds) seeds.")
          case .itemsAlone, .unreachable: true
          }
        })
    }
  }

  @Test("where no seed has a part, items alone decide") func withoutSeeds() throws {
    let precision = ContrastPrecision(
      Contrast.Components(seed: 0, item: 0.0004, interaction: 0), items: 500, confidence: 0.95,
      basis: .itemsOnly)
    guard case .itemsAlone(let items) = precision.need(for: 0.02) else {
      Issue.record("seeds")
      return
    }
    let times = { (count: Int) in Double(count) / 500 }
    #expect(try #require(precision.halfWidth(seeds: 1, itemsTimes: times(items))) <= 0.02)
    #expect(try #require(precision.halfWidth(seeds: 1, itemsTimes: times(items - 1))) > 0.02)
    // About (2 σ / 0.02)² items: σ² = 500 · 0.0004.
    #expect((1900...2000).contains(items))
  }
}
