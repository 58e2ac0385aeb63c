import Experiments
import Formats
import Foundation

extension ExperimentBlock: ReportBlock {
  static let references = ReferenceStyle("exp", nil)
  static let isNamedByOthers = true
  static let jsonKey: String? = "experiments"

  var templates: [Template] { [title, description].compactMap(\.self) }

  /// Nothing: the planner looks up the tasks, models and presets of an experiment.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic] { [] }

  static func evaluated(
    _ blocks: [ExperimentBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    evaluation.experiments.map { experiment in
      let label = experiment.block.label
      var variance: [VarianceShares] = []
      if let results = evaluation.frame[label], let facts = evaluation.facts[label] {
        variance = VarianceShares.all(experiment, results, facts: facts)
      }
      return EvaluatedExperiment(
        planned: experiment, frame: evaluation.frame, variance: variance,
        tuning: evaluation.frame[label].map { TuningSummary.all(experiment, $0) } ?? [])
    }
  }
}

/// An experiment with its results.
private struct EvaluatedExperiment: EvaluatedBlock {
  let planned: PlannedExperiment
  let frame: ResultFrame
  let variance: [VarianceShares]
  let tuning: [TuningSummary]

  var label: String { planned.block.label }

  func html(in setting: PageSetting) -> HTML {
    var component = ExperimentRenderer(prose: setting.prose, frame: frame).experiment(planned)
    if !variance.isEmpty { component.variance = variance.grid }
    if !tuning.isEmpty { component.tuning = tuning.grid }
    return component.html
  }

  var json: JSONText {
    let model = planned.model
    let methods = planned.methods.map { method in
      JSONText.map([
        "name": .text(method.name), "preset": .text(method.preset),
        "objective": .text(method.objective), "adaptation": .text(method.adaptation),
        "options": .map(method.options.values.mapValues(JSONText.init)),
      ])
    }
    var fields: [String: JSONText] = [
      "label": .text(planned.block.label), "task": .text(planned.task.name),
      "labels": JSONText(planned.task.labels), "methods": .list(methods),
      "shots": .list(planned.shape.shots.map(JSONText.integer)),
      "shotsPer": .text(planned.block.shotsPer.value.rawValue),
      "seeds": .list(planned.shape.seeds.map(JSONText.integer)),
      "sets": JSONText(planned.shape.sets),
      "data": .map(planned.dataFingerprints.mapValues(JSONText.text)),
      "dataNotes": JSONText(planned.dataNotes),
      "model": .map([
        "name": .text(model.name), "fingerprint": .text(model.fingerprint),
        "parameters": .integer(model.parameters), "layers": .integer(model.layers),
        "width": .integer(model.width), "family": .text(model.family),
        "context": .integer(model.context),
      ]),
    ]
    if !planned.shape.initSeeds.isEmpty {
      fields["initSeeds"] = .list(planned.shape.initSeeds.map(JSONText.integer))
      fields["variance"] = .list(variance.map(\.json))
    }
    fields["tuning"] = planned.tuningWords.map(JSONText.text)
    return .map(fields)
  }
}

/// Sets what an experiment ran.
struct ExperimentRenderer {
  let prose: Prose
  let frame: ResultFrame

