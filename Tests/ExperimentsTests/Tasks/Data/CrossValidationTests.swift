import TestSupport
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

  @Test("rows of one group are in one fold, and folds stay about as large as groups allow")
  func groups() throws {
    let pool = Self.pool([30, 20])
    // Authors with 1 to 9 rows, each of one class mostly.
    let sizes = [9, 1, 5, 5, 2, 8, 3, 3, 4, 1, 4, 5]
    let groups = sizes.enumerated().flatMap { Array(repeating: $0, count: $1) }
    #expect(groups.count == pool.count)
    var divisions: Set<[Int]> = []
    for number in 0..<4 {
      let folds = Folds(of: pool, labels: 2, count: 4, repeat: number, groups: groups)
      #expect(folds.count == 4)
      for group in Set(groups) {
        #expect(Set(zip(groups, folds.number).filter { $0.0 == group }.map(\.1)).count == 1)
      }
      let counts = (0..<4).map { fold in folds.number.count { $0 == fold } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 9, "\(counts)")
      divisions.insert(folds.number)
    }
    #expect(divisions.count > 1)
    #expect(
      Folds(of: pool, labels: 2, count: 4, repeat: 0, groups: pool.map { _ in 7 }).count == 1)
    // Equal texts join their groups.
    var twice = pool
    twice[49] = pool[0]
    let joined = Folds(of: twice, labels: 2, count: 4, repeat: 0, groups: groups).number
    #expect(joined[49] == joined[0] && joined[45] == joined[0])
  }

  @Test("a task file names the column of groups, and cells keep them apart")
  func groupColumn() throws {
    let files = try TemporaryFolder()
    let rows = (0..<24).map { "some text number \($0),\($0 % 2 == 0 ? "a" : "b"),author\($0 / 4)" }
    try files.write("text,label,author\n" + rows.joined(separator: "\n"), to: "t.csv")
    let task = try TaskFile.read(
      """
      name: grouped
      labels: [a, b]
      fields: [text]
      group: author
      files:
        train: t.csv
        later: t.csv
      """, file: "grouped.yml")
    let loaded = try TaskLoader(folder: files.url).load(task)
    #expect(loaded.groups == (0..<24).map { $0 / 4 })
    #expect(loaded.evaluations.first?.groups == loaded.groups)
    let facts = TaskFacts(loaded)
    #expect(facts.groups["later"] == loaded.groups)
    for run in 0..<3 {
      let held = loaded.heldOut(folds: 3, run: run)
      #expect(held.count == 8 && Set(held.map { $0 / 4 }).count == 2)
    }
    let limited = loaded.limited(to: 10).evaluations[0]
    #expect(
      limited.groups
        == limited.items.map { ($0.line - 2) / 4 })
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

extension Folds {
  /// Of a pool as that of a task.
  fileprivate init(
    of pool: [Example], labels: Int, count: Int, repeat: Int, groups: [Int]? = nil
  ) {
    var definition = TaskDefinition.cola
    definition.labels = (0..<labels).map { "class \($0)" }
    var task = LoadedTask(
      definition: definition, training: pool, evaluations: [], sources: [])
    task.groups = groups
    self.init(of: task, count: count, repeat: `repeat`)
  }
}
