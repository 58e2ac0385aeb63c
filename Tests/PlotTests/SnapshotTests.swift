import Foundation
import Testing

@testable import Plot

@Suite("Display lists") struct SnapshotTests {
  @Test("a chart's display list is the recorded one", arguments: Example.allCases)
  func displayList(example: Example) throws {
    let list = try example.chart.displayList(theme: .light, width: 720, metrics: .fixed)
    try expect(list.description, matches: "\(example.rawValue).txt")
  }

  @Test("panels of a narrow chart go below each other as recorded")
  func narrow() throws {
    let list = try Example.dots.chart.displayList(theme: .dark, width: 360, metrics: .fixed)
    try expect(list.description, matches: "dots-narrow.txt")
  }

  @Test("a chart's canonical text is the recorded one")
  func canonicalText() throws {
    try expect(Example.memory.chart.canonicalText, matches: "memory-canonical.txt")
  }

  /// Compares with a recorded file; `RECORD_SNAPSHOTS=1` in the environment records it anew.
  private func expect(_ text: String, matches name: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("__Snapshots__/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "\(name) differs; if intended, record with RECORD_SNAPSHOTS=1")
  }
}