  func experiment(_ experiment: PlannedExperiment) -> ExperimentComponent {
    let block = experiment.block
    let runs = frame[block.label]?.runs ?? []
    let cells = Set(experiment.places.map(\.key)).count
    return ExperimentComponent(
      anchor: prose.references.entry(ofBlock: block.label)?.anchor ?? "exp-\(block.label)",
      label: block.label, statement: statement(block), summary: summary(experiment, runs: runs),
      outcome: ExperimentComponent.Outcome(
        done: runs.count { $0.status == .succeeded }, failed: runs.count(where: \.hasFailed),
        diverged: runs.count(where: \.hasDiverged), missing: cells - runs.count),
      methods: experiment.methods.map { method in
        ExperimentComponent.Method(
          name: method.name, composition: Self.composition(method),
          options: method.options.values.sorted { $0.key < $1.key }.map { name, value in
            ExperimentComponent.Setting(
              name.replacingOccurrences(of: "-", with: " "),
              Self.text(value, of: name))
          })
      })
  }
}

extension ExperimentRenderer {
  private func statement(_ block: ExperimentBlock) -> HTML? {
    let parts = [
      block.title.map { "<strong>\(prose.html($0))</strong>" as HTML },
      block.description.map(prose.html),
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private func summary(
    _ experiment: PlannedExperiment, runs: [CellResult]
  ) -> [ExperimentComponent.Setting] {
    let (block, model, shape) = (experiment.block, experiment.model, experiment.shape)
    let counting = block.shotsPer.value == .class ? " per class" : " in all"
    var settings: [ExperimentComponent.Setting] = [
      .init("Task", task(experiment, runs: runs)),
      .init(
        "Model",
        "\(model.name): \(Self.count(model.parameters)) parameters, \(model.layers) layers of width "
          + "\(model.width) (\(model.family))"),
      .init("Methods", shape.methods.joined(separator: ", ")),
      .init("Examples", shape.shots.map(String.init).joined(separator: ", ") + counting),
      block.validation.map { validation in
        .init(
          "Cross-validation",
          "\(Words.count(validation.folds, "fold")), \(Words.count(validation.repeats, "repeat")); "
            + "each fold is one seed")
      } ?? .init("Seeds", Self.ranges(shape.seeds)),
    ]
    if !shape.initSeeds.isEmpty {
      settings.append(
        .init("Initializations", "\(Self.ranges(shape.initSeeds)) of each seed’s sample"))
    }
    if !experiment.dataNotes.isEmpty {
      settings.append(.init("Data", experiment.dataNotes.joined(separator: "; ")))
    }
    let demonstrations = demonstrations(experiment)
    if !demonstrations.isEmpty {
      settings.append(
        .init(
          "Demonstrations", "\(demonstrations.joined(separator: "; ")) fitted in the context"))
    }
    let tuning = frame[block.label].map { TuningSummary.all(experiment, $0) } ?? []
    if let words = experiment.tuningWords { settings.append(.init("Settings", words)) }
    settings += (choices(experiment) + tuning.choices).map { .init("Chosen", $0) }
    if !tuning.isEmpty {
      settings.append(.init("Choosing cost", tuning.costs.joined(separator: "; ")))
    }
    if !runs.isEmpty {
      settings.append(.init("Compute", Self.duration(runs.reduce(0) { $0 + $1.wholeSeconds })))
    }
    return settings
  }

  private func task(_ experiment: PlannedExperiment, runs: [CellResult]) -> String {
    let evaluations = runs.first { $0.status == .succeeded }?.evaluations ?? []
    let sizes = experiment.shape.sets.compactMap { set in
      evaluations.first { $0.set == set }.map { evaluation in
        "\(MetricPath.words(ofSet: set)) (\(Self.count(evaluation.count)))"
      }
    }
    let name = experiment.task.name
    return sizes.isEmpty ? name : "\(name), evaluated on \(Words.list(sizes))"
  }

  /// As in "head × lora, as in paper-2024".
  private static func composition(_ method: Method) -> String {
    let study = method.compatibility == .none ? "" : ", as in \(method.compatibility.rawValue)"
    return "\(method.objective) × \(method.adaptation)\(study)"
  }

  /// How many demonstrations fitted, where a method prompts with examples.
  private func demonstrations(_ experiment: PlannedExperiment) -> [String] {
    let counting = experiment.block.shotsPer.value
    let classes = counting == .class ? experiment.task.labels.count : 1
    return experiment.methods.filter(\.usesSample).compactMap { method in
      let parts = experiment.shape.shots.compactMap { shots -> String? in
        let results = results(experiment, method: method, shots: shots)
        let counts = results.compactMap(\.demonstrations)
        guard let least = counts.min(), let most = counts.max() else { return nil }
        let fitted = least == most ? "\(most)" : "\(least) to \(most)"
        let offered = results.compactMap(\.demonstrationsOffered).max() ?? shots * classes
        return "\(fitted) of \(offered)"
      }
      return parts.isEmpty
        ? nil : "\(method.name): \(parts.joined(separator: ", "))"
    }
  }

  /// What settings and epochs were chosen on, and how often which.
  private func choices(_ experiment: PlannedExperiment) -> [String] {
    experiment.methods.compactMap { method in
      let choices = experiment.shape.shots.flatMap {
        results(experiment, method: method, shots: $0).compactMap(\.choice)
      }
      guard let first = choices.first else { return nil }
      let place =
        first.evaluationSet.map {
          "on the evaluation set \($0), which inflates its scores there"
        }
        ?? (first.heldOut == 0
          ? "by cross-validation within the sample"
          : "on \(first.heldOut) more labelled examples of the training pool")
      var parts = ["\(method.name): \(place)"]
      let settings = choices.compactMap(\.setting)
      let times = Dictionary(grouping: settings, by: \.self).mapValues(\.count)
      parts += times.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        "\($0.key) in \($0.value) of \(choices.count)"
      }
      let epochs = choices.compactMap(\.epoch)
      if let least = epochs.min(), let most = epochs.max() {
        parts.append(least == most ? "epoch \(most)" : "epochs \(least) to \(most)")
      }
      return parts.joined(separator: "; ")
    }
  }

  /// Every result of a method at a number of shots.
  private func results(
    _ experiment: PlannedExperiment, method: Method, shots: Int
  ) -> [CellResult] {
    experiment.shape.seeds.flatMap {
      frame[experiment.block.label]?.results(method: method.name, shots: shots, seed: $0) ?? []
    }.compactMap(\.self)
  }

  /// "0 … 5", or the list where seeds are not in a row.
  private static func ranges(_ seeds: [Int]) -> String {
    guard let first = seeds.first, let last = seeds.last, seeds.count > 2,
      seeds == Array(first...max(first, last))
    else { return seeds.map(String.init).joined(separator: ", ") }
    return "\(first) … \(last)"
  }

  /// "125.2 M"; whole numbers below ten thousand.
  static func count(_ value: Int) -> String {
    switch value {
    case ..<10_000: ValueFormat(.integer).string(Double(value))
    case ..<1_000_000: String(format: "%.0f\u{A0}k", Double(value) / 1e3)
    case ..<1_000_000_000: String(format: "%.1f\u{A0}M", Double(value) / 1e6)
    default: String(format: "%.1f\u{A0}G", Double(value) / 1e9)
    }
  }

  /// Total seconds of all cells, in words.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let text =
      switch whole {
      case ..<120: ValueFormat(.seconds).string(seconds)
      case ..<7200: "\(whole / 60)\u{A0}min"
      default: "\(whole / 3600)\u{A0}h \(whole % 3600 / 60)\u{A0}min"
      }
    return "\(text) over all cells"
  }

  /// The value of an option in words, if a number has a special meaning.
  private static func text(_ value: OptionValue, of name: String) -> String {
    switch (name, value) {
    case (PromptObjective.demonstrations.name, .integer(PromptObjective.allThatFit)):
      "as many as fit"
    case (LayersAdaptation.frozen.name, .integer(LayersAdaptation.fiveSixths)):
      "five sixths of the layers"
    default: text(value)
    }
  }

  /// A setting as people write it: 1e-5, not 1e-05.
  private static func text(_ value: OptionValue) -> String {
    switch value {
    case .number(let number):
      "\(number)".replacingOccurrences(of: "e-0", with: "e-").replacingOccurrences(
        of: "e+0", with: "e")
    case .list(let values): values.map(text).joined(separator: ", ")
    case .flag(let flag): flag ? "yes" : "no"
    case .integer, .text: value.description
    }
  }
}
