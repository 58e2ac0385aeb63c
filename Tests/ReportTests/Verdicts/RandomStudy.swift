import Engine
import Foundation

@testable import Experiments
@testable import Report

/// Random results of two experiments with four methods, and a page that judges them in every way.
struct RandomStudy {
  /// What is wrong with the results.
  enum Condition: CaseIterable, Sendable {
    case sound, missing, failed, diverged, atFloor, equal, oneSeed, manyClasses, withoutItems
  }

  static let blocks: [(kind: String, label: String, yaml: String)] = [
    ("claim", "clm-1", "assert: e[a,16].ood.accuracy > e[b,16].ood.accuracy\neffect: 3%"),
    ("claim", "clm-2", "assert: e[b,16].ood.accuracy < e[a,16].ood.accuracy by 1%"),
    ("claim", "clm-3", "assert: e[a,16].ood.accuracy = e[b,16].ood.accuracy within 10%"),
    ("claim", "clm-4", "assert: e[c,16].ood.mcc > e[d,16].ood.mcc\nfamily: other"),
    ("claim", "clm-5", "assert: best(e[c,16].ood.accuracy, e[a,16].ood.accuracy)"),
    ("claim", "clm-6", "assert: e[a,16].ood.accuracy > 50%\nsecond-opinion: true"),
    ("claim", "clm-7", "assert: e[a].ood.accuracy rises with shots"),
    ("claim", "clm-8", "assert: e[a,16].memory.peak < 2 * e[b,16].memory.peak"),
    ("compare", "cmp-1", "from: e\ny: ood.accuracy\nshots: 16\nsecond-opinion: true"),
    ("compare", "cmp-2", "from: e\ny: ood.accuracy\nshots: 16\nmethods: [a, b]\neffect: 5%"),
    ("compare", "cmp-3", "from: [f, e]\ny: ood.accuracy\nshots: 16"),
    ("compare", "cmp-4", "from: [e, f]\ny: ood.accuracy\nshots: 16\nmethods: [a, b]"),
    ("recommend", "rec-1", "from: e\ny: ood.accuracy"),
  ]

  let plan: ReportPlan
  let results: [String: CellResult]
  let facts: [String: TaskFacts]

  init(_ condition: Condition, seed: UInt64) throws {
    let plan = try RenderingSamples.plan(Self.source(condition))
    let classes = condition == .manyClasses ? 20 : 2
    let classNames = (0..<classes).map { "class-\($0)" }
    self.plan = ReportPlan(
      report: plan.report,
      experiments: plan.experiments.map { experiment in
        var task = experiment.task
        task.labels = classNames
        return PlannedExperiment(
          block: experiment.block, shape: experiment.shape, task: task,
          methods: experiment.methods, places: experiment.places, model: experiment.model,
          dataFingerprints: experiment.dataFingerprints, dataNotes: [])
      }, cells: plan.cells, warnings: [], published: [])
    var stream = RandomStream(seed: seed, purpose: "consistency \(condition)")
    var facts: [String: TaskFacts] = [:]
    var truth: [String: [UInt8]] = [:]
    for experiment in plan.experiments {
      let labels = (0..<40).map { _ in UInt8(stream.index(below: classes)) }
      truth[experiment.block.label] = labels
      facts[experiment.block.label] = try Self.facts(labels, classNames)
    }
    var results: [String: CellResult] = [:]
    var skills: [String: Double] = [:]
    for cell in plan.cells {
      let name = cell.experiment + cell.method
      let skill =
        skills[name] ?? (condition == .atFloor ? 0 : 0.2 + 0.75 * stream.uniform())
      skills[name] = skill
      let labels = truth[cell.experiment] ?? []
      let predictions = labels.map { label in
        stream.uniform() < (condition == .equal ? 0.6 : skill)
          ? label : UInt8(stream.index(below: classes))
      }
      var result = CellResult(
        key: cell.cell.key, status: .succeeded,
        evaluations: [
          CellResult.Evaluation(
            set: "ood", count: labels.count,
            metrics: Metrics.all(
              predictions: predictions, labels: labels, classNames: classNames),
            predictions: condition == .withoutItems ? [] : predictions, tokens: 1, seconds: 1)
        ],
        memory: CellResult.Memory(
          peak: 1000 + cell.cell.recipe.seed + (cell.method == "a" ? 7 : 0)), seconds: 2)
      let recipe = cell.cell.recipe
      let isHit =
        cell.experiment == "e" && cell.method == "a" && recipe.seed == 0 && recipe.shots == 16
      if isHit, condition == .failed { result.status = .failed(reason: "killed") }
      if isHit, condition == .diverged { result.status = .diverged(step: 3) }
      if isHit, condition == .failed || condition == .diverged { result.evaluations = [] }
      if !isHit || condition != .missing { results[cell.cell.key] = result }
    }
    self.results = results
    self.facts = condition == .withoutItems ? [:] : facts
  }

  func evaluated() -> EvaluatedReport {
    EvaluatedReport(plan: plan, results: results, facts: facts)
  }

  func rendered() throws -> RenderedReport {
    try ReportRenderer(
      plan: plan, results: results, facts: facts, generatorVersion: "0.1.0",
      command: ["build", "r.md"], chartCache: BlankPictures()
    ).rendered()
  }

  private static func source(_ condition: Condition) -> String {
    let experiments = [("e", "cola"), ("f", "rte")].map { label, task in
      """
      ```{experiment #\(label)}
      task: \(task)
      model: opt-125m
      methods:
        - {preset: vanilla, name: a}
        - {preset: lora, name: b}
        - {preset: pbft, name: c}
        - {preset: zero-shot, name: d}
      shots: [16, 64]
      seeds: \(condition == .oneSeed ? "[0]" : "0..4")
      evaluate: {sets: [ood]}
      ```
      """
    }
    let others = blocks.map { "```{\($0.kind) #\($0.label)}\n\($0.yaml)\n```" }
    return "---\ntitle: Random\n---\n\n# One\n\n"
      + (experiments + others).joined(separator: "\n\n") + "\n"
  }

  /// Facts of a task with one evaluation set, as they are stored.
  private static func facts(_ labels: [UInt8], _ classNames: [String]) throws -> TaskFacts {
    let stored: [String: Any] = [
      "trainingCount": 100, "classNames": classNames, "labels": ["ood": labels.map(Int.init)],
      "files": [String: String](), "lines": [String: [Int]](), "overlaps": [Int](),
      "oddities": [Int](), "groups": [String: [Int]](),
    ]
    return try JSONDecoder().decode(
      TaskFacts.self, from: JSONSerialization.data(withJSONObject: stored))
  }
}
