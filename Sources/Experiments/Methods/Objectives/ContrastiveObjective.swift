import Engine

/// Trains states of texts to be alike within a class and orthogonal between classes, and then solves a
/// linear classifier of them.
///
/// SetFit of Tunstall et al. 2022, "Efficient few-shot learning without prompts", arXiv:2209.11055: the
/// loss of a pair of texts is `(cos(x_a, x_b) − t)²` with `t` 1 for texts of one class, else 0 (see
/// ``Tape/cosineErrors(_:pairs:targets:)``), and the classifier is logistic regression, as in the setfit
/// package. A batch is one of pairs (``ContrastivePairs``), in which each text is read once; other than
/// in the package the model drops no values out.
struct ContrastiveObjective: Objective {
  static let name = "contrastive"
  static let isTrained = true
  static let changesStates = true

  /// Means that cross-validation chooses.
  private static let chosen = 0.0
  static let c = MethodOption(
    "c", 0...1e9, default: PenaltySearch.usual,
    "inverse strength of the classifier's L2 penalty; 0 to choose it by cross-validation")

  static let options: [any DeclaredOption] =
    [
      PatternChoice.option.defaulting(to: TaskDefinition.plainPattern), c, ClassWeights.option,
    ] + FeatureReading.ofLastLayer

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func addsParameters(_ options: ResolvedOptions) -> Bool { true }
  static func readsWords(_ options: ResolvedOptions) -> Bool { false }

  private let pattern: String
  /// Nil to choose it.
  fileprivate let c: Double?
  fileprivate let isBalanced: Bool
  fileprivate let reading: FeatureReading
  private let epochs: Int

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    c = options[Self.c] == Self.chosen ? nil : options[Self.c]
    isBalanced = options.value(of: ClassWeights.option) == .balanced
    reading = FeatureReading(options)
    epochs = options.value(of: TrainingOptions.epochs) ?? 0
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    try session(
      context,
      pairs: ContrastivePairs(
        labels: context.sample.map(\.label), epochs: epochs, seed: context.seed))
  }

  /// The same on given pairs.
  func session(
    _ context: ObjectiveContext, pairs: ContrastivePairs
  ) throws -> any ObjectiveSession {
    ContrastiveSession(
      self, context, encoder: try PromptEncoder(context, pattern: pattern), pairs: pairs)
  }
}

private final class ContrastiveSession: ObjectiveSession {
  private let objective: ContrastiveObjective
  private let model: Transformer<Float>
  private let encoder: PromptEncoder
  private let sample: [Example]
  private let seed: UInt64
  private let onlyAnswers: Bool
  private let classifier: StateClassifier
  let pairs: ContrastivePairs?

  init(
    _ objective: ContrastiveObjective, _ context: ObjectiveContext, encoder: PromptEncoder,
    pairs: ContrastivePairs
  ) {
    (self.objective, self.encoder, self.pairs) = (objective, encoder, pairs)
    (model, sample, seed) = (context.model, context.sample, context.sampleSeed)
    onlyAnswers = context.onlyAnswers
    classifier = StateClassifier(
      classes: context.task.labels.count, width: context.model.description.stateWidth,
      in: context.model.ledger)
  }

  var readsWholeVocabulary: Bool { false }
  var head: [(name: String, tensor: Tensor<Float>)] { classifier.parameters }
  var selection: Transformer<Float>.Selection? { objective.reading.selection(of: model) }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    guard onlyAnswers else {
      throw MethodError(
        .headDoesNotFit("'\(ContrastiveObjective.name)' solves for its own after training"))
    }
    try setTensors(values)
  }

  func prompt(for example: Example) -> TokenSequence {
    TokenSequence(objective.reading.tokens(of: example, by: encoder))
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    guard let pairs else { return [] }
    let places = Dictionary(
      pairs.texts(of: examples).enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    let chosen = examples.map { pairs[$0] }
    let rows = chosen.map {
      (first: places[$0.pair.first] ?? 0, second: places[$0.pair.second] ?? 0)
    }
    let errors = tape.cosineErrors(
      hidden, pairs: rows, targets: chosen.map { $0.isSame ? 1 : 0 })
    return [(errors, 1)]
  }

  func finishTraining() {
    let states = FrozenTexts(
      model: model, selection: objective.reading.selection(of: model),
      layers: [model.description.layers], identity: nil, kept: nil
    ).together(sample.map { prompt(for: $0).tokens }).layers[0]
    let scratch = classifier.scratch(examples: sample.count, layers: 1)
    model.ledger.compute {
      let labels = sample.map(\.label)
      let rows = FeatureRows(read(states), columns: classifier.width)
      let (weights, intercepts) = PenaltySearch(
        labels: labels, classes: classifier.parameters[0].tensor.rows,
        balanced: objective.isBalanced, seed: seed
      ).solve(rows, c: objective.c).model.perClass
      classifier.set(weights: weights, intercepts: intercepts)
    }
    withExtendedLifetime(scratch) {}
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    classifier.predictions(read(hidden.values))
  }

  /// States as the classifier reads them.
  private func read(_ states: [Float]) -> [Double] {
    let states = states.map(Double.init)
    return objective.reading.normalizes
      ? StateClassifier.unitRows(states, width: classifier.width) : states
  }
}
