import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Report

@Suite struct AuditTests {
  typealias Kind = AuditFinding.Kind

  private func finding(_ kind: Kind, _ audit: Audit) -> AuditFinding? {
    audit.findings.first { $0.kind == kind }
  }

  @Test("a sound table has no findings, and its comparisons are tested")
  func clean() throws {
    let audit = try AuditSamples.audit(AuditSamples.clean)
    #expect(audit.findings.filter { $0.status != .pass } == [])
    #expect(audit.status == .pass)
    #expect(audit.comparisons.count == 6 * 2 * 2)
    #expect(audit.summary == "80 runs in 8 cells: 1 task, 1 model, 4 methods, 2 numbers of shots.")
    #expect(
      finding(.evaluationSets, audit)?.details == [
        "cola in-domain: multiples of 1/527, as of CoLA's in_domain_dev.tsv",
        "cola out-of-domain: multiples of 1/516, as of CoLA's out_of_domain_dev.tsv",
      ])
    let tests = try #require(finding(.comparisons, audit))
    #expect(
      tests.text.contains(
        "of 24 comparisons differ: the interval over seeds, corrected for 24 comparisons, leaves out 0."
      ))
    #expect(tests.details.first?.contains("lora − vanilla = ") == true)
  }

  @Test("a table with a row for each score says the same as one with a row for each run")
  func long() throws {
    let wide = try AuditSamples.audit(AuditSamples.clean)
    let long = try AuditSamples.audit(AuditSamples.cleanLong)
    #expect(long.findings.map(\.text) == wide.findings.map(\.text))
    #expect(long.cells.map(\.distinct) == wide.cells.map(\.distinct))
  }

  @Test("initializations of a sample are averaged before samples are paired, and repeat no row")
  func initializations() throws {
    var lines = ["method,seed,init-seed,set,metric,value,key"]
    for seed in 0..<6 {
      for initSeed in 0..<2 {
        let wobble = initSeed == 0 ? -0.05 : 0.05
        lines.append(
          "lora,\(seed),\(initSeed),ood,accuracy,\(0.7 + 0.01 * Double(seed) + wobble),l\(seed)\(initSeed)"
        )
        lines.append("icl,\(seed),\(initSeed),ood,accuracy,0.6\(seed),i\(seed)")
      }
    }
    let audit = try AuditSamples.audit(lines.joined(separator: "\n"))
    #expect(Set(audit.cells.map(\.runs.count)) == [12, 6])
    let result = try #require(audit.comparisons.first)
    #expect(result.pairs == 6)
    #expect(abs(abs(result.difference) - 0.1) < 1e-12)
    #expect(audit.findings.allSatisfy { !$0.text.contains("earlier row") })
  }

  @Test("percentages are read as shares, with or without a sign", arguments: ["", "%"])
  func percent(sign: String) throws {
    let audit = try AuditSamples.audit(
      "method,seed,accuracy\n" + (0..<6).map { "a,\($0),6\($0).5\(sign)" }.joined(separator: "\n"))
    #expect(audit.cells[0].mean(audit.measure("all")).map { abs($0 - 0.63) < 1e-9 } == true)
    #expect(audit.table.percentMetrics == (sign.isEmpty ? ["accuracy"] : []))
  }

  @Test("settings that vary tell methods apart, and experiments that share a task do too")
  func settings() throws {
    let audit = try AuditSamples.audit(
      """
      method,task,rank,experiment,seed,accuracy
      lora,cola,1,a,0,0.7
      lora,cola,8,a,0,0.71
      lora,cola,8,b,0,0.72
      vanilla,sst2,,a,0,0.8
      """)
    #expect(
      audit.cells.map(\.name.words) == [
        "cola (a), lora (rank 1)", "cola (a), lora (rank 8)", "cola (b), lora (rank 8)",
        "sst2, vanilla",
      ])
  }

  @Test("runs that repeat one another are reported, with an example")
  func repeatedSeeds() throws {
    let rows = (0..<10).map { "vanilla,2,\($0),\($0 == 0 ? 0.61 : 0.52),0.5\($0 == 0 ? 1 : 2)" }
    let audit = try AuditSamples.audit(
      "method,shots,seed,id_acc,ood_acc\n" + rows.joined(separator: "\n"))
    let seeds = try #require(finding(.effectiveSeeds, audit))
    #expect(seeds.status == .fail)
    #expect(
      seeds.text
        == "1 of 1 cell with 10 runs each have far fewer distinct results: 1 with 2 distinct "
        + "results. None has more than 2.")
    #expect(
      seeds.details == [
        "vanilla at 2 shots: 10 runs, 52 % in-domain / 52 % out-of-domain and 61 % in-domain / 51 % "
          + "out-of-domain"
      ])
  }

  @Test("equal results of different methods, missing runs and repeated rows are reported")
  func oddities() throws {
    var rows = ["method,task,shots,seed,accuracy"]
    for method in ["lora-8", "lora-64"] {
      for seed in 0..<6 { rows.append("\(method),own,16,\(seed),0.\(71 + seed)3") }
    }
    rows += [
      "vanilla,own,16,0,0.6", "vanilla,own,16,1,0.7", "vanilla,own,16,1,0.7", "icl,own,16,3,",
    ]
    let audit = try AuditSamples.audit(rows.joined(separator: "\n"))
    #expect(
      finding(.repeats, audit)?.details == [
        "own: lora-8 at 16 shots and lora-64 at 16 shots, 71.3 %"
      ])
    #expect(
      finding(.rows, audit)?.text
        == "1 row repeats the method, task, shots and seed of an earlier row (line 16); 1 score is "
        + "missing.")
    #expect(finding(.equalRuns, audit)?.details == ["own: vanilla (3 of 6)"])
    #expect(finding(.power, audit)?.status == .warn)
    #expect(
      finding(.majority, audit)?.details == [
        "own: the share of the commonest class is not known; give it with --majority TASK/SET=SHARE"
      ])
    let given = try AuditSamples.audit(rows.joined(separator: "\n"), majorities: ["own=0.9"])
    #expect(
      finding(.majority, given)?.text
        == "own: every mean (3 of 3) lies below the majority class, 90 % (as given); the best is "
        + "73.8 % by lora-8 at 16 shots.")
  }

  @Test("runs without seeds cannot be paired")
  func noSeeds() throws {
    let audit = try AuditSamples.audit("method,accuracy\na,0.5\na,0.6\nb,0.7\nb,0.8\n")
    #expect(audit.cells.map(\.runs.count) == [2, 2])
    #expect(finding(.power, audit)?.text.hasPrefix("The table does not say which run") == true)
  }

  @Test("a table that this program wrote is read, and its majority classes are used")
  func own() throws {
    let plan = try RenderingSamples.plan()
    let csv = try RenderingSamples.rendered(
      plan, RenderingSamples.results(plan), cache: BlankPictures()
    ).csv
    let audit = try AuditSamples.audit(csv)
    #expect(audit.table.repeatedLines == [])
    #expect(audit.table.gaps == ["diverged": 1, "failed": 1, "missing": 1])
    #expect(audit.table.unreadColumns == [])
    #expect(finding(.repeats, audit)?.status == .pass)
    #expect(
      finding(.effectiveSeeds, audit)?.details.first?.contains("vanilla at 2 shots: 6 runs") == true
    )
    #expect(finding(.majority, audit)?.text.contains("as the table says") == true)
    let zeroShot = audit.cells.filter { $0.name.method == "zero-shot" }
    #expect(zeroShot.map(\.runs.count) == [1, 1, 1, 1, 1, 1])
    #expect(audit.comparisons.allSatisfy { $0.first != "zero-shot" && $0.second != "zero-shot" })
  }

  @Test("text stays within the width, and JSON can be read")
  func outputs() throws {
    let audit = try AuditSamples.audit(AuditSamples.clean)
    let text = AuditText(audit, width: 72, isColored: false).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 72 })
    #expect(text.hasSuffix("\n\n8 passed"))
    #expect(!text.contains("\u{1B}"))
    #expect(AuditText(audit, width: 72, isColored: true).text.contains("\u{1B}[32m✓\u{1B}[0m"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(AuditJSON(audit).text.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "ftreport.audit/2")
    #expect((object["comparisons"] as? [Any])?.count == 24)
    #expect((object["findings"] as? [Any])?.count == 8)
  }
}

