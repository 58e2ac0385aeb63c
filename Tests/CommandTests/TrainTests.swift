import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct TrainTests {
    @Test("a method is trained, scored and saved, and the saved model labels lines")
    func trainAndPredict() throws {
      let study = try TrainStudy()
      let result = try study.train(
        "--set", "lr=1e-2", "epochs=20", "batch=4", "--eval", "eval.tsv", "--save", "out",
        "--json")
      #expect(result.status == 0, "\(result.errors)")
      let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
      #expect(report.labels == ["bad", "good"])
      #expect(report.training.losses.count == 40)
      #expect(report.training.learningRates.count == 40)
      #expect(report.training.losses[39] < report.training.losses[0])
      #expect(report.training.accuracy == 1)
      #expect(report.evaluations.map(\.file) == ["eval.tsv"])
      #expect(report.evaluations[0].metrics.keys.contains("macro-f1"))
      #expect(report.memory.peak > 0)
      #expect(report.memory.predictedPeak == report.memory.peak)

      try study.files.write("the dog sees\n{\"text\":\"sees dog the\"}\n\na", to: "lines.txt")
      let plain = try study.predict("lines.txt", "out")
      #expect(plain.status == 0, "\(plain.errors)")
      let lines = plain.output.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(lines[0].hasPrefix("good\tbad=0."))
      #expect(lines[1].hasPrefix("bad\tbad=0."))
      let json = try study.predict("lines.txt", "out", "--json")
      let first = try JSONDecoder().decode(
        Answer.self, from: Data(json.output.split(separator: "\n")[0].utf8))
      #expect(first.label == "good")
      #expect(abs(first.probabilities.values.reduce(0, +) - 1) < 1e-5)
    }

    @Test("a table comes back with its rows and columns, the answers and their probabilities")
    func predictTable() throws {
      let study = try TrainStudy()
      try study.files.write(
        "id;message;class\n1;the dog sees;good\n2;sees dog the;bad\n", to: "named.csv")
      let trained = try study.start([
        "train", "--model", "model", "--method", "vanilla", "--train", "named.csv", "--text",
        "message", "--label", "class", "--set", "lr=1e-2", "epochs=30", "batch=2", "--save", "out",
      ]).finish()
      #expect(trained.status == 0, "\(trained.errors)")

      try study.files.write(
        "id,message\n7,\"the dog, sees\"\n8,sees dog the\n9,\n", to: "new.csv")
      let table = try study.start(["predict", "out", "new.csv", "-o", "labelled.csv"]).finish()
      #expect(table.status == 0)
      #expect(
        table.errors.contains("new.csv: warning: 1 row without text")
          && table.errors.contains("wrote labelled.csv: 3 rows"))
      let lines = try String(contentsOf: study.files.file("labelled.csv"), encoding: .utf8)
        .components(separatedBy: "\r\n")
      #expect(lines[0] == "id,message,predicted,p(bad),p(good)")
      #expect(lines[1].hasPrefix("7,\"the dog, sees\","))
      #expect(lines[2].hasPrefix("8,sees dog the,bad,0."))
      #expect(lines.count == 5 && lines[4].isEmpty)

      try study.files.write(
        "{\"message\": \"the dog sees\", \"n\": 1.50}\n{\"message\":\"a\",\"n\":[1,null]}\n",
        to: "new.jsonl")
      let objects = try study.start(["predict", "out", "new.jsonl"]).finish()
      let rows = objects.output.split(separator: "\n")
      #expect(
        rows[0].hasPrefix(
          "{\"message\":\"the dog sees\",\"n\":1.5,\"predicted\":\"good\",\"probabilities\":{\"bad\":"
        ))
      #expect(rows[1].contains("\"n\":[1,null],\"predicted\""))

      let piped = try study.predict("new.csv", "out")
      #expect(
        piped.status == 2
          && piped.errors.contains("<stdin>:1:1: error: this looks like the header of a table"))
      let other = try study.start(["predict", "out", "new.csv", "-o", "labelled.tsv"]).finish()
      #expect(other.status == 2 && other.errors.contains("name it .csv"))
    }

    @Test("the same seed gives the same losses, another one others")
    func seeds() throws {
      let study = try TrainStudy()
      let losses = try ["1", "1", "2"].map { seed in
        let result = try study.train("--set", "epochs=2", "batch=4", "--seed", seed, "--json")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).training.losses
      }
      #expect(losses[0] == losses[1])
      #expect(losses[0] != losses[2])
    }

    @Test("without --json a summary says how it went")
    func summary() throws {
      let study = try TrainStudy()
      let result = try study.train("--set", "epochs=2", "--eval", "eval.tsv")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("labels       bad, good\n"))
      #expect(result.output.contains("on eval.tsv  accuracy "))
      #expect(result.errors.contains("epoch 2/2  step 2/2  loss "))
    }

    @Test("what is wrong is said with its place, and exits 2", arguments: mistakes.indices)
    func mistake(index: Int) throws {
      let mistake = Self.mistakes[index]
      let study = try TrainStudy()
      for (name, text) in mistake.files { try study.files.write(text, to: name) }
      let result = try study.start(mistake.arguments).finish()
      #expect(result.status == 2)
      #expect(
        result.errors.replacingOccurrences(of: study.files.url.path, with: "@")
          == mistake.expected + "\n")
      #expect(result.output == "")
    }

    @Test(
      "a line with too many texts is a mistake; of none and of unknown words a line is warned",
      arguments: [
        ("the dog ran .\n\ntom ran .\n", 0, 3, "<stdin>:2: warning: there is no text\n"),
        ("\u{FEFF}the dog ran .\n\ntom ran .\n", 0, 3, "<stdin>:2: warning: there is no text\n"),
        (
          "the dog ran .\ttom ran .\n", 2, 0,
          "<stdin>:1:1: error: the line is not an example: it holds 2 texts, and the model reads 1"
        ),
        (
          "tom ate pizza .\n", 0, 1, "<stdin>:1: warning: the model does not know 'pizza'"
        ),
      ])
    func lines(input: String, status: Int32, answers: Int, message: String) throws {
      let study = try TrainStudy()
      let trained = try study.start([
        "train", "--model", "builtin", "--method", "vanilla", "--train", "train.tsv", "--set",
        "epochs=1", "--save", "out", "--quiet",
      ]).finish()
      #expect(trained.status == 0)
      try study.files.write(input, to: "lines.txt")
      let result = try study.predict("lines.txt", "out")
      #expect(result.status == status)
      #expect(result.output.split(separator: "\n").count == answers)
      #expect(result.errors.hasPrefix(message), "\(result.errors)")
    }

    @Test("Ctrl-C exits 130 and leaves nothing half-written", arguments: [SIGINT, SIGTERM])
    func interrupt(signal: Int32) throws {
      let study = try TrainStudy()
      let process = try study.start([
        "train", "--model", "model", "--method", "vanilla", "--train", "train.tsv", "--set",
        "epochs=100000", "--save", "out",
      ])
      usleep(700_000)
      process.send(signal)
      let result = try process.finish(within: 40)
      #expect(result.status == 130)
      #expect(!result.isSignalled)
      let names = try FileManager.default.contentsOfDirectory(atPath: study.files.url.path)
      #expect(names.sorted() == ["eval.tsv", "model", "train.tsv"])
    }

    @Test("a training that diverges exits 3 and saves nothing")
    func diverged() throws {
      let study = try TrainStudy(normWeight: 1e30)
      let result = try study.train("--set", "epochs=2", "--save", "out", "--json")
      #expect(result.status == 3)
      #expect(result.errors.contains("error: the training diverged at step 1; nothing was saved"))
      #expect(!FileManager.default.fileExists(atPath: study.files.file("out").path))
    }

    private struct Report: Decodable {
      struct Training: Decodable {
        let losses: [Double]
        let learningRates: [Double]
        let accuracy: Double?
      }
      struct Evaluation: Decodable {
        let file: String
        let metrics: [String: Double]
      }
      struct Memory: Decodable {
        let peak: Int
        let predictedPeak: Int
      }
      let labels: [String]
      let training: Training
      let evaluations: [Evaluation]
      let memory: Memory
    }

    private struct Answer: Decodable {
      let label: String
      let probabilities: [String: Double]
    }
  }
}

