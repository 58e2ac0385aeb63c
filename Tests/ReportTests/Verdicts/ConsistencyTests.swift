import Testing

@testable import Experiments
@testable import Report

/// Pages of random results, on which no two statements about one contrast may differ.
@Suite struct ConsistencyTests {
  /// Every statement of a page.
  private func said(_ blocks: [any EvaluatedBlock]) -> [(EvaluatedStatement, String)] {
    blocks.flatMap { block -> [(EvaluatedStatement, String)] in
      switch block {
      case let claim as EvaluatedClaim: [(claim.evaluation, claim.label)]
      case let comparison as EvaluatedComparison: said(comparison.judged)
      case let recommendation as EvaluatedRecommendation:
        recommendation.grid.cells.joined().flatMap { said($0.judged) }
      default: []
      }
    }
  }

  private func said(_ judged: JudgedMethods) -> [(EvaluatedStatement, String)] {
    judged.pairs.map { ($0.evaluation, "\($0.first) − \($0.second) at \(judged.place)") }
      + judged.entries.compactMap { entry in
        entry.aboveFloor.map { ($0, "\(entry.method) above the floor at \(judged.place)") }
      }
  }

  @Test(
    "no two statements about a contrast differ, and none is decided with p above its level",
    arguments: RandomStudy.Condition.allCases, 0..<6)
  func consistent(condition: RandomStudy.Condition, page: Int) throws {
    let blocks = try RandomStudy(condition, seed: UInt64(page)).evaluated().kinds.flatMap(\.blocks)
      .filter { !["e", "f"].contains($0.label) }
    #expect(blocks.count == RandomStudy.blocks.count)
    var intervals: [String: [Double]] = [:]
    var verdicts: [String: Verdict] = [:]
    for (evaluation, name) in said(blocks) {
      // A coloured statement has p at most its level, and no other has.
      let level = evaluation.contrast?.family.correction.level ?? 0.05
      if evaluation.verdict.isDecided, !evaluation.isExact {
        let p = try #require(evaluation.pValue, "\(name) \(evaluation.verdict)")
        #expect(p <= level, "\(name)")
        #expect(evaluation.interval != nil)
      } else if let p = evaluation.pValue {
        #expect(p > level, "\(name)")
      }
      guard name.contains(" at ") else { continue }
      // The same pair or floor in several blocks has one interval and one verdict.
      let ends = evaluation.interval.map { [$0.lower, $0.upper] } ?? []
      if let other = intervals[name] { #expect(other == ends, "\(name)") }
      intervals[name] = ends
      // An effect can turn "inconclusive" into "equivalent", and nothing else.
      if let other = verdicts[name], other != evaluation.verdict {
        #expect(Set([other, evaluation.verdict]) == [.inconclusive, .equivalent], "\(name)")
      }
      verdicts[name] = evaluation.verdict
    }
    try checkClaims(blocks, verdicts: verdicts, intervals: intervals)
    try checkChoices(blocks)
  }

  /// Claims about a pair say what comparisons say of it.
  private func checkClaims(
    _ blocks: [any EvaluatedBlock], verdicts: [String: Verdict], intervals: [String: [Double]]
  ) throws {
    let claim = try #require(
      blocks.compactMap { $0 as? EvaluatedClaim }.first { $0.label == "clm-1" })
    #expect(claim.isRefuted == (claim.evaluation.verdict == .refuted))
    let there = verdicts["a − b at e/16"]
    let back = verdicts["b − a at e/16"]
    switch claim.evaluation.verdict {
    case .supported: #expect(there == .supported)
    case .refuted: #expect(back == .supported)
    case .equivalent, .inconclusive:
      #expect([.inconclusive, .equivalent].contains(there ?? back))
    case .atFloor, .missing: #expect((there ?? back ?? .missing) == claim.evaluation.verdict)
    }
    if let interval = claim.evaluation.interval {
      if let ends = intervals["a − b at e/16"], !ends.isEmpty {
        #expect(abs(ends[0] - interval.lower) + abs(ends[1] - interval.upper) < 1e-12)
      }
      if let ends = intervals["b − a at e/16"], !ends.isEmpty {
        #expect(abs(ends[0] + interval.upper) + abs(ends[1] + interval.lower) < 1e-12)
      }
    }
  }

  /// Nothing is recommended that another is better than, that lacks a run or that shows no skill.
  private func checkChoices(_ blocks: [any EvaluatedBlock]) throws {
    for block in blocks.compactMap({ $0 as? EvaluatedRecommendation }) {
      for choice in block.grid.cells.joined() {
        guard let chosen = choice.choice else { continue }
        #expect(chosen.entry.absence == nil)
        #expect(chosen.entry.aboveFloor?.verdict == .supported)
        #expect(
          !choice.judged.pairs.contains {
            $0.second == chosen.entry.method && $0.evaluation.verdict == .supported
          })
        for other in choice.judged.entries where other.isInSet {
          let pair = choice.judged.pair(chosen.entry.method, other.method)
          #expect(pair.map { $0.evaluation.verdict != .supported } ?? true)
        }
      }
    }
  }
}

extension JudgedMethods {
  /// Names where methods are judged, with the tasks in one order.
  fileprivate var place: String {
    measure.tasks.map { "\($0.experiment)/\($0.shots)" }.sorted().joined(separator: "+")
  }
}