@Suite(.enabled(if: SharedData.isPresent))
struct PublishedAuditTests {
  private func finding(_ kind: AuditFinding.Kind) throws -> AuditFinding {
    let file = try #require(SharedData.folder)
      .appendingPathComponent("reference/published-2405.13181-runs.csv")
    let audit = try Audit(ResultTable(contentsOf: file, file: "runs.csv"))
    return try #require(audit.findings.first { $0.kind == kind })
  }

  @Test("the published runs: one or two distinct results a cell")
  func seeds() throws {
    let seeds = try finding(.effectiveSeeds)
    #expect(seeds.status == .fail)
    #expect(
      seeds.text
        == "60 of 60 cells with 10 runs each have far fewer distinct results: 28 with 1 distinct "
        + "result and 32 with 2 distinct results. None has more than 2.")
  }

  @Test("the published runs: CoLA below the majority class, HANS at chance")
  func levels() throws {
    let levels = try finding(.majority)
    #expect(levels.status == .fail)
    for part in [
      "cola in-domain: every mean (50 of 50) lies below the majority class, 69.3 % (365 of 527, "
        + "CoLA's in_domain_dev.tsv; of GLUE's development set of CoLA 68.9 %); the best is 64.1 %",
      "cola out-of-domain: every mean (50 of 50) lies below the majority class, 68.6 % (354 of 516, "
        + "CoLA's out_of_domain_dev.tsv); the best is 64.5 %",
      "mnli out-of-domain: every mean (25 of 25) is at chance, 50 % (15,000 of 30,000, all of HANS)",
      "single runs 47.8 % to 51.5 %",
    ] {
      #expect(levels.text.contains(part))
    }
  }

  @Test("the published runs: the in-domain set holds the out-of-domain set")
  func sets() throws {
    let sets = try finding(.evaluationSets)
    #expect(sets.status == .fail)
    #expect(
      sets.text
        == "cola in-domain: every score is a multiple of 1/1,043, the size of GLUE's development set "
        + "of CoLA, and not of 1/527: it mixes CoLA's in-domain (527) and out-of-domain (516) sets "
        + "together.")
  }

  @Test("the published runs: ranks without effect, and nothing that can be tested")
  func others() throws {
    #expect(
      try finding(.repeats).details.contains {
        $0.hasPrefix("cola, opt-125m: lora (rank 2) at 2 shots, lora (rank 4) at 2 shots")
      })
    #expect(try finding(.power).status == .warn)
    #expect(try finding(.comparisons).text.hasPrefix("0 of "))
    #expect(try finding(.collapse).status == .warn)
  }
}
