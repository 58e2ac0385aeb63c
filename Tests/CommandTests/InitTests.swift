import Foundation
import TestSupport
import Testing

extension Commands {
  /// From a table to a page.
  @Suite struct InitTests {
    private static func rows(_ count: Int) -> String {
      let topics = [
        ("Lieferung", "Paket kommt spät"), ("Zahlung", "Rechnung stimmt nicht, bitte prüfen"),
      ]
      return "id,message,topic\n"
        + (0..<count).map { index in
          let (topic, text) = topics[index % 2]
          return "\(index),\"\(text) – Nr. \(index) 📦\",\(topic)\n"
        }.joined()
    }

    @Test("init writes a study of a table that checks, runs and answers without editing")
    func study() throws {
      let files = try TemporaryFolder()
      try files.write(Self.rows(30), to: "data/messages.csv")
      let environment = ["HF_HUB_CACHE": files.file("empty").path, "FTREPORT_MODEL": ""]
      func ftreport(_ arguments: String...) throws -> CommandResult {
        try CommandProcess(arguments, in: files.url, environment: environment).finish()
      }
      let written = try ftreport("init", "--data", "data/messages.csv")
      #expect(written.status == 0, "\(written.errors)")
      #expect(
        written.output.contains(
          "data/messages.csv: 30 rows, texts in 'message', 2 classes in 'topic'")
          && written.output.contains("not used: id")
          && written.output.contains("model: none found"))
      let checked = try ftreport("check", "messages.md")
      #expect(checked.status == 0, "\(checked.errors)")
      let built = try ftreport("build", "messages.md", "-o", "site")
      #expect(built.status == 0, "\(built.errors)")
      let page = try String(contentsOf: files.file("site/messages.html"), encoding: .utf8)
      #expect(page.contains("5 folds, 3 repeats"))
      // What the build recommends can be made and used, as printed.
      let line = try #require(
        built.errors.split(separator: "\n").first { $0.contains("train it: ftreport train") })
      let words = line.split(separator: " ").dropFirst(3).map(String.init)
      let trained = try CommandProcess(words, in: files.url, environment: environment).finish()
      #expect(trained.status == 0, "\(line)\n\(trained.errors)")
      let saved = try #require(words.last)
      let answered = try ftreport("predict", saved, "data/messages.csv", "-o", "labelled.csv")
      #expect(answered.status == 0, "\(answered.errors)")
      let labelled = try String(contentsOf: files.file("labelled.csv"), encoding: .utf8)
      #expect(labelled.hasPrefix("id,message,topic,predicted"))
      // What is there stays.
      let again = try ftreport("init", "--data", "data/messages.csv")
      #expect(
        again.status == 2 && again.errors.contains("messages.yml: error: this path already exists"))
    }

    @Test("with a test set, methods train on all rows and are scored on it")
    func testSet() throws {
      let files = try TemporaryFolder()
      try files.write(Self.rows(20), to: "train.csv")
      try files.write(Self.rows(8), to: "later.csv")
      let environment = ["HF_HUB_CACHE": files.file("empty").path, "FTREPORT_MODEL": ""]
      let written = try CommandProcess(
        [
          "init", "--data", "train.csv", "--test", "later.csv", "--to", "study", "--name", "topics",
        ],
        in: files.url, environment: environment
      ).finish()
      #expect(written.status == 0, "\(written.errors)")
      let task = try String(contentsOf: files.file("study/topics.yml"), encoding: .utf8)
      #expect(task.contains("train: \"../train.csv\"\n  test: \"../later.csv\""))
      let report = try String(contentsOf: files.file("study/topics.md"), encoding: .utf8)
      #expect(report.contains("shots: all") && report.contains("y: test.accuracy"))
      let checked = try CommandProcess(
        ["check", "study/topics.md"], in: files.url, environment: environment
      ).finish()
      #expect(checked.status == 0, "\(checked.errors)")
    }
  }
}
