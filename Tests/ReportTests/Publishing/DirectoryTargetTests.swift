import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Publishing to a folder")
struct DirectoryTargetTests {
  private let files: TemporaryFolder

  init() throws { files = try TemporaryFolder() }

  private func publish(
    _ reports: PublishableReport..., to path: String = "site", isDry: Bool = false
  ) throws -> PublishedFolder {
    try DirectoryTarget(files.file(path), name: path, version: "1")
      .publish(reports, sources: [], isDry: isDry)
  }

  private func site() throws -> [String: String] {
    try PublishingSamples.files(in: files.file("site"))
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: files.url.path).sorted()
  }

  private func message(_ body: () throws -> PublishedFolder) -> String {
    do {
      _ = try body()
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  @Test("a new folder gets the report, its record, the list and .nojekyll, and nothing beside it")
  func new() throws {
    let folder = try publish(
      PublishingSamples.report("low", files: ["data/x.csv": "1"]), to: "a/site")
    let found = try PublishingSamples.files(in: files.file("a/site"))
    #expect(
      found.keys.sorted() == [
        ".nojekyll", "data/x.csv", "index.html", "low.csv", "low.html", "low.json",
        "low.report.json",
      ])
    #expect(folder.changes.values.allSatisfy { $0 == .added })
    #expect(try FileManager.default.contentsOfDirectory(atPath: files.file("a").path) == ["site"])
    let list = try #require(found["index.html"])
    for text in [
      "<a href=\"low.html\">About low &amp; &lt;more&gt;</a>", "Claims: 2 supported, 1 refuted.",
      "Checks: 3 warned.", "Use lora.", "What it is.", "<a href=\"low.csv\">CSV</a>",
    ] { #expect(list.contains(text), "\(text)") }
  }

  @Test("what others have put into the folder is kept; what a report no longer has is removed")
  func others() throws {
    try files.write("mine", to: "site/own/page.html")
    try files.write("#!/bin/sh\n", to: "site/tool")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: files.file("site/tool").path)
    try FileManager.default.createSymbolicLink(
      atPath: files.file("site/link").path, withDestinationPath: "own/page.html")
    _ = try publish(PublishingSamples.report("high"))
    _ = try publish(PublishingSamples.report("low", files: ["old.csv": "1", "both.csv": "2"]))
    let folder = try publish(PublishingSamples.report("low", "two", files: ["both.csv": "2"]))
    let found = try site()
    #expect(folder.removed == ["old.csv"])
    #expect(folder.changes["both.csv"] == .unchanged)
    #expect(found["own/page.html"] == "mine" && found["link"] == "mine")
    #expect(found["low.html"] == "<p>two</p>" && found["high.html"] == "<p>one</p>")
    #expect(found["old.csv"] == nil && found["both.csv"] == "2")
    #expect(FileManager.default.isExecutableFile(atPath: files.file("site/tool").path))
    let list = try #require(found["index.html"])
    #expect(list.contains("low.html") && list.contains("high.html"))
    #expect(try names() == ["site"])
  }

  @Test("the same again is nothing to do and touches no file")
  func nothing() throws {
    _ = try publish(PublishingSamples.report("low"))
    let page = files.file("site/low.html").path
    let before = try FileManager.default.attributesOfItem(atPath: page)[.systemFileNumber] as? Int
    #expect(try !publish(PublishingSamples.report("low")).hasChanges)
    let after = try FileManager.default.attributesOfItem(atPath: page)[.systemFileNumber] as? Int
    #expect(before == after)
  }

  @Test("a dry run writes nothing")
  func dry() throws {
    #expect(try publish(PublishingSamples.report("low"), isDry: true).hasChanges)
    #expect(try names().isEmpty)
  }

  @Test("a file of someone else's is not written over, and the folder stays as it is")
  func conflict() throws {
    try files.write("mine", to: "site/low.html")
    try files.write("mine", to: "site/index.html")
    #expect(
      message { try publish(PublishingSamples.report("low")) } == """
        site/low.html: error: the file is there already and was not published by ftreport
          help: remove it, or publish to a folder of its own
        """)
    #expect(try site() == ["low.html": "mine", "index.html": "mine"])
    let folder = try publish(PublishingSamples.report("high"))
    #expect(folder.notes.first?.hasPrefix("index.html in site was not written by ftreport") == true)
    #expect(try site()["index.html"] == "mine")
  }

  @Test("a file that another report has with other bytes is not changed under it")
  func shared() throws {
    _ = try publish(PublishingSamples.report("high", files: ["x.csv": "1"]))
    #expect(
      message { try publish(PublishingSamples.report("low", files: ["x.csv": "2"])) }
        .hasPrefix("site/x.csv: error: the report 'high' has another file of this name"))
    _ = try publish(
      PublishingSamples.report("low", files: ["x.csv": "2"]),
      PublishingSamples.report("high", files: ["x.csv": "2"]))
    #expect(try site()["x.csv"] == "2")
  }

  @Test("a link to a report that is not there is refused, unless both are published")
  func pages() throws {
    let low = PublishingSamples.report("low", pages: ["high"])
    #expect(
      message { try publish(low) }
        == """
        reports/low.md: error: the page links to the report 'high', which is not in site
          help: publish both at once, with both sources on the command line
        """)
    _ = try publish(low, PublishingSamples.report("high"))
    _ = try publish(low)
  }

  @Test("a folder with the source or a repository in it is refused, and so is a file")
  func refusals() throws {
    try files.write("x", to: "site/reports/low.md")
    try files.write("x", to: "repo/.git")
    try files.write("x", to: "file")
    let report = PublishingSamples.report("low")
    func refusal(_ path: String, sources: [URL] = []) -> String {
      message {
        try DirectoryTarget(files.file(path), name: path, version: "1")
          .publish([report], sources: sources, isDry: false)
      }
    }
    #expect(
      refusal("site", sources: [files.file("site/reports")]).contains("contains the source"))
    #expect(refusal("repo").contains("is a git working tree"))
    #expect(refusal("file").contains("this is no folder"))
  }

  @Test("what a killed publication left is removed by the next one, or put back")
  func leftovers() throws {
    _ = try publish(PublishingSamples.report("low"))
    try files.write("half", to: ".site.ftreport-1/low.html")
    _ = try publish(PublishingSamples.report("low", "two"))
    #expect(try names() == ["site"])
    // On a file system that cannot exchange folders, a kill between two renames leaves none.
    try FileManager.default.moveItem(
      at: files.file("site"), to: files.file(".site.ftreport-1-old"))
    _ = try publish(PublishingSamples.report("high"))
    #expect(try site()["low.html"] == "<p>two</p>")
    #expect(try names() == ["site"])
  }

  @Test("publications at once all arrive")
  func together() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<6 {
        group.addTask {
          _ = try DirectoryTarget(files.file("site"), name: "site", version: "1")
            .publish([PublishingSamples.report("report\(number)")], sources: [], isDry: false)
        }
      }
      try await group.waitForAll()
    }
    let found = try site()
    for number in 0..<6 {
      #expect(found["report\(number).html"] != nil)
      #expect(found["index.html"]?.contains("report\(number).html") == true)
    }
    #expect(try names() == ["site"])
  }
}