/// A folder with a tiny model and labelled texts, on which `train` and `predict` run.
final class TrainStudy {
  let files: TemporaryFolder

  init(normWeight: Float = 1) throws {
    files = try TemporaryFolder()
    try ModelFixture.write(to: files.file("model"), normWeight: normWeight)
    let good = ["the dog sees", "a cat runs", "the man sees", "a dog runs", "the cat runs"]
    let rows = good.flatMap { text in
      ["\(text)\tgood", text.split(separator: " ").reversed().joined(separator: " ") + "\tbad"]
    }
    try files.write((["text\tlabel"] + rows.prefix(8)).joined(separator: "\n"), to: "train.tsv")
    try files.write((["text\tlabel"] + rows.suffix(2)).joined(separator: "\n"), to: "eval.tsv")
  }

  func start(_ arguments: [String]) throws -> CommandProcess {
    try CommandProcess(arguments, in: files.url)
  }

  /// Trains the whole model on `train.tsv`.
  func train(_ arguments: String...) throws -> CommandResult {
    try start(
      ["train", "--model", "model", "--method", "vanilla", "--train", "train.tsv"] + arguments
    ).finish()
  }

  func predict(_ input: String, _ arguments: String...) throws -> CommandResult {
    try CommandProcess(["predict"] + arguments, in: files.url, input: files.file(input)).finish()
  }
}
