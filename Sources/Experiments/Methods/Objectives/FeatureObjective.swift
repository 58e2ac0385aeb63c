import Engine

/// Solves a linear classifier of the states of a model that does not change.
///
/// The linear probe of Alain and Bengio 2016 (arXiv:1610.01644) as the convex problem it is. With
/// demonstrations in front of every text it is the prompt-augmented probe of Cho et al. 2022
/// (arXiv:2212.10873); the examples shown are then not trained on.
struct FeatureObjective: Objective {
  static let name = "features"
  static let isTrained = false

  enum Classifier: String, OptionChoice {
    /// L2-regularized logistic regression.
    case logistic
    /// The class whose mean state is nearest, of states of length 1: prototypes of Snell et al. 2017
    /// (arXiv:1703.05175), which makes it a linear classifier.
    case nearestMean = "nearest-mean"
  }

  static let classifier = MethodOption<Classifier>(
    "classifier", default: .logistic, "what decides from the states")
  /// Means that cross-validation chooses.
  private static let chosen = 0.0
  static let c = MethodOption(
    "c", 0...1e9, default: chosen,
    "inverse strength of the L2 penalty; 0 to choose it by cross-validation in the sample",
    when: .equals(classifier, .logistic))
  static let demonstrations = MethodOption(
    "demonstrations", 0...PromptObjective.allThatFit, default: 0,
    "most examples of the sample to put before every text")

  static let options: [any DeclaredOption] =
    [
      PatternChoice.option.defaulting(to: TaskDefinition.plainPattern), classifier, c,
      ClassWeights.option, demonstrations, Truncation.option,
    ] + FeatureReading.options

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func addsParameters(_ options: ResolvedOptions) -> Bool { true }
  static func readsWords(_ options: ResolvedOptions) -> Bool {
    options[demonstrations] > 0
  }

  fileprivate let pattern: String
  fileprivate let classifier: Classifier
  /// Nil to choose it.
  fileprivate let c: Double?
  fileprivate let isBalanced: Bool
  fileprivate let demonstrations: Int
  fileprivate let reading: FeatureReading

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    classifier = options[Self.classifier]
    c = options.value(of: Self.c).flatMap { $0 == Self.chosen ? nil : $0 }
    isBalanced = options.value(of: ClassWeights.option) == .balanced
    demonstrations = options[Self.demonstrations]
    reading = FeatureReading(options)
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    try reading.check(context.model.description)
    return FeatureSession(self, context, encoder: try PromptEncoder(context, pattern: pattern))
  }
}

private final class FeatureSession: ObjectiveSession {
  private let objective: FeatureObjective
  private let encoder: PromptEncoder
  private let shown: Demonstrations
  private let frozen: FrozenTexts
  private let classifier: StateClassifier
  /// The place of the layer that is read among those of `frozen`; nil for the mean of all.
  private var place: Int?
  private(set) var solution: Solution?
  let solves: Bool

  init(_ objective: FeatureObjective, _ context: ObjectiveContext, encoder: PromptEncoder) {
    let model = context.model
    let classes = context.task.labels.count
    (self.objective, self.encoder) = (objective, encoder)
    shown = Demonstrations(
      context.sample,
      limit: context.onlyAnswers
        ? context.sample.count : Self.mostShown(objective.demonstrations, of: context.sample),
      room: context.demonstrationRoom, encoder: encoder)
    let depth = model.description.layers
    let isLast = [.last, .number(depth)].contains(objective.reading.layer)
    frozen = FrozenTexts(
      model: model, selection: objective.reading.selection(of: model),
      layers: isLast ? [depth] : Array(1...max(1, depth)),
      identity: context.frozen?.identity, kept: context.frozen?.kept)
    switch objective.reading.layer {
    case .last, .best: place = frozen.layers.count - 1
    case .number(let number): place = isLast ? 0 : number - 1
    case .all: place = nil
    }
    classifier = StateClassifier(
      classes: classes, width: model.description.stateWidth, in: model.ledger)
    solves = !context.sample.isEmpty && !context.onlyAnswers
    if solves { solve(context, classes: classes) }
  }

  /// How many examples may be shown so that every class of the sample remains among the others.
  private static func mostShown(_ limit: Int, of sample: [Example]) -> Int {
    let classes = Set(sample.map(\.label))
    var count = min(limit, sample.count)
    while count > 0, Set(sample.dropFirst(count).map(\.label)) != classes { count -= 1 }
    return count
  }

  var readsWholeVocabulary: Bool { false }
  var chosenLayer: Int? {
    objective.reading.layer == .best ? place.map { frozen.layers[$0] } : nil
  }
  var head: [(name: String, tensor: Tensor<Float>)] { classifier.parameters }
  var demonstrations: Int? { shown.offered == 0 ? nil : shown.count }
  var demonstrationsOffered: Int? { shown.offered == 0 ? nil : shown.offered }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) { try setTensors(values) }

  func prompt(for example: Example) -> TokenSequence { TokenSequence(tokens(of: example)) }

  private func tokens(of example: Example) -> [Int32] {
    objective.reading.tokens(of: example, by: encoder, after: shown)
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] { [] }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    classifier.predictions(normalized(hidden.values.map(Double.init)))
  }

  func answers(to examples: [Example]) -> (predictions: Predictions, tokens: Int)? {
    let prompts = examples.map(tokens(of:))
    let states = states(frozen.together(prompts))
    return (classifier.predictions(states), prompts.reduce(0) { $0 + $1.count })
  }
}

