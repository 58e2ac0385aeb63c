extension MethodCatalog.Preset {
  /// The named methods of the study.
  static let builtin = [
    MethodCatalog.Preset(
      name: "vanilla", title: "Vanilla fine-tuning", source: "Devlin et al. 2019, arXiv:1810.04805",
      objective: HeadObjective.name, adaptation: FullAdaptation.name,
      defaults: ["pattern": .text(TaskDefinition.plainPattern)]),
    MethodCatalog.Preset(
      name: "pbft", title: "Pattern-based fine-tuning (verbalizer)",
      source: "Schick and Schütze 2021, arXiv:2001.07676",
      objective: VerbalizerObjective.name, adaptation: FullAdaptation.name, defaults: [:]),
    MethodCatalog.Preset(
      name: "pbft-head", title: "Pattern-based fine-tuning (fresh head)",
      source: "Srinivasan et al. 2024, arXiv:2405.13181",
      objective: HeadObjective.name, adaptation: FullAdaptation.name,
      defaults: ["pattern": .text("paper-2024")]),
    MethodCatalog.Preset(
      name: "icl", title: "In-context learning", source: "Brown et al. 2020, arXiv:2005.14165",
      objective: PromptObjective.name, adaptation: NoAdaptation.name, defaults: [:]),
    MethodCatalog.Preset(
      name: "zero-shot", title: "Zero-shot prompting",
      source: "Brown et al. 2020, arXiv:2005.14165", objective: PromptObjective.name,
      adaptation: NoAdaptation.name, defaults: ["demonstrations": .integer(0)]),
    MethodCatalog.Preset(
      name: "adaptive", title: "Adaptive fine-tuning (upper layers)",
      source: "Srinivasan et al. 2024, arXiv:2405.13181",
      objective: HeadObjective.name, adaptation: LayersAdaptation.name,
      defaults: ["pattern": .text(TaskDefinition.plainPattern)]),
    MethodCatalog.Preset(
      name: "lora", title: "LoRA", source: "Hu et al. 2021, arXiv:2106.09685",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: [
        "pattern": .text(TaskDefinition.plainPattern), "learning-rate": .number(2e-4),
      ]),
    MethodCatalog.Preset(
      name: "context-distillation", title: "Context distillation",
      source: "Askell et al. 2021, arXiv:2112.00861; Srinivasan et al. 2024, arXiv:2405.13181",
      objective: DistillationObjective.name, adaptation: FullAdaptation.name,
      defaults: ["over": .text(LossScope.labels.rawValue)]),
  ]
}
