import Testing

@testable import Engine
@testable import Experiments

@Suite("Cross-validation") struct CrossValidationTests {
  private static func pool(_ counts: [Int]) -> [Example] {
    counts.enumerated().flatMap { label, count in
      (0..<count).map { Example(fields: ["text \(label) \($0)"], label: label) }
    }
  }

  @Test(
    "every example is in one fold, and folds and their classes differ by one at most",
    arguments: [([32, 32], 5), ([10, 3, 20], 5), ([7, 7], 2), ([5, 5, 5, 5, 5, 5, 5], 10)])
  func balance(counts: [Int], folds: Int) {
    let pool = Self.pool(counts)
    for number in 0..<3 {
      let parts = Folds(of: pool, labels: counts.count, count: folds, repeat: number).number
      #expect(parts.count == pool.count && parts.allSatisfy { (0..<folds).contains($0) })
      func spread(_ chosen: [Int]) -> Int {
        let sizes = (0..<folds).map { part in chosen.count { $0 == part } }
        return (sizes.max() ?? 0) - (sizes.min() ?? 0)
      }
      #expect(spread(parts) <= 1)
      for label in counts.indices {
        #expect(spread(zip(parts, pool).filter { $1.label == label }.map(\.0)) <= 1)
      }
      #expect(
        parts
          == Folds(of: pool, labels: counts.count, count: folds, repeat: number).number)
    }
    let repeats = (0..<2).map {
      Folds(of: pool, labels: counts.count, count: folds, repeat: $0).number
    }
    #expect(repeats[0] != repeats[1])
  }

  @Test("rows that say the same are in one fold, whatever their classes")
  func duplicates() {
    var pool = Self.pool([12, 12])
    pool += [
      Example(fields: ["Text 0 3."], label: 0), Example(fields: ["text 0   3"], label: 1),
      Example(fields: ["text 1 5!"], label: 1),
    ]
    for number in 0..<10 {
      let parts = Folds(of: pool, labels: 2, count: 4, repeat: number).number
      #expect(parts[24] == parts[3] && parts[25] == parts[3] && parts[26] == parts[17])
    }
  }

  @Test("a run trains on the other folds, and its fold is the first evaluation set")
  func runs() throws {
    let folder = try CellFolder()
    let options = TaskOptions(counting: .natural, folds: 3)
    #expect(TaskOptions(options.values) == options)
    var counts: [Int] = []
    for seed in 0..<3 {
      let cell = try folder.cell(
        "vanilla", ["epochs": .integer(1)], shots: 40, seed: seed, taskOptions: options)
      let result = try CellRunner().run(cell) { _, _ in }
      #expect(result.evaluations.map(\.set) == ["validation", "in-domain", "ood"])
      counts.append(result.evaluations[0].count)
    }
    #expect(counts == [24, 24, 24])
    // What reads no sample answers a different fold at every seed.
    let shown = try (0..<2).map {
      try folder.cell("zero-shot", shots: 40, seed: $0, taskOptions: options).key
    }
    #expect(shown[0] != shown[1])
  }
}
