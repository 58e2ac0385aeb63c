import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Experiments that cross-validate the training pool.
@Suite("Cross-validated experiments") struct ValidationTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private static let study = PlanningSamples.study.replacingOccurrences(
    of: "seeds: [0, 1]", with: "validation: {folds: 3, repeats: 2}")

  @Test("each fold of each repeat is a seed, with its own cells, also of what reads no sample")
  func places() throws {
    let plan = try folder.plan(Self.study)
    let experiment = plan.experiments[0]
    #expect(experiment.shape.seeds == Array(0..<6))
    #expect(experiment.shape.folds == 3 && experiment.shape.overlap == 0.5)
    #expect(experiment.shape.sets.first == "validation")
    // zero-shot and vanilla at two numbers of examples; zero-shot's do not depend on the number.
    #expect(plan.cells.count == 6 + 2 * 6)
  }

  @Test("a pool that cannot be cut into so many folds is a mistake at their place")
  func tooMany() throws {
    let source = Self.study.replacingOccurrences(of: "folds: 3", with: "folds: 500")
    let error = #expect(throws: PlanningFailure.self) { try folder.plan(source) }
    #expect(
      error?.diagnostics.first?.message
        == "the training pool of 72 rows cannot be cut into 500 folds")
  }

  @Test("'all' is what the largest fold leaves, or the whole pool, in its own proportions")
  func all() throws {
    let folds = try folder.plan(
      Self.study.replacingOccurrences(of: "shots: [2, 4]", with: "shots: all"))
    #expect(folds.experiments[0].shape.shots == [48])
    let pool = try folder.plan(
      PlanningSamples.study.replacingOccurrences(of: "shots: [2, 4]", with: "shots: all"))
    #expect(pool.experiments[0].shape.shots == [72])
    #expect(pool.experiments[0].block.shotsPer.value == .natural)
    let error = #expect(throws: PlanningFailure.self) {
      try folder.plan(
        Self.study.replacingOccurrences(of: "shots: [2, 4]", with: "shots: all\nshots-per: class"))
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "all rows have the proportions they have, so they are not drawn per class"
      ])
  }

  @Test("seeds beside a cross-validation are a mistake at their place")
  func seeds() throws {
    let source = Self.study.replacingOccurrences(
      of: "validation: {", with: "seeds: 0..3\nvalidation: {")
    let error = #expect(throws: PlanningFailure.self) { try folder.plan(source) }
    #expect(error?.diagnostics.map(\.message) == ["a cross-validation has no seeds of its own"])
  }
}
