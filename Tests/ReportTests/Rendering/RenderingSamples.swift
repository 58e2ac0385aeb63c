import Foundation

@testable import Experiments
@testable import Formats
@testable import Report

/// A study with made-up results: seven methods, three numbers of shots, six seeds, two tasks.
enum RenderingSamples {
  static let source = """
    ---
    title: Which way of adapting a small model pays?
    subtitle: Seven methods on two tasks, with few examples
    authors: [{name: Ada Example, affiliation: Example Institute}, Grace Sample]
    date: "2025-01-31"
    description: A study of adaptation with few examples whose numbers are all made up.
    params:
      profile: quick
    toc: true
    ---

    # Results in brief {#sec-brief}

    With 128 examples of each class LoRA reaches `{val} lowres[lora,128].ood.accuracy:pct±` out of
    domain, against `{val} lowres[vanilla,128].ood.accuracy:pct±` for full fine-tuning
    (see @fig-acc, @tbl-acc and @clm-lora). Pattern-based fine-tuning at 16 examples has
    `{val} lowres[pbft,16].ood.accuracy:pct`, and @exp-lowres says how.

    ```{experiment #lowres}
    title: CoLA, seven methods
    description: All methods see the *same* examples.
    task: cola
    model: opt-125m
    methods: [icl, zero-shot, vanilla, pbft, adaptive, lora, context-distillation]
    shots: [2, 16, 128]
    seeds: 0..5
    ```

    ```{experiment #inference}
    task: mnli
    model: opt-125m
    methods: [icl, zero-shot, vanilla, pbft, adaptive, lora, context-distillation]
    shots: [2, 16, 128]
    seeds: 0..5
    ```

    # Accuracy

    ```{chart #fig-acc}
    from: lowres
    kind: dot-interval
    x: shots
    y: [in-domain.accuracy, ood.accuracy]
    caption: "CoLA by examples; LoRA ends at {{lowres[lora,128].ood.accuracy:pct}}, as @clm-lora says."
    ```

    ```{chart #fig-lines}
    from: [lowres, inference]
    kind: line-interval
    x: shots
    y: [in-domain.accuracy, ood.accuracy]
    methods: [vanilla, pbft, lora]
    caption: Both tasks, three methods.
    ```

    ```{chart #fig-crowd}
    from: lowres
    kind: line-interval
    y: ood.accuracy
    caption: All seven methods out of domain.
    ```

    ```{table #tbl-acc}
    from: lowres
    y: [in-domain.accuracy, ood.accuracy]
    caption: Accuracy on **CoLA** by number of examples per class.
    best: true
    ```

    ## Other measures

    ```{chart #fig-bars}
    from: lowres
    kind: bar
    y: ood.macro-f1
    shots: [16, 128]
    methods: [icl, vanilla, pbft, lora]
    caption: Macro F1 out of domain.
    ```

    ```{chart #fig-hans}
    from: inference
    kind: dot-interval
    x: method
    y: [ood-entailment.accuracy, ood-non-entailment.accuracy]
    shots: [128]
    caption: Both classes of HANS.
    ```

    ```{table #tbl-seeds}
    from: lowres
    rows: seed
    columns: method
    shots: [16]
    y: ood.accuracy
    format: pct
    ```

    # Memory

    ```{chart #fig-mem}
    from: lowres
    kind: memory
    title: Where the memory goes
    caption: Peak memory by category.
    ```

    ```{chart #fig-pareto}
    from: [lowres, inference]
    kind: pareto
    x: memory.peak
    y: ood.accuracy
    caption: Accuracy out of domain against peak memory.
    ```

    ```{table #tbl-mem}
    from: [lowres, inference]
    y: [memory.peak, train.seconds]
    shots: [128]
    rows: method
    columns: metric
    best: true
    ```

    # Claims

    ```{claim #clm-lora}
    assert: lowres[lora,128].ood.accuracy > lowres[vanilla,128].ood.accuracy
    source: Hu 2021
    ```

    ```{claim #clm-cd}
    assert: lowres[context-distillation,16].ood.accuracy > lowres[vanilla,16].ood.accuracy by 2%
    text: Context distillation beats **full** fine-tuning out of domain with 16 examples (@fig-acc).
    ```

    ```{claim #clm-half}
    assert: inference[icl,128].ood.accuracy > 50%
    ```

    ```{claim #clm-lost}
    assert: lowres[pbft,16].ood.accuracy > lowres[vanilla,16].ood.accuracy
    ```

    """

  static let methods = [
    "icl", "zero-shot", "vanilla", "pbft", "adaptive", "lora", "context-distillation",
  ]

