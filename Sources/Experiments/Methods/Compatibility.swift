import Engine

/// A published study whose own settings and quirks a method can reproduce.
///
/// It is a bundle of options and nothing else: what it changes stands in the recipe, not its name.
package enum Compatibility: String, CaseIterable, Hashable, Sendable {
  case none
  /// Srinivasan et al. 2024, arXiv:2405.13181, as its code does it.
  case paper2024 = "paper-2024"
  /// Mosbach et al. 2023, arXiv:2305.16938, and its code, llmft.
  case llmft

  static let optionName = "compat"

  /// What it changes of a preset; nil where the study has no such method.
  func changes(of preset: String) -> [String: OptionValue]? {
    switch self {
    case .none: [:]
    case .paper2024: Self.paper2024Changes[preset]
    case .llmft: Self.llmftChanges[preset]
    }
  }

  /// The presets it can be asked of.
  var presets: [String] {
    switch self {
    case .none: []
    case .paper2024: Self.paper2024Changes.keys.sorted()
    case .llmft: Self.llmftChanges.keys.sorted()
    }
  }

  /// AdamW at 1e-5 without weight decay, batches of 32, 40 epochs, 10 % warm-up, then linear decay.
  private static let paper2024Training: [String: OptionValue] = [
    "learning-rate": .number(1e-5), "epochs": .integer(40), "batch-size": .integer(32),
    "warmup": .number(0.1), "schedule": .text(LearningRateSchedule.Decay.linear.rawValue),
    "weight-decay": .number(0),
  ]

  private static let plain: [String: OptionValue] = [
    "pattern": .text(TaskDefinition.plainPattern)
  ]
  private static let wrapped: [String: OptionValue] = ["pattern": .text("paper-2024")]

  /// The paper's "PBFT" wraps the text in a pattern and answers with a fresh head all the same.
  private static let patternHead = together(
    paper2024Training, wrapped, ["objective": .text(HeadObjective.name)])

  /// The code computes the layers' rates and never hands them to the optimizer, and it freezes layers
  /// but not the embeddings below them.
  private static let unevenLayers = together(
    paper2024Training, plain, ["layer-decay": .number(1), "embeddings": .flag(true)])

  /// The teacher sees a pattern and no demonstrations, and answers with a head that nobody trained.
  private static let untrainedTeacher = together(
    paper2024Training, plain,
    [
      DistillationScope.optionName: .text(DistillationScope.head.rawValue),
      DistillationTeacher.optionName: .text(DistillationTeacher.promptOnly),
      DistillationTeacher.patternName: .text("paper-2024"),
    ])

  private static let paper2024Changes: [String: [String: OptionValue]] = [
    "vanilla": together(paper2024Training, plain),
    "pbft": patternHead,
    "pbft-head": patternHead,
    "adaptive": unevenLayers,
    "lora": together(
      paper2024Training, plain,
      ["rank": .integer(8), "alpha": .number(8), "dropout": .number(0.1)]),
    "context-distillation": untrainedTeacher,
    "icl": wrapped,
    "zero-shot": wrapped,
  ]

  /// The paper's settings, but for a rate that stays after warm-up.
  private static let llmftTraining = together(
    paper2024Training, ["schedule": .text(LearningRateSchedule.Decay.constant.rawValue)])

  /// Label words, with the softmax over the whole vocabulary.
  private static let allWords: [String: OptionValue] = [
    "over": .text(LossScope.vocabulary.rawValue)
  ]

  private static let llmftChanges: [String: [String: OptionValue]] = [
    "vanilla": together(
      llmftTraining, plain, ["head": .text(FreshHead.Kind.mlp.rawValue)]),
    "pbft": together(llmftTraining, allWords),
    "lora": together(
      llmftTraining, allWords,
      [
        "objective": .text(VerbalizerObjective.name),
        "pattern": .text(PatternChoice.taskDefault), "learning-rate": .number(2e-4),
        "epochs": .integer(80), "rank": .integer(8),
      ]),
    "icl": [:],
    "zero-shot": [:],
  ]

  /// Options joined, of which later ones win.
  private static func together(_ parts: [String: OptionValue]...) -> [String: OptionValue] {
    parts.reduce(into: [:]) { all, part in all.merge(part) { $1 } }
  }
}
