import Crypto
import Foundation
import Testing

@testable import Experiments

@Suite("Tasks of the world")
struct WorldTaskTests {
  static let tasks = [TaskDefinition.acceptability, .inference]
  static let loader = TaskLoader(folder: URL(fileURLWithPath: "/nonexistent"))

  @Test("they load without a folder, of the sizes and balance they should have", arguments: tasks)
  func loading(task: TaskDefinition) throws {
    let loaded = try Self.loader.load(task.validated())
    #expect(loaded.training.count >= 4000)
    #expect(loaded.sources.allSatisfy { $0.url == nil })
    for set in loaded.evaluations {
      #expect((500...600).contains(set.examples.count), "\(set.name): \(set.examples.count)")
      #expect(set.majorityShare <= 0.52)
      for subset in set.subsets where !subset.name.hasPrefix(set.name) {
        let labels = subset.indices.map { set.examples[$0].label }
        #expect(labels.count >= 50)
        #expect(labels.reduce(0, +) * 2 == labels.count, "\(subset.name)")
      }
    }
    #expect(loaded.training.reduce(0) { $0 + $1.label } * 2 == loaded.training.count)
  }

  @Test("a program hashes its tables once", arguments: tasks)
  func fingerprints(task: TaskDefinition) throws {
    let cache = try ResultStore.inMemory()
    let loader = TaskLoader(folder: URL(fileURLWithPath: "/nonexistent"), cache: cache)
    let fresh = try Self.loader.fingerprints(of: task)
    #expect(Set(fresh.digests.values).count == task.files.count)
    #expect(try loader.fingerprints(of: task) == fresh)
    #expect(try loader.fingerprints(of: task) == fresh)
  }

  @Test("no text is in two sets or twice in one", arguments: tasks)
  func disjointness(task: TaskDefinition) throws {
    let loaded = try Self.loader.load(task)
    #expect(loaded.overlaps().allSatisfy { $0.count == 0 })
    let texts = loaded.training + loaded.evaluations.flatMap(\.examples)
    #expect(Set(texts.map(\.fields)).count == texts.count)
  }

  @Test("hardly ever are both halves of a pair in the sets")
  func halves() {
    let taken = Set(AcceptabilityData.rows.values.flatMap(\.self).map { $0.fields[0] })
    let pairs = PhenomenonTests.Case.all.flatMap { $0.pairs(100) }
    let complete = pairs.count { taken.contains($0.good) && taken.contains($0.bad) }
    // Two pairs can share a sentence: what one of them keeps out, the other may put in.
    #expect(complete * 1000 < pairs.count, "\(complete) of \(pairs.count)")
  }

  @Test("the phenomena of the sets are not those of training")
  func phenomena() throws {
    let rows = AcceptabilityData.rows
    let trained = Set(rows["train"]?.map { "\($0.group) \($0.variant)" } ?? [])
    let tested = Set(rows["ood"]?.map { "\($0.group) \($0.variant)" } ?? [])
    #expect(trained == Set(rows["in-domain"]?.map { "\($0.group) \($0.variant)" } ?? []))
    #expect(trained.isDisjoint(with: tested))
    let loaded = try Self.loader.load(.acceptability)
    let names = loaded.evaluations.map { $0.subsets.map(\.name) }
    #expect(names[0] == ["argument-structure", "filler-gap", "islands"])
    #expect(names[1].count == 12)
  }

  @Test(
    "the tables stay what they are",
    arguments: [
      (
        "acceptability",
        ["in-domain": "4b0420df9b04", "ood": "48e926c93494", "train": "5eb14e137bbe"]
      ),
      ("inference", ["in-domain": "6c5db1546c85", "ood": "32b7b093e0cb", "train": "c0a876b4f20d"]),
    ])
  func digests(task: String, expected: [String: String]) throws {
    let task = try TaskCatalog.published.task(named: task)
    let digests = try Self.loader.fingerprints(of: task).digests
    #expect(digests.mapValues { String($0.prefix(12)) } == expected)
  }

  @Test("patterns and their words are in the vocabulary", arguments: tasks)
  func patterns(task: TaskDefinition) throws {
    let vocabulary = Set(World.vocabulary)
    for definition in task.patterns {
      let pattern = try task.pattern(named: definition.name)
      let text = pattern.text(for: task.fields.map { _ in "the dog" }) + definition.separator
      #expect(
        vocabulary.isSuperset(of: text.split(whereSeparator: \.isWhitespace).map(String.init)))
      #expect(vocabulary.isSuperset(of: pattern.labelWords))
      #expect(definition.separator.contains(DemonstrationDocument.separator))
    }
  }

  @Test("a generator that does not exist, or makes no such table, is a misfit")
  func misfits() {
    var task = TaskDefinition.acceptability
    task.files[0].generator = "poetry"
    let unknown = TaskError(
      .invalidDefinition("generator 'poetry' makes nothing for file role 'train'"),
      task: "acceptability")
    #expect(throws: unknown) { try task.validated() }
    task.files[0].generator = "acceptability"
    task.files[0].candidates = ["x.tsv"]
    let both = TaskError(
      .invalidDefinition("file role 'train' has both files and the generator 'acceptability'"),
      task: "acceptability")
    #expect(throws: both) { try task.validated() }
  }
}
