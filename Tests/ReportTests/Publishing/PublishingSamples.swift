import Foundation
import TestSupport
import Testing

@testable import Report

/// Reports made by hand, and git.
enum PublishingSamples {
  static func report(
    _ name: String, _ text: String = "one", files: [String: String] = [:], pages: [String] = []
  ) -> PublishableReport {
    var made = [
      PublishedFile(path: "\(name).html", text: "<p>\(text)</p>"),
      PublishedFile(path: "\(name).json", text: "{}"),
      PublishedFile(path: "\(name).csv", text: "a\r\n"),
    ]
    made += files.map { PublishedFile(path: $0.key, text: $0.value) }.sorted { $0.path < $1.path }
    var record = ReportRecord(
      generator: "ftreport 1", name: name, title: "About \(name) & <more>", authors: ["Ada"],
      date: "2026-01-0\(name.utf8.count % 9)", description: "What it is.",
      source: "reports/\(name).md",
      sourceDigest: String(repeating: "a", count: 64),
      commit: ReportRecord.Commit(id: "0123abc", isModified: true),
      claims: [.init(outcome: "supported", count: 2), .init(outcome: "refuted", count: 1)],
      failedChecks: 0, warnedChecks: 3, recommendations: ["Use lora."])
    record.files = made.map { ReportRecord.File(path: $0.path, contents: $0.contents) }
      .sorted { $0.path < $1.path }
    return PublishableReport(
      record: record,
      files: made + [PublishedFile(path: name + ReportRecord.suffix, contents: record.data)],
      pages: pages)
  }

  /// A folder's text files by path, hidden ones too.
  static func files(in folder: URL) throws -> [String: String] {
    var found: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      var isFolder: ObjCBool = false
      let file = folder.appendingPathComponent(path)
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      found[path] = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
    return found
  }
}

/// A repository with a source in it and a bare remote, with nothing of the user's own configuration.
final class PublishingRepository: Sendable {
  let files: TemporaryFolder
  let work: URL

  init(commits: Bool = true, identity: Bool = true) throws {
    files = try TemporaryFolder()
    work = files.file("work")
    try files.write("---\ntitle: T\n---\n", to: "work/reports/low.md")
    try git("init", "--quiet", "--initial-branch=main")
    if identity {
      try git("config", "user.name", "Ada")
      try git("config", "user.email", "ada@example.org")
    }
    try git(in: files.url, "init", "--quiet", "--bare", "remote.git")
    try git("remote", "add", "origin", files.file("remote.git").path)
    if commits {
      try git("add", ".")
      try git("commit", "--quiet", "-m", "Start")
    }
  }

  @discardableResult
  func git(in folder: URL? = nil, _ arguments: String...) throws -> String {
    let outcome = try GitRepository(folder: folder ?? work).run(arguments)
    try #require(outcome.status == 0, "git \(arguments): \(outcome.complaint)")
    return outcome.text
  }

  func target(
    _ branch: String = "pages", folder: String = "", remote: String? = nil, pushes: Bool = false,
    in work: URL? = nil
  ) -> GitTarget {
    GitTarget(
      sourceFolder: (work ?? self.work).appendingPathComponent("reports"), branch: branch,
      folder: folder, remote: remote, pushes: pushes, version: "1")
  }

  /// Paths of a branch.
  func paths(_ branch: String, in folder: URL? = nil) throws -> [String] {
    try git(in: folder, "ls-tree", "-r", "--name-only", branch).split(separator: "\n").map(
      String.init)
  }

  /// What a publication must leave as it is.
  func state() throws -> [String] {
    [
      try git("status", "--porcelain", "--branch"),
      try git("rev-parse", "--symbolic-full-name", "HEAD"),
      try git("ls-files", "--stage"),
      try Data(contentsOf: work.appendingPathComponent(".git/index")).base64EncodedString(),
    ]
  }

  func hook(_ name: String, _ text: String, in repository: String) throws {
    try files.write("#!/bin/sh\n\(text)\n", to: "\(repository)/hooks/\(name)")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: files.file("\(repository)/hooks/\(name)").path)
  }
}
