import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct AuditCommandTests {
    /// Ten runs with one result, below CoLA's majority class.
    private static let poor =
      "method,task,shots,seed,id_acc\n"
      + (0..<10).map { "lora,cola,2,\($0),0.52" }.joined(separator: "\n")

    private func run(_ csv: String, _ arguments: String...) throws -> CommandResult {
      let folder = try TemporaryFolder()
      try folder.write(csv, to: "results.csv")
      return try CommandProcess(["audit", "results.csv"] + arguments, in: folder.url).finish()
    }

    @Test("an audit tells what it found on standard output, and fails only when asked to")
    func strict() throws {
      let result = try run(Self.poor)
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(
        result.output == """
          results.csv
          10 runs in 1 cell: 1 task, 1 method, 1 number of shots.

          ✗ effective seeds: failed
            1 of 1 cell with 10 runs each have far fewer distinct results: 1 with 1 distinct \
          result. None has
            more than 1.
            - cola, lora at 2 shots: 10 runs, 52 % in-domain
            → The seed probably does not reach the sampler. Count repeats once: a mean over \
          them rests on no
              more runs than distinct results, and its spread is not that of seeds.

          ✗ majority: failed
            cola in-domain: every mean (1 of 1) lies below the majority class, 69.3 % (365 of \
          527, CoLA's
            in_domain_dev.tsv); the best is 52 % by lora at 2 shots.
            → Always giving one answer scores as much, so differences between methods are not \
          differences in
              skill. Report MCC or macro-F1 beside accuracy.

          2 failed

          """)
      #expect(try run(Self.poor, "--strict").status == 4)
    }

    @Test("as JSON an audit says the same")
    func json() throws {
      let result = try run(Self.poor, "--json")
      #expect(result.status == 0)
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      #expect((object as? [String: Any])?["status"] as? String == "fail")
    }

    @Test("a column is named on the command line, and a broken table is a mistake")
    func columns() throws {
      let csv = "way,score\na,0.5\na,0.6\n"
      let mistake = try run(csv)
      #expect(mistake.status == 2)
      #expect(mistake.output == "")
      #expect(
        mistake.errors.hasPrefix("results.csv:1:1: error[FT061]: no column contains the method"))
      #expect(try run(csv, "--column", "method=way").status == 0)
      #expect(try run(csv, "--json").output.contains("\"code\" : \"FT061\""))
    }
  }
}