extension FeatureSession {
  private var width: Int { classifier.width }

  /// The states that the classifier reads, `[texts, width]`.
  private func states(_ all: FrozenTexts.States, at place: Int?) -> [Double] {
    if let place { return normalized(all.layers[place].map(Double.init)) }
    var mean = [Double](repeating: 0, count: all.layers[0].count)
    for layer in all.layers { for i in mean.indices { mean[i] += Double(layer[i]) } }
    for i in mean.indices { mean[i] /= Double(all.layers.count) }
    return normalized(mean)
  }

  private func states(_ all: FrozenTexts.States) -> [Double] { states(all, at: place) }

  private func normalized(_ states: [Double]) -> [Double] {
    guard objective.reading.normalizes || objective.classifier == .nearestMean else {
      return states
    }
    return StateClassifier.unitRows(states, width: width)
  }

  /// Reads the sample, and solves on it.
  private func solve(_ context: ObjectiveContext, classes: Int) {
    let sample = Array(context.sample.dropFirst(shown.count))
    let prompts = sample.map(tokens(of:))
    let states = frozen.alone(prompts)
    // The numbers of the solution lie outside the ledger; what they take is entered here.
    let scratch = classifier.scratch(examples: sample.count, layers: frozen.layers.count)
    frozen.model.ledger.compute {
      let labels = sample.map(\.label)
      let search = PenaltySearch(
        labels: labels, classes: classes, balanced: objective.isBalanced, seed: context.sampleSeed)
      var outcome: PenaltySearch.Outcome?
      let isPrototype = objective.classifier == .nearestMean
      var places: [Int?] = isPrototype ? [] : [place]
      if objective.reading.layer == .best { places = frozen.layers.indices.map { $0 } }
      // From the last layer down, so that of equals the last is taken.
      for candidate in places.reversed() {
        let rows = FeatureRows(self.states(states, at: candidate), columns: width)
        let found = search.solve(rows, c: objective.c)
        guard found.loss < outcome?.loss ?? .infinity || outcome == nil else { continue }
        (outcome, place) = (found, candidate)
      }
      let solved =
        isPrototype
        ? prototypes(self.states(states), labels: labels, classes: classes)
        : outcome?.model.perClass
      guard let (weights, intercepts) = solved else { return }
      classifier.set(weights: weights, intercepts: intercepts)
      let predicted = classifier.predictions(self.states(states))
      solution = Solution(
        evaluations: isPrototype ? 1 : outcome?.model.evaluations ?? 0,
        tokens: prompts.reduce(0) { $0 + $1.count }, loss: predicted.meanLoss(of: labels),
        accuracy: predicted.accuracy(on: labels),
        parameters: classifier.parameterCount, setting: setting(outcome),
        secondsOfStates: states.seconds)
    }
    withExtendedLifetime(scratch) {}
  }

  /// What was chosen, in words; nil where nothing was.
  private func setting(_ outcome: PenaltySearch.Outcome?) -> String? {
    var words: [String] = []
    if let outcome, objective.classifier == .logistic, objective.c == nil {
      words.append("c \(outcome.c)")
    }
    if objective.reading.layer == .best, let place { words.append("layer \(place + 1)") }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// `2 m·x − ‖m‖²` of each class's mean `m`, which is `−‖x − m‖²` but for what all classes share.
  private func prototypes(
    _ states: [Double], labels: [Int], classes: Int
  ) -> (weights: [Double], intercepts: [Double]) {
    var weights = [Double](repeating: 0, count: classes * width)
    var counts = [Double](repeating: 0, count: classes)
    for (row, label) in labels.enumerated() {
      counts[label] += 1
      for i in 0..<width { weights[label * width + i] += states[row * width + i] }
    }
    // A class without example is never answered: states and means are no longer than 1.
    var intercepts = [Double](repeating: -1e3, count: classes)
    for k in 0..<classes where counts[k] > 0 {
      var square = 0.0
      for i in (k * width)..<((k + 1) * width) {
        let mean = weights[i] / counts[k]
        square += mean * mean
        weights[i] = 2 * mean
      }
      intercepts[k] = -square
    }
    return (weights, intercepts)
  }
}

/// A classifier that was solved for instead of trained step by step.
struct Solution: Hashable, Sendable {
  /// Of the objective function.
  let evaluations: Int
  /// Of the sample.
  let tokens: Int
  /// Mean of the sample, in nats.
  let loss: Double
  /// On the sample, in [0, 1].
  let accuracy: Double
  let parameters: Int
  /// What was chosen within the sample, in words; nil where nothing was.
  let setting: String?
  /// What computing the sample's states took, also where they were there already.
  let secondsOfStates: Double
}
