import Foundation
import Testing

/// The tables of docs/statistics.md, in small; `SIMULATION=2000 scripts/test --filter RuleSimulation`
/// computes them whole, with that many studies a row, and prints them.
@Suite struct RuleSimulationTests {
  private static let asked = ProcessInfo.processInfo.environment["SIMULATION"].flatMap(Int.init)

  @Test("intervals cover and families err as seldom as they should", arguments: [5, 10])
  func small(seeds: Int) throws {
    let rows = [SimulatedStudy.all[0], SimulatedStudy.all[4]].map {
      RuleSimulation.row($0, seeds: seeds, studies: 60, methods: 5, truthDraws: 20_000)
    }
    for row in rows {
      // Three standard errors below or above what the whole table holds.
      #expect(row.coverage > 0.93, "\(row)")
      #expect(row.familyErrors.allSatisfy { $0 < 0.05 + 3 * 0.028 }, "\(row)")
      #expect(row.lostBest < 0.05 + 3 * 0.028, "\(row)")
      #expect(abs(row.heldOutOptimism) < abs(row.optimism), "\(row)")
    }
  }

  @Test("the whole table holds the bars", .enabled(if: asked != nil))
  func whole() throws {
    let studies = Self.asked ?? 0
    var rows: [RuleSimulation.Row] = []
    for seeds in [5, 6, 10, 20] {
      rows += SimulatedStudy.all.map { RuleSimulation.row($0, seeds: seeds, studies: studies) }
      rows += try RecordedAnswers.all.get().map {
        RuleSimulation.row($0, seeds: seeds, studies: studies)
      }
    }
    print(RuleSimulation.table(rows))
    for row in rows {
      #expect(row.coverage >= 0.94 || row.setting == "failed seeds", "\(row)")
      #expect(row.familyErrors.allSatisfy { $0 <= 0.05 }, "\(row)")
    }
  }
}
