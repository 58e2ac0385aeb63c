import Foundation
import GRDB
import Testing

@testable import Engine
@testable import Experiments

@Suite("Changed bits in the results database")
struct StoreDamageTests {
  /// Everything that numbers on a page come from.
  private struct Contents {
    var latest: [String: CellResult]
    var history: [String: [CellResult]]
    var list: [StoredResult]
    var digests: [String?]
  }

  private static let keys = (0..<24).map { "key-\($0)" }
  private static let files = (0..<12).map {
    FileIdentity(
      path: "/models/file-\($0)", size: $0, modified: 1_700_000_000_000_000_000 + $0,
      changed: 1_700_000_000_000_000_001 + $0, inode: 77 + $0, device: 5)
  }

  /// Every key has a result and an older, different one; some failed last.
  private static func fill(_ store: ResultStore) throws {
    for round in 0..<2 {
      for (i, key) in keys.enumerated() {
        let status: CellResult.Status =
          i % 7 == 6 && round == 1
          ? .failed(reason: "x") : i % 7 == 5 ? .diverged(step: i) : .succeeded
        try store.append(
          StoreSamples.result(
            key, status: status, seconds: Double(100 * round + i), predictions: 50 + 40 * i),
          cell: StoreSamples.cell(key, StoreSamples.recipe(seed: i)), method: "lora",
          recorded: Double(i))
      }
    }
    for (i, file) in files.enumerated() {
      store.remember(String(repeating: "\(i % 10)", count: 64), of: file)
    }
  }

  private static func contents(_ store: ResultStore) throws -> Contents {
    Contents(
      latest: try store.latest(for: keys),
      history: try Dictionary(
        uniqueKeysWithValues: keys.map { ($0, try store.history(of: $0)) }),
      list: try store.list(), digests: files.map(store.digest(of:)))
  }

