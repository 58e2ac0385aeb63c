import Foundation
import TestSupport
import Testing

@testable import Report

@Suite struct WorkspaceTests {
  private let files: TemporaryFolder

  init() throws { files = try TemporaryFolder() }

  private func make(_ path: String) throws {
    try FileManager.default.createDirectory(
      at: files.file(path), withIntermediateDirectories: true)
  }

  private func state(source: String, from current: String) -> String {
    Workspace(source: files.file(source), currentFolder: files.file(current)).stateFolder.path
  }

  @Test("state lies in the current folder when the source is below it")
  func below() throws {
    try make("project/reports")
    #expect(
      state(source: "project/reports/a.md", from: "project")
        == files.file("project/.ftreport").path)
  }

  @Test("state lies beside a source that is elsewhere, as in a folder with a longer name")
  func beside() throws {
    try make("project-two")
    try make("project")
    #expect(
      state(source: "project-two/a.md", from: "project")
        == files.file("project-two/.ftreport").path)
  }

  @Test("the nearest state above the source wins, wherever the command runs")
  func nearest() throws {
    try make("project/.ftreport")
    try make("project/reports/deep")
    for current in ["project", "project/reports", "project/reports/deep", "."] {
      #expect(
        state(source: "project/reports/deep/a.md", from: current)
          == files.file("project/.ftreport").path)
    }
    try make("project/reports/.ftreport")
    #expect(
      state(source: "project/reports/deep/a.md", from: "project")
        == files.file("project/reports/.ftreport").path)
  }

  @Test("database and charts lie in the state folder")
  func places() throws {
    let workspace = Workspace(source: files.file("a.md"), currentFolder: files.url)
    #expect(workspace.database.path == files.file(".ftreport/results.sqlite").path)
    #expect(workspace.chartCache.path == files.file(".ftreport/charts").path)
  }

  @Test("a path means one beside the source, else one below the current folder")
  func folders() throws {
    try make("project/reports/model")
    try make("project/model")
    try make("project/data")
    let workspace = Workspace(
      source: files.file("project/reports/a.md"), currentFolder: files.file("project"))
    #expect(workspace.folder("model").path == files.file("project/reports/model").path)
    #expect(workspace.folder("data").path == files.file("project/data").path)
    #expect(workspace.folder("../data").path == files.file("project/data").path)
    #expect(workspace.folder("nowhere").path == files.file("project/reports/nowhere").path)
    #expect(workspace.folder(files.file("far").path).path == files.file("far").path)
  }
}
