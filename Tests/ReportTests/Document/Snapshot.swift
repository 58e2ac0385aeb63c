import Foundation
import Testing

/// Text recorded under `__Snapshots__`, compared on every run.
enum Snapshot {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("__Snapshots__")

  /// Compares a text with its record, or records it when RECORD_SNAPSHOTS=1.
  static func check(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      return
    }
    let recorded = try #require(
      try? String(contentsOf: url, encoding: .utf8),
      "no snapshot \(name); record it with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
    guard recorded != text else { return }
    let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).prefix { $0 == $1 }.count
    let was = line < old.count ? String(old[line].prefix(300)) : "(end)"
    let now = line < new.count ? String(new[line].prefix(300)) : "(end)"
    Issue.record(
      "\(name) differs at line \(line + 1):\n  was: \(was)\n  now: \(now)",
      sourceLocation: sourceLocation)
  }
}
