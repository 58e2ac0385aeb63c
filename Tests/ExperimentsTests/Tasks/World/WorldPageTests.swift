import Foundation
import Testing

@testable import Experiments

@Suite("The page about the world")
struct WorldPageTests {
  static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/world.md")

  /// A pair of each variant, as a table.
  static var phenomena: String {
    let rows = PhenomenonRegistry.standard.phenomena.flatMap { phenomenon in
      phenomenon.variants.map { variant in
        var composer = Composer(seed: 1, purpose: "page, \(phenomenon.name), \(variant.name)")
        let pair = variant.pair(&composer)
        return [
          phenomenon.name, variant.name, pair.good.joined(separator: " "),
          pair.bad.joined(separator: " "),
        ]
      }
    }
    return table([["phenomenon", "variant", "good", "bad"]] + rows)
  }

  /// The first pair of each class and heuristic out of domain, as a table.
  static var inferences: String {
    let rows = (InferenceData.rows["ood"] ?? [])
    let shown = InferenceFamily.heuristics.flatMap { family in
      [0, 1].compactMap { label in
        rows.first { $0.group == family.name && $0.label == label }
      }
    }
    return table(
      [["subset", "premise", "hypothesis", "class"]]
        + shown.map { [$0.group] + $0.texts + [$0.variant] })
  }

  private static func table(_ rows: [[String]]) -> String {
    let lines = rows.map { "| " + $0.joined(separator: " | ") + " |" }
    let rule = "|" + String(repeating: "---|", count: rows[0].count)
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  @Test("its examples are the world's own", arguments: ["phenomena", "inferences"])
  func examples(part: String) throws {
    let expected = part == "phenomena" ? Self.phenomena : Self.inferences
    var text = try String(contentsOf: Self.page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- \(part) -->\n"))
    let end = try #require(text[start.upperBound...].range(of: "<!-- end -->"))
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      text.replaceSubrange(start.upperBound..<end.lowerBound, with: expected + "\n")
      try text.write(to: Self.page, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start.upperBound..<end.lowerBound] == expected + "\n")
    }
  }
}
