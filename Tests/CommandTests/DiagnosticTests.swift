import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct DiagnosticTests {
    @Test("a mistake is explained in one place, and nothing runs", arguments: Mistake.all)
    func text(mistake: Mistake) throws {
      let study = try StudyFolder()
      try mistake.make(study)
      let result = try study.run("build", "study.md")
      let told = result.errors.replacingOccurrences(of: study.files.url.path, with: "@")
      #expect(told == mistake.expected + "\n")
      #expect(result.output == "")
      #expect(result.status == 2)
      #expect(!result.isSignalled)
      #expect(!study.hasPage)
    }

    @Test("as JSON a mistake says the same", arguments: Mistake.all)
    func json(mistake: Mistake) throws {
      let study = try StudyFolder()
      try mistake.make(study)
      let result = try study.build()
      #expect(result.status == 2)
      #expect(result.errors == "")
      let list = try JSONDecoder().decode([String: [Told]].self, from: Data(result.output.utf8))
      let told = try #require(list["diagnostics"])
      #expect(told.count == 1)
      #expect(
        told.map(\.text).joined(separator: "\n")
          .replacingOccurrences(of: study.files.url.path, with: "@") == mistake.expected)
    }

    /// A diagnostic as programs read it.
    private struct Told: Decodable {
      struct Position: Decodable {
        let file: String
        let line: Int
        let column: Int
      }
      let code: String
      let severity: String
      let position: Position
      let message: String
      let help: String

      var text: String {
        """
        \(position.file):\(position.line):\(position.column): \(severity)[\(code)]: \(message)
          help: \(help)
        """
      }
    }

    @Test("several mistakes are all reported at once, in the order of the source")
    func several() throws {
      let study = try StudyFolder()
      try study.edit("- zero-shot", "- zero-shto")
      try study.edit("preset: lora,", "preset: lora, rank: 64,")
      try study.edit("@fig-accuracy", "@fig-x")
      let result = try study.run("check", "study.md")
      let codes = result.errors.split(separator: "\n").compactMap { line in
        line.firstMatch(of: /error\[(FT\d{3})\]/).map { String($0.1) }
      }
      #expect(codes == ["FT020", "FT031", "FT032"])
      #expect(result.status == 2)
    }

    @Test(
      "a wrong command line exits 2",
      arguments: [
        ["build", "study.md", "-P", "speed=1"], ["build", "study.md", "-P", "epochs"],
        ["build", "study.md", "--params", "none.yml"], ["build", "study.md", "--only", "smal"],
        ["build", "study.md", "--jobs", "0"], ["build", "study.md", "--colour"], ["build"],
        ["bild", "study.md"], ["run", "study.md", "small", "--method", "lra"],
        ["run", "study.md", "small", "--seed", "9"], ["model", "inspect", "nowhere"],
      ])
    func usage(arguments: [String]) throws {
      let study = try StudyFolder()
      let result = try study.start(arguments).finish()
      #expect(result.status == 2)
      #expect(result.output == "")
      #expect(result.errors.lowercased().contains("error"))
      #expect(!study.hasPage)
    }

    @Test("help and version are no mistakes", arguments: ["--help", "--version"])
    func help(argument: String) throws {
      let result = try StudyFolder().run(argument)
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(!result.output.isEmpty)
    }

    @Test("weights that are not numbers are reported before anything runs")
    func notNumbers() throws {
      let study = try StudyFolder()
      let file = study.files.file("model/model.safetensors")
      var bytes = try Data(contentsOf: file)
      let nan = withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Data($0) }
      bytes.replaceSubrange((bytes.count - 4)..., with: nan)
      try bytes.write(to: file)
      let result = try study.build()
      #expect(result.status == 2)
      #expect(result.output.contains("FT041"))
      #expect(result.output.contains("holds nan at element"))
      #expect(try study.run("model", "inspect", "model").status == 2)
    }

    @Test("a database that is none is explained and left alone")
    func damagedDatabase() throws {
      let study = try StudyFolder()
      try study.files.write("not a database, but a text", to: ".ftreport/results.sqlite")
      let result = try study.build()
      #expect(result.status == 2)
      #expect(result.errors.contains("results.sqlite"))
      #expect(
        try study.files.text(of: ".ftreport/results.sqlite") == "not a database, but a text")
    }

    @Test("an output folder that cannot be made is explained")
    func unwritableOutput() throws {
      let study = try StudyFolder()
      try study.files.write("in the way", to: "_site")
      let result = try study.build()
      #expect(result.status == 2)
      #expect(!result.isSignalled)
      #expect(result.errors.contains("_site"))
    }
  }
}
