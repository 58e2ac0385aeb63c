import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite("Reports that ship") struct ShippedReportTests {
    private static let reports = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("reports")

    private func check(_ name: String, _ parameters: [String] = []) throws -> CommandResult {
      let folder = try TemporaryFolder()
      let source = Self.reports.appendingPathComponent("\(name).md").path
      return try CommandProcess(
        ["check", source] + parameters.flatMap { ["-P", $0] }, in: folder.url
      ).finish()
    }

    @Test(
      "on the built-in model they need no files and hold no mistakes",
      arguments: ["quickstart", "lowresource", "methods"])
    func builtin(name: String) throws {
      let result = try check(name)
      #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
      "on real data and a checkpoint the study holds none either",
      .enabled(if: SharedData.isPresent))
    func realData() throws {
      let data = SharedData.data("").path
      let model = SharedData.data("models/stories260K").path
      let result = try check(
        "lowresource", ["suite=glue", "data=\(data)", "model=\(model)", "profile=full"])
      #expect(result.status == 0, "\(result.errors)")
    }
  }
}
