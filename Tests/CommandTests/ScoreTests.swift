import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct ScoreTests {
    @Test("targets that begin with the same token are distinguished by all of their tokens")
    func sharedFirstToken() throws {
      let lines = try Self.score([
        ["text": "the dog", "targets": [" sees a cat", " sees the man", " sees"]],
        ["text": "the dog sees", "targets": [" a cat", " the man"]],
      ])
      let first = try #require(lines[0]["targets"] as? [[String: Any]])
      let logits = try #require(lines[0]["logits"] as? [Double])
      #expect(logits[0] == logits[1])
      let sums = try first.map { try #require($0["logProbability"] as? Double) }
      #expect(abs(sums[0] - sums[1]) > 1e-3)
      // log p(ab | x) = log p(a | x) + log p(b | xa)
      let rest = try #require(lines[1]["targets"] as? [[String: Any]]).map {
        try #require($0["logProbability"] as? Double)
      }
      #expect(abs(sums[0] - sums[2] - rest[0]) < 1e-4)
      #expect(abs(sums[1] - sums[2] - rest[1]) < 1e-4)
      #expect(first.map { ($0["ids"] as? [Int])?.count } == [3, 3, 1])
    }

    @Test("blanks at the end of the text belong to the target")
    func trailingBlanks() throws {
      let lines = try Self.score([
        ["text": "the dog ", "targets": ["sees", "runs"]],
        ["text": "the dog", "targets": [" sees", " runs"]],
      ])
      let parts = lines.map { line in
        (line["targets"] as? [[String: Any]])?.compactMap { $0["logProbability"] as? Double }
      }
      #expect(parts[0] == parts[1])
      #expect(lines[0]["ids"] as? [Int] == lines[1]["ids"] as? [Int])
    }

    @Test("the greedy continuation is marked, and no other")
    func greedy() throws {
      let line = try #require(
        try Self.score([["text": "the dog", "targets": [" sees", " runs", " not"]]]).first)
      let best = try #require(line["argmax"] as? Int)
      let targets = try #require(line["targets"] as? [[String: Any]])
      for target in targets {
        #expect(target["isGreedy"] as? Bool == ((target["ids"] as? [Int]) == [best]))
      }
    }

    @Test(
      "a target that adds nothing to the text is a mistake with its line",
      arguments: ["", "\u{FEFF}"])
    func emptyTarget(mark: String) throws {
      let study = try StudyFolder()
      let input = study.files.file("lines")
      try Data((mark + #"{"text":"the dog","targets":[""]}"#).utf8).write(to: input)
      let result = try CommandProcess(
        ["model", "score", "model"], in: study.files.url, input: input
      ).finish()
      #expect(result.status == 2)
      #expect(
        result.errors.hasPrefix(#"<stdin>:1:1: error: the target "" adds no tokens to the text"#))
    }

    private static func score(_ requests: [[String: Any]]) throws -> [[String: Any]] {
      let study = try StudyFolder()
      let input = study.files.file("lines")
      let lines = try requests.map {
        String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
      }
      try Data(lines.joined(separator: "\n").utf8).write(to: input)
      let result = try CommandProcess(
        ["model", "score", "model"], in: study.files.url, input: input
      ).finish()
      #expect(result.status == 0, "\(result.errors)")
      return try result.output.split(separator: "\n").map {
        let value = try JSONSerialization.jsonObject(with: Data($0.utf8))
        return try #require(value as? [String: Any])
      }
    }
  }
}
