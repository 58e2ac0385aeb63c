import Experiments
import Formats

/// How a page was made, from what was planned and what its results recorded.
struct Provenance {
  /// Enough of a fingerprint to distinguish two files.
  private static let digits = 12

  let experiments: [PlannedExperiment]
  let cells: [PlannedCell]
  let frame: ResultFrame
  let generatorVersion: String
  let command: ReproductionCommand

  var component: ProvenanceComponent {
    ProvenanceComponent(facts: program + models + data + machine, commands: commands)
  }

  private var program: [ProvenanceComponent.Fact] {
    let numerics = distinct(cells.map { "\($0.cell.recipe.numericsVersion)" })
    let version = numerics.isEmpty ? "" : ", numerics \(numerics.joined(separator: ", "))"
    return [.init("Program", "ftreport \(generatorVersion)\(version)")]
  }

  private var models: [ProvenanceComponent.Fact] {
    distinct(experiments.map(\.model)).map { model in
      .init(
        "Model",
        "\(model.name) sha256:\(model.fingerprint.prefix(Self.digits)) "
          + "(\(ValueFormat(.integer).string(Double(model.parameters))) parameters)", isCode: true)
    }
  }

  private var data: [ProvenanceComponent.Fact] {
    let files = experiments.flatMap { experiment in
      experiment.dataFingerprints.sorted { $0.key < $1.key }.map { role, fingerprint in
        "\(experiment.task.name)/\(role) sha256:\(fingerprint.prefix(Self.digits))"
      }
    }
    return distinct(files).map { .init("Data", $0, isCode: true) }
  }

  private var machine: [ProvenanceComponent.Fact] {
    let recorded = distinct(frame.experiments.flatMap(\.runs).compactMap(\.provenance))
    return distinct(
      recorded.map { provenance in
        "\(provenance.processor), \(provenance.blas), \(provenance.threads) "
          + (provenance.threads == 1 ? "thread a cell" : "threads a cell")
      }
    ).map { .init("Machine", $0) }
  }

  private var commands: [String] {
    [command.build] + experiments.prefix(1).compactMap { command.run($0.block.label) }
  }

  private func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}

/// What to type to make a page again.
package struct ReproductionCommand: Hashable, Sendable {
  /// The words after the program's name: `build reports/lowres.md -P suite=glue`.
  let words: [String]

  private static let program = "scripts/ftreport"

  /// The whole report, as a shell reads it.
  var build: String { Self.line(words) }

  /// One experiment of it, with the same options; nil where the build command is not understood.
  func run(_ experiment: String) -> String? {
    guard words.count > 1, words[0] == "build", !words[1].starts(withBytes: "-") else { return nil }
    return Self.line(["run", words[1], experiment] + words.dropFirst(2))
  }

  private static func line(_ words: [String]) -> String { shellLine([program] + words) }

  /// Words as a shell reads them.
  package static func shellLine(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-_./=:,@%+".unicodeScalars.contains($0)
    }
    guard !plain || word.isEmpty else { return word }
    let parts = word.split(atByte: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
