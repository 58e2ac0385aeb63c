import Experiments

/// How a page was made, from the plan and what its results recorded.
struct Provenance {
  /// Enough of a fingerprint to tell two files apart.
  private static let digits = 12

  let plan: ReportPlan
  let frame: ResultFrame
  let generatorVersion: String
  let command: ReproductionCommand

  var component: ProvenanceComponent {
    ProvenanceComponent(facts: program + models + data + machine, commands: commands)
  }

  private var program: [ProvenanceComponent.Fact] {
    let numerics = distinct(plan.cells.map { "\($0.cell.recipe.numericsVersion)" })
    let version = numerics.isEmpty ? "" : ", numerics \(numerics.joined(separator: ", "))"
    return [.init("Program", "ftreport \(generatorVersion)\(version)")]
  }

  private var models: [ProvenanceComponent.Fact] {
    distinct(plan.experiments.map(\.model)).map { model in
      .init(
        "Model",
        "\(model.name) sha256:\(model.fingerprint.prefix(Self.digits)) "
          + "(\(ValueFormat(.integer).string(Double(model.parameters))) parameters)", isCode: true)
    }
  }

  private var data: [ProvenanceComponent.Fact] {
    let files = plan.experiments.flatMap { experiment in
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
    [command.build] + plan.experiments.prefix(1).compactMap { command.run($0.block.label) }
  }

  private func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