  @Test("of 300 flipped bits none changes a number: it is noticed, or its result is missing")
  func flippedBits() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try Self.fill(try folder.open())
    let intact = try Data(contentsOf: folder.file)
    let expected = try Self.contents(try folder.open())
    #expect(expected.latest.count == Self.keys.count && expected.digests.allSatisfy { $0 != nil })
    var random = RandomStream(seed: 13, purpose: "flipped bits")
    var (unchanged, missing, errors) = (0, 0, 0)
    for _ in 0..<300 {
      let bit = random.index(below: intact.count * 8)
      var damaged = intact
      damaged[bit / 8] ^= UInt8(1 << (bit % 8))
      for ending in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: folder.file.path + ending)
      }
      try damaged.write(to: folder.file)
      let found: Contents
      do {
        found = try Self.contents(try folder.open())
      } catch let error as StoreError {
        #expect(!error.message.isEmpty)
        errors += 1
        continue
      }
      #expect(found.latest.allSatisfy { expected.latest[$0.key] == $0.value }, "bit \(bit)")
      for (key, results) in found.history {
        #expect(Self.isPart(results, of: expected.history[key] ?? []), "bit \(bit)")
      }
      #expect(Self.isPart(found.list, of: expected.list), "bit \(bit)")
      for (digest, right) in zip(found.digests, expected.digests) {
        #expect(digest == nil || digest == right, "bit \(bit)")
      }
      let isWhole =
        found.latest.count == expected.latest.count && found.list.count == expected.list.count
      if isWhole { unchanged += 1 } else { missing += 1 }
    }
    // Most bits belong to a result, and one that is missing does not keep the others from being read.
    #expect(missing > 100 && unchanged > 0, "\(unchanged) \(missing) \(errors)")
  }

  /// Whether values are some of others, in their order.
  private static func isPart<Value: Equatable>(_ values: [Value], of whole: [Value]) -> Bool {
    var rest = whole[...]
    for value in values {
      guard let index = rest.firstIndex(of: value) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }

  /// Changes a stored column behind the store's back.
  private func change(_ store: ResultStore, _ sql: String) throws {
    try store.write { try $0.execute(sql: sql) }
  }

  @Test(
    "a change in any column of a result or a recipe makes it missing, and is noted",
    arguments: [
      "UPDATE results SET method = 'lorb' WHERE key = 'b'",
      "UPDATE results SET recorded = recorded + 1 WHERE key = 'b'",
      "UPDATE results SET status = 'diverged' WHERE key = 'b'",
      "UPDATE results SET seconds = seconds * 2 WHERE key = 'b'",
      "UPDATE results SET body = substr(body, 1, length(body) - 1) WHERE key = 'b'",
      "UPDATE results SET body = (SELECT body FROM results WHERE key = 'a') WHERE key = 'b'",
      "UPDATE results SET id = 99 WHERE key = 'b'",
      "UPDATE results SET sha256 = x'' WHERE key = 'b'",
      "DELETE FROM results WHERE key = 'b'",
      "UPDATE recipes SET latest = 1 WHERE key = 'b'",
      "UPDATE recipes SET shots = 17 WHERE key = 'b'",
      "UPDATE recipes SET json = replace(json, 'lora', 'lorb') WHERE key = 'b'",
    ])
  func columns(sql: String) throws {
    let store = try ResultStore.inMemory()
    for key in ["a", "b", "c"] {
      try store.append(
        StoreSamples.result(key, predictions: key == "b" ? 6 : 5), cell: StoreSamples.cell(key),
        method: "lora", recorded: 0)
    }
    try change(store, sql)
    #expect(try store.latest(for: ["a", "b", "c"]).keys.sorted() == ["a", "c"])
    #expect(store.damagedKeys == ["b"])
    #expect(
      StoreDamage.lines(store.takeDamage()) == [
        "the stored result of b is damaged and counts as missing"
      ])
    #expect(store.takeDamage().isEmpty)
    // Running the cell again mends it.
    try store.append(
      StoreSamples.result("b", seconds: 2), cell: StoreSamples.cell("b"), method: "lora",
      recorded: 1)
    #expect(try store.latest(for: ["b"])["b"]?.seconds == 2)
    #expect(store.takeDamage().isEmpty)
  }

  @Test("a damaged digest of a file is not used")
  func damagedFingerprint() throws {
    let store = try ResultStore.inMemory()
    store.remember(String(repeating: "a", count: 64), of: Self.files[0])
    try change(store, "UPDATE fingerprints SET digest = replace(digest, 'a', 'b')")
    #expect(store.digest(of: Self.files[0]) == nil)
    #expect(
      StoreDamage.lines(store.takeDamage()) == [
        "the stored file digest of /models/file-0 is damaged; the file was read again"
      ])
  }

  @Test("a result of a newer program is said to be one, and not to be damaged")
  func newerLayout() throws {
    let store = try ResultStore.inMemory()
    try store.append(
      StoreSamples.result("a"), cell: StoreSamples.cell("a"), method: "lora", recorded: 0)
    try store.write { database in
      let row = try #require(
        try Row.fetchOne(database, sql: "SELECT \(ResultRow.selection) FROM results"))
      var result = try #require(ResultRow.read(row))
      result.body[0] = 200
      try database.execute(
        sql: "UPDATE results SET body = ?, sha256 = ?",
        arguments: [result.body, RowDigest.of(result.values)])
    }
    #expect(try store.latest(for: ["a"]).isEmpty)
    #expect(
      StoreDamage.lines(store.takeDamage()) == [
        "the stored result of a is from a newer version of ftreport and counts as missing"
      ])
  }

  @Test("lines name one thing and count the rest")
  func lines() {
    let damage = (1...5).map { StoreDamage.result(key: "\($0)23456789abcdef") }
    #expect(
      StoreDamage.lines(damage) == [
        "the stored result of 12345678 is damaged and counts as missing; so are 4 more"
      ])
  }

  @Test("a database of the first version is read as it is, and every row gets its digest")
  func migration() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try FileManager.default.createDirectory(
      at: folder.file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let (old, failed) = (
      StoreSamples.result("a"), StoreSamples.result("b", status: .failed(reason: "x"))
    )
    do {
      let database = try DatabaseQueue(path: folder.file.path)
      try database.write { database in
        try ResultSchema.migrations[0](database)
        try database.execute(
          sql: "PRAGMA application_id = \(ResultSchema.applicationID); PRAGMA user_version = 1")
        for (i, result) in [StoreSamples.result("a", seconds: 1), old, failed].enumerated() {
          let recipe = StoreSamples.recipe()
          try database.execute(
            sql: "INSERT OR IGNORE INTO recipes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
              result.key, recipe.task, recipe.modelFingerprint, recipe.objective,
              recipe.adaptation, recipe.shots, recipe.seed, try recipe.canonicalJSON(),
            ])
          try database.execute(
            sql: """
              INSERT INTO results (key, method, recorded, status, seconds, body)
              VALUES (?, 'lora', ?, ?, ?, ?)
              """,
            arguments: [
              result.key, i, StoredStatus(result.status).rawValue, result.seconds,
              Data(result.encoded()),
            ])
        }
      }
    }
    let store = try folder.open()
    #expect(try store.latest(for: ["a", "b"]) == ["a": old])
    #expect(try store.history(of: "b") == [failed])
    #expect(try store.list().map(\.id) == [3, 2, 1])
    #expect(try store.nearestRecipe(to: StoreSamples.recipe(), method: "lora") != nil)
    #expect(store.takeDamage().isEmpty)
    let version = try store.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == ResultSchema.version)
  }
}
