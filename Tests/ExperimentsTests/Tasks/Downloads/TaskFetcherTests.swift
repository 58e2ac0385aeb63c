import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats

@Suite("Fetching a task's files")
struct TaskFetcherTests {
  private static let rows = "text\tlabel\na\tgood\nb\tbad\nc\tgood\n"

  private static func task(_ downloads: String) throws -> TaskDefinition {
    try TaskFile.read(
      """
      labels: [good, bad]
      fields: [text]
      files:
        train: set/train.tsv
        in-domain: [set/dev.tsv, {path: mine.tsv, note: a sample}]
        ood: other.tsv
      downloads:
      \(downloads)
      """, file: "small.yml")
  }

  private final class Log {
    var events: [TaskFetcher.Event] = []
  }

  private func fetch(_ task: TaskDefinition, into folder: TemporaryFolder) throws -> (
    isComplete: Bool, events: [TaskFetcher.Event]
  ) {
    let log = Log()
    let fetcher = TaskFetcher(
      into: folder.url, using: Downloader(), report: { log.events.append($0) })
    return (try fetcher.fetch(task), log.events)
  }

  @Test("archives are unpacked, files put in place and what was fetched is written down")
  func fetched() throws {
    let archive = StoredArchive.bytes([
      ("set/train.tsv", Self.rows), ("set/dev.tsv", Self.rows), ("set/more.tsv", "x"),
    ])
    let server = try LocalServer([
      "/set.zip": .init(archive), "/other.txt": .init(Array(Self.rows.utf8)),
    ])
    let task = try Self.task(
      """
        - {url: "\(server.address("/set.zip"))", unzip: [set/train.tsv, set/dev.tsv]}
        - {url: "\(server.address("/other.txt"))", to: other.tsv}
      """)
    let folder = try TemporaryFolder()
    try folder.write(Self.rows, to: "mine.tsv")
    let first = try fetch(task, into: folder)
    #expect(first.isComplete)
    #expect(
      first.events == [
        .begins(server.address("/set.zip")),
        .fetched(path: "set/train.tsv", isVerified: false),
        .fetched(path: "set/dev.tsv", isVerified: false),
        .begins(server.address("/other.txt")), .fetched(path: "other.tsv", isVerified: false),
      ])
    #expect(try folder.text(of: "set/dev.tsv") == Self.rows)
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).sorted() == [
        "SHA256SUMS", "mine.tsv", "other.tsv", "set", "set/dev.tsv", "set/train.tsv",
      ])
    #expect(try folder.text(of: "SHA256SUMS").split(separator: "\n").count == 3)

    let second = try fetch(task, into: folder)
    #expect(
      second.events == [.present(["set/train.tsv", "set/dev.tsv"]), .present(["other.tsv"])])
    #expect(server.ranges.count == 2)
    #expect(!TaskVerification(of: task, in: TaskLoader(folder: folder.url)).hasProblem)

    try folder.write(Self.rows + "d\tbad\n", to: "other.tsv")
    let changed = TaskVerification(of: task, in: TaskLoader(folder: folder.url))
    let problem = try #require(changed.findings.first { $0.level == .problem })
    #expect(problem.message.hasPrefix("ood: the SHA-256 of other.tsv is "))
    #expect(
      problem.help == "the file has changed since the download; delete it and fetch it again")
  }

  @Test(
    "a path that leaves the folder is a mistake in the task file",
    arguments: ["../evil.tsv", "/tmp/evil.tsv", "set/../../evil.tsv", "set/./evil.tsv", "-o", ""])
  func outside(path: String) throws {
    for download in ["to: \"\(path)\"", "unzip: [\"\(path)\"]"] {
      let error = try #require(throws: Mistakes.self) {
        try Self.task("  - {url: \"https://a.b/c\", \(download)}")
      }
      #expect(error.diagnostics.count == 1)
    }
  }

  @Test("nothing is written outside of the folder, wherever links in it lead")
  func links() throws {
    let archive = StoredArchive.bytes([("set/train.tsv", Self.rows), ("set/dev.tsv", Self.rows)])
    let server = try LocalServer([
      "/set.zip": .init(archive), "/other.txt": .init(Array(Self.rows.utf8)),
    ])
    let (zip, other) = (server.address("/set.zip"), server.address("/other.txt"))
    var definition = try Self.task("  - {url: \"\(other)\", to: other.tsv}")
    // As a program, not a task file, could ask for it.
    definition.about.downloads = [
      Download(.address(other, sha256: nil), files: ["../evil.tsv"])
    ]
    definition.files[2].candidates = [DataFile.Candidate("../evil.tsv")]
    for (task, link, path) in [
      (definition, nil, "../evil.tsv"),
      (
        try Self.task("  - {url: \"\(zip)\", unzip: [set/train.tsv, set/dev.tsv]}"), "set",
        "set/train.tsv"
      ),
      (try Self.task("  - {url: \"\(other)\", to: other.tsv}"), "other.tsv.part", "other.tsv"),
      (
        try Self.task("  - {url: \"\(other)\", to: other.tsv}"), "other.tsv.part.headers",
        "other.tsv"
      ),
      (
        try Self.task("  - {url: \"\(zip)\", unzip: [set/train.tsv, set/dev.tsv]}"), "set.zip.part",
        "set.zip"
      ),
    ] {
      let (folder, far) = (try TemporaryFolder(), try TemporaryFolder())
      if let link {
        try FileManager.default.createSymbolicLink(
          at: folder.file(link),
          withDestinationURL: link == "set" ? far.url : far.file("victim"))
      }
      let error = try #require(throws: FetchError.self) { try fetch(task, into: folder) }
      #expect(error.reason == .outside(path: path, link: link.map { folder.file($0).path }))
      #expect(try FileManager.default.contentsOfDirectory(atPath: far.url.path).isEmpty)
    }
  }

  @Test("an archive without the member, or that is none, says so and leaves nothing")
  func brokenArchives() throws {
    let server = try LocalServer([
      "/set.zip": .init(StoredArchive.bytes([("set/train.tsv", Self.rows)])),
      "/no.zip": .init(Array("no archive".utf8)),
    ])
    for (path, files) in [("/set.zip", ["set", "set/train.tsv"]), ("/no.zip", ["set"])] {
      let task = try Self.task(
        "  - {url: \"\(server.address(path))\", unzip: [set/train.tsv, set/dev.tsv]}")
      let folder = try TemporaryFolder()
      let error = #expect(throws: FetchError.self) { try fetch(task, into: folder) }
      guard case .brokenArchive = error?.reason else {
        Issue.record("\(String(describing: error))")
        continue
      }
      let left = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
      #expect(left.filter { $0 != ChecksumRecord.name }.sorted() == files)
    }
  }

  @Test("what only a person can do is said")
  func byHand() throws {
    let task = try Self.task("  - {by-hand: generate it, to: other.tsv}")
    let folder = try TemporaryFolder()
    let outcome = try fetch(task, into: folder)
    #expect(!outcome.isComplete)
    #expect(outcome.events == [.byHand("generate it", files: ["other.tsv"])])
  }

  @Test("verification says what is missing and how to get it, what overlaps, and the counts")
  func verification() throws {
    let task = try Self.task(
      """
        - {url: "http://x/set.zip", unzip: [set/train.tsv, set/dev.tsv]}
        - {by-hand: generate it, to: other.tsv}
      """)
    let folder = try TemporaryFolder()
    let loader = TaskLoader(folder: folder.url)
    let path = folder.url.path
    #expect(
      TaskVerification(of: task, in: loader).findings == [
        .init(.problem, "train: not in \(path)", help: "'ftreport data fetch small' downloads it"),
        .init(
          .problem, "in-domain: not in \(path)", help: "'ftreport data fetch small' downloads it"),
        .init(.problem, "ood: not in \(path)", help: "generate it"),
      ])
    try folder.write(Self.rows, to: "set/train.tsv")
    try folder.write("text\tlabel\na\tgood\nz\tbad\n", to: "mine.tsv")
    try folder.write("text\tlabel\ny\tgood\nz\tugly\n", to: "other.tsv")
    #expect(
      TaskVerification(of: task, in: loader).findings.last
        == .init(
          .problem, "ood: \(path)/other.tsv:3:3: 'ugly' is not a label of the task",
          help: "the label column may contain bad, good"))
    try folder.write("text\tlabel\ny\tgood\nz\tbad\n", to: "other.tsv")
    let unknown = "so it was not checked"
    #expect(
      TaskVerification(of: task, in: loader).findings == [
        .init(.fine, "train: set/train.tsv, 3 rows (good 2, bad 1)"),
        .init(.note, "train: there is no known checksum for set/train.tsv, \(unknown)"),
        .init(.fine, "in-domain: mine.tsv, 2 rows (good 1, bad 1)"),
        .init(.note, "in-domain: a sample"),
        .init(.note, "in-domain: there is no known checksum for mine.tsv, \(unknown)"),
        .init(.fine, "ood: other.tsv, 2 rows (good 1, bad 1)"),
        .init(.note, "ood: there is no known checksum for other.tsv, \(unknown)"),
        .init(.fine, "set in-domain: 2 examples; the commonest class has 50.0 %"),
        .init(.fine, "set ood: 2 examples; the commonest class has 50.0 %"),
        .init(.note, "1 of the 2 examples of in-domain are in train too"),
        .init(.note, "1 of the 2 examples of ood are in in-domain too"),
      ])
  }
}
