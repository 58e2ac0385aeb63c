import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct BuildTests {
    @Test("a build writes page, JSON and CSV; the next one runs nothing and changes no byte")
    func buildTwice() throws {
      let study = try StudyFolder()
      let first = try study.build()
      #expect(first.status == 0, "\(first.errors)")
      #expect(try first.count("cells") == 9)
      #expect(try first.count("ran") == 9)
      let files = ["html", "json", "csv"].map { study.files.file("_site/study.\($0)") }
      let contents = try files.map { try Data(contentsOf: $0) }
      #expect(contents.allSatisfy { !$0.isEmpty })
      let json = try String(contentsOf: files[1], encoding: .utf8)
      #expect(json.contains("\"predictedPeak\": ") && !json.contains("\"predictedPeak\": null"))

      let second = try study.build()
      #expect(second.status == 0)
      #expect(try second.count("ran") == 0)
      #expect(try second.count("cached") == 9)
      #expect(try files.map { try Data(contentsOf: $0) } == contents)
    }

    @Test("a cell that exceeds --memory runs alone, with a warning that tells what it needs")
    func memoryLimit() throws {
      let study = try StudyFolder()
      let result = try study.build("--memory", "1 MiB")
      #expect(result.status == 0)
      #expect(try result.count("ran") == 9)
      #expect(
        result.errors.contains(
          #/warning: 9 cells may need up to [0-9.]+.MiB, more than the 1.0.MiB of --memory; each/#),
        "\(result.errors)")
      let wrong = try study.build("--memory", "512")
      #expect(wrong.status == 2)
      #expect(wrong.errors.contains("--memory"), "\(wrong.errors)")
    }

    @Test("two folders with the same study give the same numbers, whatever the number of workers")
    func sameNumbers() throws {
      let (one, other) = (try StudyFolder(), try StudyFolder())
      #expect(try one.build("--jobs", "1").status == 0)
      #expect(try other.build("--jobs", "3").status == 0)
      #expect(try Self.metrics(one) == Self.metrics(other))
    }

    @Test(
      "editing prose, a caption or a chart runs nothing",
      arguments: [
        ("Some prose", "Other prose"), ("Accuracy by shots.", "Accuracy against shots."),
        ("kind: dot-interval", "kind: line-interval"), ("title: A small", "title: Another small"),
      ])
    func editProse(old: String, new: String) throws {
      let study = try Self.built()
      let page = try study.page()
      try study.edit(old, new)
      let result = try study.build()
      #expect(result.status == 0)
      #expect(try result.count("ran") == 0)
      #expect(try study.page() != page)
    }

    @Test("editing a learning rate runs its cells alone, and the plan names the change")
    func editRate() throws {
      let study = try Self.built()
      try study.edit("preset: lora, learning-rate: 1.0e-2", "preset: lora, learning-rate: 2.0e-2")
      let plan = try study.run("plan", "study.md", "--explain")
      #expect(plan.status == 0)
      let reasons = plan.output.split(separator: "\n").filter { $0.hasPrefix("small lora") }
      #expect(reasons.count == 4)
      #expect(reasons.allSatisfy { $0.contains("learning-rate 0.01 → 0.02") }, "\(plan.output)")
      #expect(plan.output.contains("9 cells in all, 4 to run"))
      #expect(try study.build().count("ran") == 4)
      // What ran before is still known.
      try study.edit("preset: lora, learning-rate: 2.0e-2", "preset: lora, learning-rate: 1.0e-2")
      #expect(try study.build().count("ran") == 0)
    }

    @Test("a parameter on the command line changes the cells it reaches")
    func parameter() throws {
      let study = try Self.built()
      let result = try study.build("-P", "epochs=3")
      #expect(result.status == 0)
      #expect(try result.count("ran") == 8)
    }

    @Test("running part of an experiment afresh runs exactly that and gets the same numbers")
    func runFresh() throws {
      let study = try Self.built()
      let metrics = try Self.metrics(study)
      try FileManager.default.removeItem(at: study.files.file("_site"))
      let result = try study.run(
        "run", "study.md", "small", "--method", "lora", "--seed", "1", "--fresh", "--json")
      #expect(result.status == 0, "\(result.errors)")
      #expect(try result.count("ran") == 2)
      #expect(study.hasPage)
      #expect(try Self.metrics(study) == metrics)
    }

    @Test("a build that may run nothing exits 5 when results are out of date")
    func stale() throws {
      let study = try Self.built()
      #expect(try study.build("--no-exec").status == 0)
      try study.edit("preset: lora, learning-rate: 1.0e-2", "preset: lora, learning-rate: 2.0e-2")
      let result = try study.build("--no-exec")
      #expect(result.status == 5)
      #expect(try result.count("ran") == 0)
      #expect(try result.count("stale") == 4)
      #expect(try study.page().contains("Of 9 cells, 4 have not run"))
    }

    @Test("a refuted claim fails a strict build and no other")
    func strict() throws {
      let study = try Self.built()
      let result = try study.build("--strict")
      #expect(result.status == 4)
      #expect(try result.count("refutedClaims") == 1)
      #expect(try study.build("--no-strict").status == 0)
    }

    @Test("one experiment can be built alone or again")
    func onlyAndRefresh() throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: 2))
      #expect(try study.build("--only", "slow").count("ran") == 1)
      #expect(try study.build().count("ran") == 4)
      #expect(try study.build("--refresh", "quick").count("ran") == 4)
    }

    @Test("two builds at once share one database")
    func together() throws {
      let study = try StudyFolder()
      let builds = try (0..<2).map { site in
        try study.start(["build", "study.md", "--json", "-o", "site-\(site)", "--jobs", "2"])
      }
      for build in builds {
        let result = try build.finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains("locked"))
      }
      #expect(try study.build().count("cached") == 9)
    }

    @Test("a damaged result and a damaged chart are reported in a line, and made again")
    func damage() throws {
      let study = try Self.built()
      let metrics = try Self.metrics(study)
      let database = study.files.file(".ftreport/results.sqlite").path
      let python = Process()
      python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      python.arguments = [
        "python3", "-c",
        """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1])
        database.execute('UPDATE results SET body = zeroblob(length(body)) WHERE id = 3')
        database.commit()
        """, database,
      ]
      try python.run()
      python.waitUntilExit()
      let charts = study.files.file(".ftreport/charts")
      let chart = try #require(
        try FileManager.default.contentsOfDirectory(atPath: charts.path).sorted().first)
      var picture = try Data(contentsOf: charts.appendingPathComponent(chart))
      picture[picture.count / 2] ^= 4
      try picture.write(to: charts.appendingPathComponent(chart))

      let plan = try study.run("plan", "study.md", "--explain")
      #expect(plan.output.contains(": its stored result cannot be used"))
      let list = try study.run("cache", "ls")
      #expect(list.output.split(separator: "\n").count == 9)
      #expect(list.errors.hasPrefix("warning: the stored result of "))
      let result = try study.build()
      #expect(result.status == 0)
      #expect(try result.count("ran") == 1)
      let lines = result.errors.split(separator: "\n").filter { $0.contains("damaged") }
      try #require(lines.count == 2, "\(result.errors)")
      #expect(lines[0].hasPrefix(".ftreport/results.sqlite:1:1: warning[FT052]: the stored result"))
      #expect(
        lines[1] == ".ftreport/charts/\(chart):1:1: warning[FT052]: the file was damaged and is "
          + "written again")
      #expect(try Self.metrics(study) == metrics)
      #expect(try !study.build().errors.contains("damaged"))
    }

    @Test("planning, checking and dry runs leave nothing behind")
    func dry() throws {
      let study = try StudyFolder()
      for arguments in [["plan"], ["check"], ["build", "--dry-run"]] {
        let result = try study.start(arguments + ["study.md"]).finish()
        #expect(result.status == 0, "\(arguments): \(result.errors)")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: study.files.url.path)
      #expect(names.sorted() == ["data", "model", "study.md"])
    }

    @Test("stored results are listed; a checkpoint is described; the machine is examined")
    func otherCommands() throws {
      let study = try Self.built()
      let list = try study.run("cache", "ls", "--json")
      let stored = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [Any]
      #expect(stored?.count == 9)
      let model = try study.run("model", "inspect", "model", "--prompt", "the dog")
      #expect(model.status == 0)
      #expect(model.output.contains("family       llama"))
      #expect(model.output.contains("usable       yes"))
      #expect(try study.run("doctor").status == 0)
    }

    @Test("a model's folder is not written over; what cannot be planned is reported")
    func refusedModels() throws {
      let study = try StudyFolder()
      for arguments in [
        ["model", "convert", "builtin", "model"],
        ["model", "random", "--like", "pythia-14m", "model"],
        ["model", "inspect", "model", "--batch", "\(Int.max)"],
        ["estimate", "--model", "builtin", "--method", "lora", "--length", "\(Int.max)"],
        ["estimate", "--model", "opt125m", "--method", "lora"],
      ] {
        let result = try study.start(arguments).finish()
        #expect(result.status == 2, "\(arguments): \(result.output)")
        #expect(result.errors.contains("error: "), "\(arguments): \(result.errors)")
      }
      let typo = try study.run("estimate", "--model", "opt125m", "--method", "lora")
      #expect(typo.errors.contains("did you mean 'opt-125m'?"))
    }

    private static func built() throws -> StudyFolder {
      let study = try StudyFolder()
      let result = try study.build()
      try #require(result.status == 0, "\(result.errors)")
      return study
    }

    /// Every cell's key, metrics, losses and sample as text, in the order of the report.
    private static func metrics(_ study: StudyFolder) throws -> [String] {
      try study.cells().map { cell in
        let training = cell["train"] as? [String: Any]
        let told: [Any] = [
          cell["key"] ?? "", cell["metrics"] ?? [:], training?["losses"] ?? [],
          cell["sampleDigest"] ?? "",
        ]
        let data = try JSONSerialization.data(withJSONObject: told, options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
      }
    }
  }
}
