import Engine

/// A published study whose own settings and quirks a method can reproduce.
///
/// It is a bundle of options and nothing else: the recipe contains its changes, not its name.
package enum Compatibility: String, OptionChoice {
  case none
  /// Srinivasan et al. 2024, arXiv:2405.13181, as its code does it.
  case paper2024 = "paper-2024"
  /// Mosbach et al. 2023, arXiv:2305.16938, and its code, llmft.
  case llmft

  static let option = MethodOption<Compatibility>(
    "compat", default: .none, "the study whose settings a method reproduces")

  /// The pattern of the 2024 paper, which task files name after it.
  static let paperPattern = paper2024.rawValue

  /// What a study changes of a preset.
  struct Changes: Sendable {
    /// nil for the preset's own.
    var objective: (any Objective.Type)?
    var options: [String: OptionValue]

    /// Of several settings of one option the last counts.
    init(objective: (any Objective.Type)? = nil, _ settings: [OptionSetting] = []) {
      self.objective = objective
      options = [String: OptionValue](settings)
    }
  }

  /// What it changes of a preset; nil where the study has no such method.
  func changes(of preset: String) -> Changes? {
    switch self {
    case .none: Changes()
    case .paper2024: Self.paper2024Changes[preset]
    case .llmft: Self.llmftChanges[preset]
    }
  }

  /// The presets that it covers.
  var presets: [String] {
    switch self {
    case .none: []
    case .paper2024: Self.paper2024Changes.keys.sorted()
    case .llmft: Self.llmftChanges.keys.sorted()
    }
  }

  /// AdamW at 1e-5 without weight decay, batches of 32, 40 epochs, 10 % warm-up, then linear decay.
  private static let paper2024Training = [
    TrainingOptions.learningRate(1e-5), TrainingOptions.epochs(40), TrainingOptions.batchSize(32),
    TrainingOptions.warmup(0.1), TrainingOptions.schedule(.linear), TrainingOptions.weightDecay(0),
  ]

  private static let plain = [PatternChoice.option(TaskDefinition.plainPattern)]
  private static let wrapped = [PatternChoice.option(Compatibility.paperPattern)]

  /// The paper's "PBFT" wraps the text in a pattern and answers with a fresh head all the same.
  private static let patternHead = Changes(
    objective: HeadObjective.self, paper2024Training + wrapped)

  /// The code computes the layers' rates and never hands them to the optimizer, and it freezes layers
  /// but not the embeddings below them.
  private static let unevenLayers = Changes(
    paper2024Training + plain
      + [LayersAdaptation.decay(1), LayersAdaptation.embeddings(true)])

  /// The teacher sees a pattern and no demonstrations, and answers with an untrained head.
  private static let untrainedTeacher = Changes(
    paper2024Training + plain + [
      DistillationScope.option(.head), DistillationTeacher.option(DistillationTeacher.promptOnly),
      DistillationTeacher.pattern(Compatibility.paperPattern),
    ])

  private static let paper2024Changes: [String: Changes] = [
    "vanilla": Changes(paper2024Training + plain),
    "pbft": patternHead,
    "pbft-head": patternHead,
    "adaptive": unevenLayers,
    "lora": Changes(
      paper2024Training + plain
        + [LoRAAdaptation.rank(8), LoRAAdaptation.alpha(8), LoRAAdaptation.dropout(0.1)]),
    "context-distillation": untrainedTeacher,
    "icl": Changes(wrapped),
    "zero-shot": Changes(wrapped),
  ]

  /// The paper's settings, but for a rate that stays after warm-up.
  private static let llmftTraining = paper2024Training + [TrainingOptions.schedule(.constant)]

  /// Label words, with the softmax over the whole vocabulary.
  private static let allWords = [LossScope.option(.vocabulary)]

  private static let llmftChanges: [String: Changes] = [
    "vanilla": Changes(llmftTraining + plain + [HeadObjective.head(.mlp)]),
    "pbft": Changes(llmftTraining + allWords),
    "lora": Changes(
      objective: VerbalizerObjective.self,
      llmftTraining + allWords + [
        PatternChoice.option(PatternChoice.taskDefault), TrainingOptions.learningRate(2e-4),
        TrainingOptions.epochs(80), LoRAAdaptation.rank(8),
      ]),
    "icl": Changes(),
    "zero-shot": Changes(),
  ]
}
