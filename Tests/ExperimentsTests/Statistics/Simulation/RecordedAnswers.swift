import Engine
import Foundation

@testable import Experiments

/// Answers that the methods of the default page gave, as a population to draw studies from.
///
/// Recorded from `reports/lowresource.md`: six methods at 128 examples and five at 32, six seeds each.
struct RecordedAnswers: Decodable, Sendable {
  private struct Method: Decodable, Sendable {
    let name: String
    /// One a seed: a bit an item, in base64, the lowest bit of a byte first.
    let right: [Data]
  }

  let name: String
  let items: Int
  private let methods: [Method]

  static let all = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Parity/Fixtures/page-answers.json")
    return try JSONDecoder().decode([RecordedAnswers].self, from: Data(contentsOf: file))
  }

  /// Right answers, `[methods][seeds][items]`.
  var right: [[[Bool]]] {
    methods.map { method in
      method.right.map { bits in
        let bytes = [UInt8](bits)
        return (0..<items).map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
      }
    }
  }

  /// Means over all recorded seeds and items, which are the truth of drawn studies.
  static func truths(of right: [[[Bool]]]) -> [Double] {
    right.map { method in
      let answers = method.joined()
      return Double(answers.count { $0 }) / Double(answers.count)
    }
  }

  /// A study of drawn seeds and items, the same for each method.
  static func drawn(
    from right: [[[Bool]]], seeds: Int, items: Int, _ stream: inout RandomStream
  ) -> [CrossedScores] {
    let population = (seeds: right[0].count, items: right[0][0].count)
    let chosenSeeds = (0..<seeds).map { _ in stream.index(below: population.seeds) }
    let chosenItems = (0..<items).map { _ in stream.index(below: population.items) }
    return right.map { method in
      CrossedScores(
        right: chosenSeeds.map { seed in
          let row = method[seed]
          return chosenItems.map { row[$0] }
        }, of: "items")
    }
  }
}
