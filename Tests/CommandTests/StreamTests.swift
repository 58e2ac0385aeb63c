import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct StreamTests {
    /// How a stream fails, as a line of shell and in the words of the message.
    enum Failure: CaseIterable {
      case closed
      case full
      /// A pipe whose reader has ended.
      case deserted

      func script(_ stream: Int) -> String {
        switch self {
        case .closed: "exec \"$@\" \(stream)>&-"
        case .full: "exec \"$@\" \(stream)>/dev/full"
        case .deserted:
          // Opened for both first, since opening one end of a named pipe waits for the other.
          "mkfifo pipe && exec 8<>pipe 9>pipe 8<&- && rm pipe && exec \"$@\" \(stream)>&9 9>&-"
        }
      }

      var words: String {
        switch self {
        case .closed: "it is closed"
        case .full: "No space left on device"
        case .deserted: "the program that read it has ended"
        }
      }
    }

    private static let commands: [([String], Failure)] =
      Failure.allCases.map { (["--help"], $0) } + [
        (["build", "--help"], .full), (["--version"], .full),
        (["check", "study.md", "--json"], .full), (["plan", "study.md"], .deserted),
        (["plan", "study.md", "--json"], .closed), (["data", "ls", "cola"], .full),
        (["data", "verify", "cola"], .deserted), (["data", "show", "cola"], .full),
        (["model", "inspect", "model"], .closed), (["model", "tokenize", "model"], .full),
        (["model", "score", "model"], .deserted), (["doctor"], .full),
        (["audit", "results.csv"], .full),
        (["estimate", "--model", "model", "--method", "lora"], .deserted),
      ]

    @Test("output that is lost ends a command with exit 1 and a message", arguments: commands)
    func lostOutput(arguments: [String], failure: Failure) throws {
      let study = try StudyFolder()
      try study.files.write("{\"text\":\"the dog\",\"targets\":[\" sees\"]}\n", to: "lines")
      try study.files.write("method,seed,accuracy\nlora,0,0.5\nlora,1,0.6\n", to: "results.csv")
      let result = try CommandProcess(
        arguments, in: study.files.url, input: study.files.file("lines"),
        script: failure.script(1)
      ).finish()
      #expect(!result.isSignalled && result.status == 1, "\(result.status) \(result.errors)")
      #expect(
        result.errors.hasSuffix(
          "error: standard output cannot be written: \(failure.words)\n"
            + "  help: the output is incomplete; run the command again with one that can be "
            + "written\n"))
    }

    @Test("training and predicting keep what they did and exit 1 when their output is lost")
    func trainAndPredict() throws {
      let study = try StudyFolder()
      try study.files.write("text\tlabel\nthe dog sees\tgood\nsees dog the\tbad\n", to: "train.tsv")
      try study.files.write("the dog sees\n", to: "lines")
      for (arguments, failure) in [
        (
          [
            "train", "--model", "model", "--method", "lora", "--train", "train.tsv", "--set",
            "epochs=1", "batch=2", "--save", "out", "--quiet",
          ], Failure.full
        ),
        (["predict", "out"], .closed), (["predict", "out", "--json"], .deserted),
      ] {
        let result = try CommandProcess(
          arguments, in: study.files.url, input: study.files.file("lines"),
          script: failure.script(1)
        ).finish()
        #expect(!result.isSignalled && result.status == 1, "\(arguments) \(result.errors)")
        #expect(result.errors.contains("standard output cannot be written: \(failure.words)"))
      }
    }

    @Test("a build without anybody to tell writes its page; what it opens never becomes its output")
    func silentBuild() throws {
      let study = try StudyFolder()
      // Standard output is closed: the database must not get its number, and the JSON with it.
      let blind = try CommandProcess(
        ["build", "study.md", "--json"], in: study.files.url, script: "exec \"$@\" 1>&- 2>&-"
      ).finish()
      #expect(!blind.isSignalled && blind.status == 1)
      #expect(study.hasPage)
      for failure in Failure.allCases {
        try FileManager.default.removeItem(at: study.files.file("_site"))
        let result = try CommandProcess(
          ["run", "study.md", "small", "--method", "zero-shot", "--fresh", "--json"],
          in: study.files.url,
          script: failure.script(2)
        ).finish()
        #expect(!result.isSignalled && result.status == 0, "\(failure) \(result.status)")
        #expect(try result.count("ran") == 1)
        #expect(study.hasPage)
      }
      #expect(try study.run("cache", "ls", "--json").status == 0)
    }

    @Test("a reader that stops early ends the command, not the build")
    func earlyEnd() throws {
      let study = try StudyFolder()
      let line = String(repeating: "the dog sees ", count: 40_000)
      try study.files.write(line + "\n", to: "lines")
      for (arguments, status) in [
        (["model", "tokenize", "model"], "1"),
        (["build", "study.md"], "0"),
      ] {
        let result = try CommandProcess(
          arguments, in: study.files.url, input: study.files.file("lines"),
          script: "{ \"$@\" 2>&1; echo $? >status; } | head -c 1"
        ).finish()
        #expect(result.output.utf8.count == 1)
        #expect(try study.files.text(of: "status") == status + "\n", "\(arguments)")
      }
      #expect(study.hasPage)
    }

    @Test("mistakes nobody can read keep their exit codes", arguments: Failure.allCases)
    func mistakes(failure: Failure) throws {
      let study = try StudyFolder()
      try study.edit("task: cola", "task: colla")
      for arguments in [["check", "study.md"], ["nonsense"], ["model", "inspect", "nowhere"]] {
        let result = try CommandProcess(
          arguments, in: study.files.url, script: failure.script(2)
        ).finish()
        #expect(!result.isSignalled && result.status == 2, "\(arguments)")
      }
    }
  }
}
