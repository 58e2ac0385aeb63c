import Foundation
import GRDB
import Testing

@testable import Experiments

@Suite("Result store")
struct ResultStoreTests {
  private func append(
    _ store: ResultStore, _ result: CellResult, _ recipe: CellRecipe = StoreSamples.recipe(),
    method: String = "lora"
  ) throws {
    try store.append(
      result, cell: StoreSamples.cell(result.key, recipe), method: method, recorded: 100)
  }

  @Test("the newest result that did not fail is the cell's")
  func latest() throws {
    let store = try ResultStore.inMemory()
    try append(store, StoreSamples.result("a", seconds: 1))
    try append(store, StoreSamples.result("a", seconds: 2))
    try append(store, StoreSamples.result("a", status: .failed(reason: "x"), seconds: 3))
    try append(store, StoreSamples.result("b", status: .failed(reason: "x")))
    try append(store, StoreSamples.result("c", status: .diverged(step: 3)))
    let latest = try store.latest(for: ["a", "b", "c", "unknown"])
    #expect(latest.keys.sorted() == ["a", "c"])
    #expect(latest["a"] == StoreSamples.result("a", seconds: 2))
    #expect(latest["c"]?.status == .diverged(step: 3))
    #expect(try store.history(of: "a").map(\.seconds) == [1, 2, 3])
    #expect(try store.latest(for: []).isEmpty)
  }

  @Test("results are there when the database is opened again")
  func persistence() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try append(try folder.open(), StoreSamples.result("a"))
    #expect(try folder.open().latest(for: ["a"])["a"] == StoreSamples.result("a"))
  }

  @Test("one failing record of several leaves none")
  func atomicity() throws {
    let store = try ResultStore.inMemory()
    let good = ResultRecord(
      StoreSamples.result("a"), cell: StoreSamples.cell("a"), method: "lora", recorded: 1)
    var bad = good
    bad.build = 77  // no such build
    #expect(throws: StoreError.self) { try store.append([good, bad]) }
    #expect(try store.list().isEmpty)
  }

  @Test("a list names initializations, where a recipe has one")
  func initializations() throws {
    let store = try ResultStore.inMemory()
    try append(store, StoreSamples.result("a"))
    try append(store, StoreSamples.result("b"), StoreSamples.recipe(seed: 3, initSeed: 2))
    #expect(try store.list().map(\.initSeed) == [2, nil])
    #expect(try store.list().map(\.seed) == [3, 0])
  }

  @Test("a list shows the newest first and can be narrowed")
  func list() throws {
    let store = try ResultStore.inMemory()
    try append(store, StoreSamples.result("aa1"))
    try append(store, StoreSamples.result("ab2"), StoreSamples.recipe(task: "mnli", shots: 2))
    try append(store, StoreSamples.result("b%3"), method: "lora-r64")
    #expect(try store.list().map(\.key) == ["b%3", "ab2", "aa1"])
    #expect(try store.list(keyPrefix: "a").map(\.key) == ["ab2", "aa1"])
    #expect(try store.list(keyPrefix: "%").isEmpty)
    #expect(try store.list(task: "mnli").map(\.shots) == [2])
    let first = try #require(try store.list(limit: 1).first)
    #expect(first.method == "lora-r64" && first.status == .succeeded && first.recorded == 100)
    #expect(first.seconds == 12.5 && first.bytes == StoreSamples.result("").encoded().count)
  }

  @Test("times are medians over what succeeded")
  func timings() throws {
    let store = try ResultStore.inMemory()
    for (i, seconds) in [9.0, 1, 2].enumerated() {
      try append(store, StoreSamples.result("a\(i)", seconds: seconds))
    }
    try append(store, StoreSamples.result("f", status: .failed(reason: "x"), seconds: 1000))
    try append(
      store, StoreSamples.result("o", seconds: 5),
      StoreSamples.recipe { $0.modelFingerprint = "m2" })
    let key = TimingKey(StoreSamples.recipe())
    #expect(try store.timings()[key] == Timing(seconds: 3.5, count: 4))
    #expect(try store.timings(model: "model")[key] == Timing(seconds: 2, count: 3))
    #expect(try store.timings(model: "none").isEmpty)
  }

  @Test("builds are remembered, ended or not")
  func builds() throws {
    let store = try ResultStore.inMemory()
    let first = try store.beginBuild(of: "a.md", planned: 9, cached: 4, at: 1)
    let second = try store.beginBuild(of: "b.md", planned: 0, cached: 0, at: 2)
    try store.finishBuild(first, outcome: "succeeded", at: 5)
    let rows = try store.read { database in
      try Row.fetchAll(
        database, sql: "SELECT id, finished, outcome, planned, cached FROM builds ORDER BY id")
    }
    #expect(
      rows == [
        ["id": first, "finished": 5.0, "outcome": "succeeded", "planned": 9, "cached": 4],
        ["id": second, "finished": nil, "outcome": nil, "planned": 0, "cached": 0],
      ])
    try store.append(
      StoreSamples.result("a"), cell: StoreSamples.cell("a"), method: "lora", build: first,
      recorded: 3)
    #expect(try store.list().count == 1)
  }

  @Test("a digest is known only for exactly the same file")
  func fingerprints() throws {
    let store = try ResultStore.inMemory()
    let digest = String(repeating: "a", count: 64)
    func file(
      _ path: String = "/f", _ size: Int = 1, modified: Int = 2, changed: Int = 3, inode: Int = 4,
      device: Int = 5
    ) -> FileIdentity {
      FileIdentity(
        path: path, size: size, modified: modified, changed: changed, inode: inode, device: device)
    }
    store.remember(digest, of: file())
    #expect(store.digest(of: file()) == digest)
    for other in [
      file("/g"), file("/f", 2), file(modified: 9), file(changed: 9), file(inode: 9),
      file(device: 9),
    ] { #expect(store.digest(of: other) == nil) }
    let newer = file(modified: 9)
    store.remember(String(repeating: "b", count: 64), of: newer)
    #expect(store.digest(of: file()) == nil)
    #expect(store.digest(of: newer)?.first == "b")
  }

  @Test("a thousand results are looked up at once")
  func many() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    let store = try folder.open()
    let keys = (0..<1000).map { "\(FewShotSampler.digest(of: []))\($0)" }
    try store.append(
      keys.map {
        ResultRecord(
          StoreSamples.result($0, predictions: 1043), cell: StoreSamples.cell($0),
          method: "lora", recorded: 0)
      })
    #expect(try store.latest(for: keys).count == 1000)
  }
}
