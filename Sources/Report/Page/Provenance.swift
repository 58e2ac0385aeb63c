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

/// How a page was made and how to make it again.
package struct ProvenanceComponent: Hashable, Sendable {
  package struct Fact: Hashable, Sendable {
    package var name: String
    package var value: String
    /// Whether it is a fingerprint or path, set in a fixed width.
    package var isCode: Bool

    package init(_ name: String, _ value: String, isCode: Bool = false) {
      self.name = name
      self.value = value
      self.isCode = isCode
    }
  }

  /// Tool and numerics version, fingerprints of model and data, machine.
  package var facts: [Fact]
  /// The commands that make the page again, one per line.
  package var commands: [String]

  package init(facts: [Fact], commands: [String]) {
    self.facts = facts
    self.commands = commands
  }

  package var html: HTML {
    let rows = facts.map { fact -> HTML in
      let value: HTML = fact.isCode ? "<code>\(fact.value)</code>" : "\(fact.value)"
      return "<div><dt>\(fact.name)</dt><dd>\(value)</dd></div>\n"
    }.joined()
    return """
      <section class="provenance" aria-labelledby="page.provenance">
      <h2 id="page.provenance">How this page was made</h2>
      <dl>
      \(rows)</dl>
      \(again)</section>
      """
  }

  private var again: HTML {
    guard !commands.isEmpty else { return "" }
    let lines = commands.joined(separator: "\n")
    return "<p>To run it again:</p>\n<pre tabindex=\"0\"><code>\(lines)</code></pre>\n"
  }
}

/// What to type to make a page again.
struct ReproductionCommand: Hashable, Sendable {
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

  private static func line(_ words: [String]) -> String {
    ([program] + words).map(quoted).joined(separator: " ")
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