  static func report(_ source: String = source) throws -> ParsedReport {
    let reading = ReportReader().read(try ReportSource(file: "reports/lowres.md", text: source))
    guard let report = reading.report, !reading.hasErrors else {
      throw SampleError(message: reading.diagnostics.map(\.description).joined(separator: "\n"))
    }
    return report
  }

  struct SampleError: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
  }

  static func plan(_ source: String = source) throws -> ReportPlan {
    let report = try report(source)
    var experiments: [PlannedExperiment] = []
    var cells: [PlannedCell] = []
    for block in report.experiments {
      let task = try TaskCatalog.published.task(named: block.task.value)
      let methods = try block.methods.map { request in
        try MethodCatalog.builtin.method(
          request.preset.value, name: request.name.value, overrides: request.options, task: task)
      }
      let chosen = block.evaluation.sets?.map(\.value)
      let scored = task.evaluations.filter { chosen?.contains($0.name) ?? true }
      let (places, planned) = self.cells(block, methods: methods)
      cells += planned
      experiments.append(
        PlannedExperiment(
          block: block,
          shape: block.shape(
            sets: scored.flatMap { [$0.name] + $0.subsets.map(\.name) },
            metrics: Metrics.names(labels: task.labels)),
          task: task, methods: methods, places: places,
          model: ModelFacts(
            name: "opt-125m", fingerprint: String(repeating: "5f1c9e0b", count: 8),
            parameters: 125_239_296, layers: 12, width: 768, family: "opt", context: 2048),
          dataFingerprints: [
            "train": String(repeating: "91be04aa", count: 8),
            "ood": String(repeating: "03ac55d1", count: 8),
          ],
          dataNotes: task.name == "mnli" ? ["HANS (regenerated)"] : []))
    }
    let workspace = Workspace(
      source: URL(fileURLWithPath: "/nowhere/lowres.md"),
      currentFolder: URL(fileURLWithPath: "/nowhere"))
    return ReportPlan(
      report: report, experiments: experiments, cells: cells, warnings: [],
      published: report.blocks(PublishedBlock.self).compactMap {
        PublishedReader($0, workspace: workspace).read().numbers
      })
  }

  private static func cells(
    _ block: ExperimentBlock, methods: [Method]
  ) -> ([PlannedExperiment.Place], [PlannedCell]) {
    var places: [PlannedExperiment.Place] = []
    var cells: [PlannedCell] = []
    for method in methods {
      for shots in block.shots.map(\.value) {
        for seed in block.seeds.map(\.value) {
          let (shownShots, shownSeed) = method.usesSample ? (shots, seed) : (0, 0)
          let key = "\(block.label)/\(method.name)/\(shownShots)/\(shownSeed)"
          places.append(
            .init(method: method.name, shots: shots, seed: seed, initSeed: nil, key: key))
          guard !cells.contains(where: { $0.cell.key == key }) else { continue }
          let recipe = CellRecipe(
            numericsVersion: 1, modelFingerprint: "m", task: block.task.value, taskOptions: [:],
            dataFingerprints: [:], objective: method.objective, adaptation: method.adaptation,
            methodOptions: method.options.values, shots: shownShots, seed: shownSeed,
            precision: "float32", threads: 1)
          cells.append(
            PlannedCell(
              cell: Cell(key: key, recipe: recipe, modelPath: "m", dataPath: "d"),
              method: method.name, experiment: block.label, cached: nil, reason: .neverRun,
              predictedSeconds: nil, memory: MemoryEstimate(peak: 1 << 30, resident: 1 << 31)))
        }
      }
    }
    return (places, cells)
  }

  /// Results of every cell; some failed, one diverged, and one has not run.
  static func results(_ plan: ReportPlan) -> [String: CellResult] {
    var results: [String: CellResult] = [:]
    for cell in plan.cells {
      guard let experiment = plan.experiments.first(where: { $0.block.label == cell.experiment })
      else { continue }
      results[cell.cell.key] = SyntheticCell(cell, experiment: experiment).result
    }
    results["lowres/pbft/16/2"]?.fail(.failed(reason: "the worker was killed by signal 9"))
    results["lowres/pbft/16/4"]?.fail(.diverged(step: 41))
    results["inference/adaptive/2/1"] = nil
    return results
  }

  static func rendered(
    _ plan: ReportPlan, _ results: [String: CellResult], cache: (any ChartCache)? = nil
  ) throws -> RenderedReport {
    try ReportRenderer(
      plan: plan, results: results, generatorVersion: "0.1.0",
      command: ["build", "reports/lowres.md", "-P", "profile=quick"], chartCache: cache
    ).rendered()
  }
}

extension CellResult {
  /// Turns a success into what is left of a cell that did not finish.
  fileprivate mutating func fail(_ status: Status) {
    self.status = status
    evaluations = []
    training?.accuracy = nil
  }
}
