import Foundation

@testable import Engine
@testable import Formats
@testable import Report

/// Tables of results made for tests.
enum AuditSamples {
  static func audit(
    _ csv: String, columns: [String] = [], majorities: [String] = []
  ) throws -> Audit {
    let text = try DelimitedText(
      TextFile(file: "results.csv", bytes: Data(csv.utf8), kind: .table))
    return try Audit(
      ResultTable(text, file: "results.csv", columns: columns), majorities: majorities)
  }

  /// A sound study: four methods, two numbers of shots, ten seeds, in the layout of most tables.
  ///
  /// Methods lie apart by more than their seeds do, and all above CoLA's majority class.
  static var clean: String {
    var lines = ["method,model,task,shots,seed,in_domain_accuracy,ood_accuracy"]
    for (rank, method) in ["lora", "pbft", "icl", "vanilla"].enumerated() {
      for shots in [16, 128] {
        for seed in 0..<10 {
          var random = RandomStream(seed: UInt64(seed), purpose: "\(method) \(shots)")
          func share(_ mean: Double, of items: Int) -> Double {
            ((mean + 0.01 * random.normal()) * Double(items)).rounded() / Double(items)
          }
          let mean = 0.9 - 0.04 * Double(rank) + (shots == 128 ? 0.03 : 0)
          lines.append(
            "\(method),tiny,cola,\(shots),\(seed),\(share(mean, of: 527)),"
              + "\(share(mean - 0.04, of: 516))")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same numbers with a row for each score.
  static var cleanLong: String {
    let rows = clean.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let lines = rows.flatMap { row in
      zip(["in-domain", "ood"], row[5...6]).map { set, value in
        "\(row[0]);\(row[2]);\(set);\(row[3]);\(row[4]);accuracy;\(value)"
      }
    }
    return (["approach;dataset;split;n;trial;metric;value"] + lines).joined(separator: "\r\n")
  }
}
