import Engine
import Formats
import Foundation
import Testing

@testable import Experiments
@testable import Report

/// Pages of random results, on which no two statements about one contrast may differ.
@Suite struct ConsistencyTests {
  /// What is wrong with some results.
  enum Condition: CaseIterable, Sendable {
    case sound, missing, failed, diverged, atFloor, equal, oneSeed, manyClasses, withoutItems
  }

  private static let methods = ["a", "b", "c", "d"]

  private static let yaml: [(kind: String, label: String, yaml: String)] = [
    ("claim", "clm-1", "assert: e[a,16].ood.accuracy > e[b,16].ood.accuracy\neffect: 3%"),
    ("claim", "clm-2", "assert: e[b,16].ood.accuracy < e[a,16].ood.accuracy by 1%"),
    ("claim", "clm-3", "assert: e[a,16].ood.accuracy = e[b,16].ood.accuracy within 10%"),
    ("claim", "clm-4", "assert: e[c,16].ood.mcc > e[d,16].ood.mcc\nfamily: other"),
    ("claim", "clm-5", "assert: best(e[c,16].ood.accuracy, e[a,16].ood.accuracy)"),
    ("claim", "clm-6", "assert: e[a,16].ood.accuracy > 50%\nsecond-opinion: true"),
    ("claim", "clm-7", "assert: e[a].ood.accuracy rises with shots"),
    ("claim", "clm-8", "assert: e[a,16].memory.peak < 2 * e[b,16].memory.peak"),
    ("compare", "cmp-1", "from: e\ny: ood.accuracy\nshots: 16\nsecond-opinion: true"),
    ("compare", "cmp-2", "from: e\ny: ood.accuracy\nshots: 16\nmethods: [a, b]\neffect: 5%"),
    ("recommend", "rec-1", "from: e\ny: ood.accuracy"),
  ]

  /// One page's evaluated blocks.
  private func blocks(_ condition: Condition, seed: UInt64) throws -> [any EvaluatedBlock] {
    let frame = Self.frame(condition, seed: seed)
    let reading = BlockRegistry.standard.read(
      Self.yaml.map { LanguageSamples.block($0.kind, label: $0.label, $0.yaml) },
      frontMatter: nil)
    #expect(reading.diagnostics.isEmpty)
    let shapes = Dictionary(
      uniqueKeysWithValues: frame.experiments.map { ($0.shape.label, $0.shape) })
    let names = ContrastNames(
      frame.experiments.map(\.shape), withoutSample: ["e": ["d"]], published: [])
    let claims = reading.blocks.compactMap { $0 as? ClaimBlock }
    let comparisons = reading.blocks.compactMap { $0 as? CompareBlock }
    let choices = reading.blocks.compactMap { $0 as? RecommendBlock }
    let scores = ScoreTable(frame)
    let families =
      ClaimBlock.families(claims, among: names, shapes: shapes)
      + CompareBlock.families(comparisons, among: names, shapes: shapes)
      + RecommendBlock.families(choices, among: names, shapes: shapes)
    let results = EvaluatedResults(
      experiments: [], published: [], frame: frame, estimates: EstimateTable(scores),
      book: ContrastBook(families, table: scores, names: names))
    return ClaimBlock.evaluated(claims, on: results)
      + CompareBlock.evaluated(comparisons, on: results)
      + RecommendBlock.evaluated(choices, on: results)
  }

  private static func frame(_ condition: Condition, seed: UInt64) -> ResultFrame {
    var stream = RandomStream(seed: seed, purpose: "consistency \(condition)")
    let classes = condition == .manyClasses ? 20 : 2
    let count = 40
    let labels = (0..<count).map { _ in UInt8(stream.index(below: classes)) }
    let seeds = Array(0..<(condition == .oneSeed ? 1 : 5))
    let skills = methods.map { _ in condition == .atFloor ? 0 : 0.2 + 0.75 * stream.uniform() }
    var entries: [ExperimentResults.Entry] = []
    for (method, skill) in zip(methods, skills) {
      let skill = condition == .equal ? 0.6 : skill
      for shots in [16, 64] {
        for place in seeds {
          // d reads no examples: one run for all places.
          var own =
            method == "d" ? RandomStream(seed: seed, purpose: "d") : stream
          let predictions = labels.map { label in
            own.uniform() < skill ? label : UInt8(own.index(below: classes))
          }
          if method != "d" { stream = own }
          var result = CellResult(
            key: method == "d" ? "d" : "\(method)/\(shots)/\(place)", status: .succeeded,
            evaluations: [
              CellResult.Evaluation(
                set: "ood", count: count,
                metrics: Metrics.all(
                  predictions: predictions, labels: labels,
                  classNames: (0..<classes).map(String.init)),
                predictions: condition == .withoutItems ? [] : predictions, tokens: 1, seconds: 1)
            ],
            memory: CellResult.Memory(peak: 1000 + place + (method == "a" ? 7 : 0)), seconds: 2)
          let isHit = method == "a" && place == 0 && shots == 16
          if isHit, condition == .failed { result.status = .failed(reason: "killed") }
          if isHit, condition == .diverged { result.status = .diverged(step: 3) }
          entries.append(
            ExperimentResults.Entry(
              method: method, shots: shots, seed: place,
              result: isHit && condition == .missing ? nil : result))
        }
      }
    }
    let classNames = (0..<classes).map(String.init)
    return ResultFrame(
      [
        ExperimentResults(
          shape: ExperimentShape(
            label: "e", methods: methods, shots: [16, 64], seeds: seeds, sets: ["ood"],
            metrics: Metrics.names(labels: classNames)), entries: entries)
      ],
      answers: ["e": AnswerKey(task: "t", classNames: classNames, labels: ["ood": labels])])
  }

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
    judged.pairs.map { ($0.evaluation, "\($0.first) − \($0.second) at \(judged.shots)") }
      + judged.entries.compactMap { entry in
        entry.aboveFloor.map { ($0, "\(entry.method) above the floor at \(judged.shots)") }
      }
  }

  @Test(
    "no two statements about a contrast differ, and none is decided with p above its level",
    arguments: Condition.allCases, 0..<6)
  func consistent(condition: Condition, page: Int) throws {
    let blocks = try blocks(condition, seed: UInt64(page))
    #expect(blocks.count == Self.yaml.count)
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
    let there = verdicts["a − b at 16"]
    let back = verdicts["b − a at 16"]
    switch claim.evaluation.verdict {
    case .supported: #expect(there == .supported)
    case .refuted: #expect(back == .supported)
    case .equivalent, .inconclusive:
      #expect([.inconclusive, .equivalent].contains(there ?? back))
    case .atFloor, .missing: #expect((there ?? back ?? .missing) == claim.evaluation.verdict)
    }
    if let interval = claim.evaluation.interval {
      if let ends = intervals["a − b at 16"], !ends.isEmpty {
        #expect(abs(ends[0] - interval.lower) + abs(ends[1] - interval.upper) < 1e-12)
      }
      if let ends = intervals["b − a at 16"], !ends.isEmpty {
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
