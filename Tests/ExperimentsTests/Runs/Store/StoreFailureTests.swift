import Foundation
import GRDB
import Testing

@testable import Experiments

@Suite("Damaged, foreign and shared databases")
struct StoreFailureTests {
  private func filled(_ folder: StoreFolder) throws {
    let store = try folder.open()
    try store.append(
      (0..<200).map {
        ResultRecord(
          StoreSamples.result("k\($0)", predictions: 3000), cell: StoreSamples.cell("k\($0)"),
          method: "lora", recorded: 0)
      })
  }

  private func failure(of body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch { return error as? StoreError }
  }

  @Test("a file that is no database is an error that says what to do")
  func noDatabase() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try folder.write(String(repeating: "this is a text, not a database\n", count: 100))
    let error = try #require(failure { _ = try folder.open() })
    #expect(
      error.description == """
        \(folder.file.path): error: the results database is damaged: file is not a database
          help: restore a copy, or move the file away together with its -wal and -shm files: the \
        next build then runs the cells again
        """)
  }

  @Test("a database of a newer version is an error, and keeps its version")
  func newer() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try filled(folder)
    try folder.patch([0, 0, 0, 9], at: 60)  // user_version, big-endian
    let error = try #require(failure { _ = try folder.open() })
    #expect(error.reason == .newerVersion(found: 9, supported: ResultSchema.version))
    #expect(try Data(contentsOf: folder.file)[60..<64] == Data([0, 0, 0, 9]))
  }

  @Test("a database of another program is an error")
  func foreign() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try filled(folder)
    try folder.patch([1, 2, 3, 4], at: 68)  // application_id
    #expect(failure { _ = try folder.open() }?.reason == .foreign)
  }

  @Test("damage within the file is an error where it is met")
  func damagedPages() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try filled(folder)
    let size = try Data(contentsOf: folder.file).count
    for page in 1..<(size / 4096) {
      try folder.patch(Array(repeating: 0xA5, count: 4000), at: UInt64(page * 4096))
    }
    let error = failure { _ = try folder.open().latest(for: (0..<200).map { "k\($0)" }) }
    guard case .corrupt = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a folder that cannot be made is an error")
  func noFolder() throws {
    let error = failure { _ = try ResultStore(at: URL(fileURLWithPath: "/dev/null/x/r.sqlite")) }
    guard case .unusable = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("stores opened and written at once lose nothing")
  func sharing() async throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try folder.open()
          for i in 0..<25 {
            let key = "\(writer)-\(i)"
            try store.append(
              StoreSamples.result(key), cell: StoreSamples.cell(key), method: "lora",
              recorded: 0)
            _ = try store.latest(for: [key])
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try folder.open()
    #expect(try store.list().count == 100)
    #expect(store.takeDamage().isEmpty)
  }

  @Test("a writer waits for another process that holds the lock")
  func otherProcess() throws {
    let folder = StoreFolder()
    defer { folder.remove() }
    try filled(folder)
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    other.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys, time
      database = sqlite3.connect(sys.argv[1], isolation_level=None)
      database.execute('BEGIN IMMEDIATE')
      print('locked', flush=True)
      time.sleep(0.4)
      database.execute("INSERT INTO builds (source, started, planned, cached) VALUES ('x', 0, 0, 0)")
      database.execute('COMMIT')
      """, folder.file.path,
    ]
    let output = Pipe()
    other.standardOutput = output
    other.standardError = FileHandle.nullDevice
    try other.run()
    defer { other.waitUntilExit() }
    guard try output.fileHandleForReading.read(upToCount: 6) == Data("locked".utf8) else { return }
    let store = try folder.open()
    let build = try store.beginBuild(of: "mine", planned: 0, cached: 0, at: 1)
    #expect(build == 2)
    let sources = try store.read { database in
      try String.fetchAll(database, sql: "SELECT source FROM builds ORDER BY id")
    }
    #expect(sources == ["x", "mine"])
  }
}
