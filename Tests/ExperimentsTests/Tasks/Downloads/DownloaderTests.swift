import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Downloads")
struct DownloaderTests {
  private static let body = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }

  private func digest(of bytes: [UInt8]) throws -> String {
    let folder = try TaskFolder()
    try folder.write(bytes, to: "file")
    return try folder.digest(of: "file")
  }

  private func leftovers(in folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
  }

  @Test("a file arrives whole, is checked and leaves nothing beside it")
  func whole() throws {
    let server = try LocalServer(["/a.txt": .init(Self.body)])
    let folder = try TemporaryFolder()
    var seen: [Int?] = []
    let known = try digest(of: Self.body)
    let found = try Downloader { seen.append($0 == Self.body.count ? $1 : nil) }
      .fetch(server.address("/a.txt"), to: folder.file("a.txt"), expected: .sha256(known))
    #expect(found == known)
    #expect(try Data(contentsOf: folder.file("a.txt")) == Data(Self.body))
    #expect(try leftovers(in: folder) == ["a.txt"])
    #expect(seen.last == Self.body.count)
  }

  @Test("a broken connection is taken up where it broke")
  func broken() throws {
    let server = try LocalServer([
      "/a": .init(Self.body, tag: "\"1\"", breaksAfter: 10_000, breaks: 2)
    ])
    let folder = try TemporaryFolder()
    try Downloader().fetch(server.address("/a"), to: folder.file("a"), expected: nil)
    #expect(try Data(contentsOf: folder.file("a")) == Data(Self.body))
    #expect(server.ranges == ["", "bytes=10000-", "bytes=20000-"])
  }

  @Test("what arrived before giving up is kept for the next time")
  func resumed() throws {
    let server = try LocalServer([
      "/a": .init(Self.body, tag: "\"1\"", breaksAfter: 10_000, breaks: 1)
    ])
    let folder = try TemporaryFolder()
    let address = server.address("/a")
    let error = #expect(throws: FetchError.self) {
      try Downloader(resumptions: 0).fetch(address, to: folder.file("a"), expected: nil)
    }
    #expect(
      error?.description == """
        \(address): error: the connection broke after 10000 of 50000 bytes
          help: run the same command again; it resumes where this one stopped
        """)
    #expect(try leftovers(in: folder) == ["a.part", "a.part.headers"])
    try Downloader().fetch(
      address, to: folder.file("a"), expected: .sha256(try digest(of: Self.body)))
    #expect(server.ranges == ["", "bytes=10000-"])
    #expect(try leftovers(in: folder) == ["a"])
  }

  @Test(
    "a file that changed, or a server that cannot go on, means starting over",
    arguments: [true, false])
  func changed(knowsRanges: Bool) throws {
    let server = try LocalServer([
      "/a": .init(Self.body, tag: "\"1\"", breaksAfter: 10_000, breaks: 1)
    ])
    let folder = try TemporaryFolder()
    _ = try? Downloader(resumptions: 0).fetch(
      server.address("/a"), to: folder.file("a"), expected: nil)
    let other = Array(Self.body.reversed())
    server.replace("/a", with: .init(other, tag: "\"2\"", knowsRanges: knowsRanges))
    try Downloader().fetch(server.address("/a"), to: folder.file("a"), expected: nil)
    #expect(try Data(contentsOf: folder.file("a")) == Data(other))
  }

  @Test("a part that is complete already is fetched again rather than trusted")
  func completePart() throws {
    let server = try LocalServer(["/a": .init(Self.body)])
    let folder = try TemporaryFolder()
    try folder.write(Data(Self.body.reversed()), to: "a.part")
    try Downloader().fetch(server.address("/a"), to: folder.file("a"), expected: nil)
    #expect(try Data(contentsOf: folder.file("a")) == Data(Self.body))
  }

  @Test("a wrong checksum keeps nothing")
  func wrongChecksum() throws {
    let server = try LocalServer(["/a": .init(Self.body)])
    let folder = try TemporaryFolder()
    let wrong = String(repeating: "0", count: 64)
    let address = server.address("/a")
    let error = #expect(throws: FetchError.self) {
      try Downloader().fetch(address, to: folder.file("a"), expected: .sha256(wrong))
    }
    #expect(
      error?.description == """
        \(address): error: the file's SHA-256 is \(try digest(of: Self.body)), not \(wrong)
          help: nothing was kept; the file has changed at its source, or another server answered
        """)
    #expect(try leftovers(in: folder).isEmpty)
  }

  @Test("a stale part does not spoil a file whose checksum is known")
  func stalePart() throws {
    let server = try LocalServer(["/a": .init(Self.body)])
    let folder = try TemporaryFolder()
    try folder.write(Data(repeating: 1, count: 100), to: "a.part")
    try Downloader().fetch(
      server.address("/a"), to: folder.file("a"), expected: .sha256(try digest(of: Self.body)))
    #expect(try Data(contentsOf: folder.file("a")) == Data(Self.body))
  }

  @Test("a missing page and a server that is not there say what to do")
  func failures() throws {
    let server = try LocalServer([:])
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FetchError.self) {
      try Downloader().fetch(server.address("/x"), to: folder.file("a"), expected: nil)
    }
    #expect(
      missing?.description == """
        \(server.address("/x")): error: the server answered with status 404
          help: the file may have moved; download it yourself and put it where 'ftreport data ls' looks
        """)
    let nowhere = "http://127.0.0.1:9/x"
    let unreachable = #expect(throws: FetchError.self) {
      try Downloader().fetch(nowhere, to: folder.file("a"), expected: nil)
    }
    guard case .unreachable(let detail) = unreachable?.reason else {
      Issue.record("\(String(describing: unreachable))")
      return
    }
    #expect(detail.contains("127.0.0.1"))
    #expect(unreachable?.help == "check the connection, then run the same command again")
  }

  @Test("a folder that cannot be written and a program that is not there are named")
  func system() throws {
    let server = try LocalServer(["/a": .init(Self.body)])
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) {
      try Downloader().fetch(server.address("/a"), to: folder.file("no/such/a"), expected: nil)
    }
    guard case .unwritable(let path, _) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == folder.file("no/such/a.part").path)
    let missing = #expect(throws: FetchError.self) {
      _ = try SystemProgram(name: "ftreport-no-such-program").run([], for: "http://x")
    }
    #expect(
      missing?.description == """
        http://x: error: the program 'ftreport-no-such-program' is not installed
          help: install it, for example with 'apt-get install ftreport-no-such-program'
        """)
  }
}
