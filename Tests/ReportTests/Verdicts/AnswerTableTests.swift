import Testing

@testable import Experiments
@testable import Report

@Suite("Table of answers")
struct AnswerTableTests {
  /// Items 0 … 5, of which class 1 is the commonest.
  static let facts = TaskFacts(
    LoadedTask(
      definition: .acceptability, training: [],
      evaluations: [
        EvaluationSet(
          name: "ood", domain: .outOfDomain,
          examples: [1, 0, 1, 1, 0, 1].map { Example(fields: ["x"], label: $0) })
      ], sources: []))

  static func run(
    _ predictions: [UInt8], vocabulary: [UInt8]? = nil, key: String = "k",
    status: CellResult.Status = .succeeded
  ) -> CellResult {
    var result = ResultSamples.result(accuracy: 0.5, status: status)
    result.key = key
    result.evaluations[0].predictions = predictions
    result.evaluations[0].vocabularyPredictions = vocabulary
    return result
  }

  private func table(
    _ runs: [CellResult?], reading: AnswerTable.Reading = .classes
  ) throws -> AnswerTable {
    let entries = runs.enumerated().map { seed, result in
      ExperimentResults.Entry(method: "a", shots: 128, seed: seed, result: result)
    }
    let frame = ResultSamples.frame(
      methods: ["a"], shots: [128], seeds: Array(runs.indices), entries)
    let results = try #require(frame["e"])
    return try #require(
      results.answers(of: "a", shots: 128, on: "ood", facts: Self.facts, reading: reading))
  }

  @Test("a table has the answers of every seed to every item, and says why some are missing")
  func seeds() throws {
    let failed = Self.run([], key: "d", status: .failed(reason: "signal 9"))
    let table = try table([
      Self.run([1, 0, 0, 1, 2, 1], key: "a"), nil,
      Self.run([], key: "c", status: .diverged(step: 3)), failed, Self.run([1, 0], key: "e"),
    ])
    #expect(table.items.map(\.description) == (1...6).map { "ood:\($0)" })
    #expect(table.truth == [1, 0, 1, 1, 0, 1])
    #expect(table.classNames == TaskDefinition.acceptability.labels)
    #expect(table.seeds.map(\.seed) == [0, 1, 2, 3, 4])
    #expect(
      table.rightShares == [[1, 1, 0, 1, 0, 1], nil, [1, 0, 1, 1, 0, 1], nil, nil])
    #expect(
      table.missing == ["not run", "failed: signal 9", "2 answers are stored for 6 items"])
    #expect(table.seeds[0].runs[0].outcome == .answered([1, 0, 0, 1, 2, 1]))
    #expect(table.majorityClass == 1)
    #expect(!table.isShared)
  }

  @Test("answers over the vocabulary are read on request, where they are stored")
  func vocabulary() throws {
    let runs = [
      Self.run([1, 0, 1, 1, 0, 1], vocabulary: [2, 2, 1, 1, 0, 2]), Self.run([1, 0, 1, 1, 0, 1]),
    ]
    let table = try table(runs, reading: .vocabulary)
    #expect(table.rightShares == [[0, 0, 1, 1, 1, 0], nil])
    #expect(table.missing == ["answers over the vocabulary are not stored"])
  }

  @Test("one run that counts for all seeds is told apart from equal runs")
  func shared() throws {
    let answers: [UInt8] = [1, 0, 1, 1, 0, 1]
    #expect(try table([Self.run(answers), Self.run(answers)]).isShared)
    #expect(try !table([Self.run(answers, key: "a"), Self.run(answers, key: "b")]).isShared)
    #expect(try !table([nil, nil]).isShared)
  }

  @Test("several runs on one sample share in what it has right")
  func repeats() {
    let runs: [AnswerTable.Outcome] = [.answered([1, 0]), .answered([1, 1])]
    let table = AnswerTable(
      set: "ood", items: [ItemID(file: "ood", line: 1), ItemID(file: "ood", line: 2)],
      truth: [1, 1], classNames: ["no", "yes"],
      seeds: [
        AnswerTable.Seed(seed: 0, runs: runs.map { AnswerTable.Run(key: nil, outcome: $0) })
      ])
    #expect(table.rightShares == [[1, 0.5]])
  }
}
