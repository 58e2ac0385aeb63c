import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct ExportTests {
    private typealias Line = [String: Any]

    private static func lines(_ text: String) throws -> [Line] {
      try text.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Line)
      }
    }

    @Test("answers are exported run by run and item by item, and give the page's accuracies")
    func answers() throws {
      let study = try StudyFolder()
      #expect(try study.build().status == 0)
      let result = try study.run("export", "study.md", "--answers")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.isEmpty)
      let lines = try Self.lines(result.output)
      // 3 methods × 2 numbers of shots × 2 seeds × 2 sets × 24 items.
      #expect(lines.count == 3 * 2 * 2 * 2 * 24)
      // Of a method that answers with words; a head knows none.
      let first = try #require(lines.first)
      #expect(
        Set(first.keys) == [
          "experiment", "task", "model", "method", "shots", "seed", "key", "set", "parts", "item",
          "truth", "answer", "correct", "vocabularyAnswer",
        ])
      #expect(
        lines.allSatisfy {
          ($0["vocabularyAnswer"] == nil) == ($0["method"] as? String != "zero-shot")
        })
      #expect(first["item"] as? String == "in-domain:1")
      let csv = try study.files.text(of: "_site/study.csv")
      for row in csv.split(separator: "\r\n") where row.contains(",accuracy,") {
        let cells = row.split(separator: ",").map(String.init)
        let (place, set, value) = (cells[3...5], cells[7], try #require(Double(cells[9])))
        guard ["in-domain", "ood"].contains(set) else { continue }
        let own = lines.filter { line in
          ["method", "shots", "seed"].map { "\(line[$0] ?? "")" } == Array(place)
            && line["set"] as? String == set
        }
        #expect(own.count == 24)
        #expect(Double(own.count { $0["correct"] as? Bool == true }) / 24 == value)
        #expect(
          own.allSatisfy {
            ($0["answer"] as? String == $0["truth"] as? String) == ($0["correct"] as? Bool)
          })
      }
      // Again, to a file, and with texts.
      let again = try study.run("export", "study.md", "--answers", "--output", "answers.jsonl")
      #expect(again.status == 0 && again.output.isEmpty)
      #expect(try study.files.text(of: "answers.jsonl") == result.output)
      let lost = try CommandProcess(
        ["export", "study.md", "--answers"], in: study.files.url,
        script: "exec \"$@\" 1>/dev/full"
      ).finish()
      #expect(lost.status == 1)
      #expect(lost.errors.hasPrefix("error: standard output cannot be written"), "\(lost.errors)")
      let full = try study.run("export", "study.md", "--answers", "-o", "/dev/full")
      #expect(full.status == 1)
      #expect(full.errors.contains("No space left on device"), "\(full.errors)")
      let texts = try study.run("export", "study.md", "--answers", "--texts")
      let data = try study.files.text(of: "data/cola/out_of_domain_dev.tsv").split(separator: "\n")
      for line in try Self.lines(texts.output) where line["set"] as? String == "ood" {
        let item = try #require(line["item"] as? String)
        let number = try #require(Int(item.dropFirst("ood:".count)))
        let fields = try #require(line["texts"] as? [String: String])
        #expect(data[number - 1].hasSuffix("\t\(try #require(fields["sentence"]))"))
      }
    }

    @Test("what has not run has no lines, a warning and exit code 5; nothing is run")
    func missing() throws {
      let study = try StudyFolder()
      let result = try study.run("export", "study.md", "--answers", "-o", "answers.jsonl")
      #expect(result.status == 5)
      #expect(try study.files.text(of: "answers.jsonl").isEmpty)
      #expect(
        result.errors.hasPrefix(
          "warning: no answers: 'small': zero-shot at 2 shots, seed 0: not run\n"))
      #expect(result.errors.hasSuffix("warning: no answers: 2 more\n"), "\(result.errors)")
    }

    @Test("a file that cannot be written is exit code 1 and leaves nothing; --answers is required")
    func mistakes() throws {
      let study = try StudyFolder()
      let nowhere = try study.run("export", "study.md", "--answers", "-o", "nowhere/a.jsonl")
      #expect(nowhere.status == 1)
      #expect(
        nowhere.errors.hasPrefix(
          "nowhere/a.jsonl: error: the file cannot be written: No such file or directory\n"))
      #expect(try study.run("export", "study.md").status == 2)
    }
  }
}
