extension MethodCatalog.Preset {
  /// The named methods of the study.
  static let builtin = prompting + whole + lowRank + small + distilled

  /// The untouched model, asked.
  private static let prompting = [
    MethodCatalog.Preset(
      name: "zero-shot", title: "Zero-shot prompting",
      source: "Brown et al. 2020, arXiv:2005.14165", objective: PromptObjective.name,
      adaptation: NoAdaptation.name, defaults: ["demonstrations": .integer(0)]),
    MethodCatalog.Preset(
      name: "icl", title: "In-context learning",
      source: "Brown et al. 2020, arXiv:2005.14165",
      objective: PromptObjective.name, adaptation: NoAdaptation.name, defaults: [:]),
  ]

  /// All weights, or all of some layers, and a head alone.
  private static let whole = [
    MethodCatalog.Preset(
      name: "vanilla", title: "Vanilla fine-tuning",
      source: "Devlin et al. 2019, arXiv:1810.04805",
      objective: HeadObjective.name, adaptation: FullAdaptation.name, defaults: plain()),
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
      name: "adaptive", title: "Adaptive fine-tuning (upper layers)",
      source: "Srinivasan et al. 2024, arXiv:2405.13181",
      objective: HeadObjective.name, adaptation: LayersAdaptation.name, defaults: plain()),
    MethodCatalog.Preset(
      name: "linear-probe", title: "Linear probe",
      source: "Alain and Bengio 2016, arXiv:1610.01644",
      objective: HeadObjective.name, adaptation: ProbeAdaptation.name,
      defaults: plain(["learning-rate": .number(1e-2)])),
    // The paper's rate, decay and warm-up are defaults of the preparation. Its 100 epochs are for the
    // few hundred texts of its smallest tasks; ten take as many steps over a thousand.
    MethodCatalog.Preset(
      name: "tapt", title: "Task-adaptive pre-training",
      source: "Gururangan et al. 2020, arXiv:2004.10964",
      objective: HeadObjective.name, adaptation: FullAdaptation.name,
      defaults: plain(["tapt-epochs": .integer(10)])),
  ]

  /// LoRA and its relatives.
  ///
  /// Their rate is LoRA's for GPT-2 (Hu and others 2021, table 11).
  private static let lowRank = [
    MethodCatalog.Preset(
      name: "lora", title: "LoRA",
      source: "Hu et al. 2021, arXiv:2106.09685",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: plain(["learning-rate": .number(2e-4)])),
    MethodCatalog.Preset(
      name: "rslora", title: "LoRA scaled by √r",
      source: "Kalajdzievski 2023, arXiv:2312.03732",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: plain(["learning-rate": .number(2e-4), "scaling": .text("rslora")])),
    // B's rate is 16 times A's, as the paper recommends. With a quarter of LoRA's rate for A their
    // geometric mean is LoRA's, so that the two presets differ in the ratio alone.
    MethodCatalog.Preset(
      name: "lora-plus", title: "LoRA+ (B learns faster)",
      source: "Hayou, Ghosh and Yu 2024, arXiv:2402.12354",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: plain(["learning-rate": .number(5e-5), "b-rate-factor": .number(16)])),
    MethodCatalog.Preset(
      name: "dora", title: "DoRA",
      source: "Liu et al. 2024, arXiv:2402.09353",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: plain([
        "learning-rate": .number(2e-4), "magnitude": .flag(true), "dropout": .number(0),
      ])),
    MethodCatalog.Preset(
      name: "qlora", title: "QLoRA",
      source: "Dettmers et al. 2023, arXiv:2305.14314",
      objective: HeadObjective.name, adaptation: LoRAAdaptation.name,
      defaults: plain([
        "learning-rate": .number(2e-4), "base": .text(BasePrecision.nf4Double.rawValue),
      ])),
  ]

  /// Little else than what is added, or than biases.
  private static let small = [
    MethodCatalog.Preset(
      name: "adapter-houlsby", title: "Adapters after both blocks",
      source: "Houlsby et al. 2019, arXiv:1902.00751",
      objective: HeadObjective.name, adaptation: BottleneckAdaptation.name,
      defaults: plain(["learning-rate": .number(1e-3), "norms": .flag(true)])),
    MethodCatalog.Preset(
      name: "adapter-pfeiffer", title: "Adapters after feed-forward",
      source: "Pfeiffer et al. 2021, arXiv:2005.00247",
      objective: HeadObjective.name, adaptation: BottleneckAdaptation.name,
      defaults: plain(["learning-rate": .number(1e-4), "places": .text("feed-forward")])),
    MethodCatalog.Preset(
      name: "bitfit", title: "BitFit",
      source: "Ben Zaken, Goldberg and Ravfogel 2022, arXiv:2106.10199",
      objective: HeadObjective.name, adaptation: BiasesAdaptation.name,
      defaults: plain(["learning-rate": .number(1e-3)])),
    MethodCatalog.Preset(
      name: "ia3", title: "(IA)³",
      source: "Liu et al. 2022, arXiv:2205.05638",
      objective: HeadObjective.name, adaptation: RescalingAdaptation.name,
      defaults: plain(["learning-rate": .number(3e-3)])),
    MethodCatalog.Preset(
      name: "prompt-tuning", title: "Prompt tuning",
      source: "Lester, Al-Rfou and Constant 2021, arXiv:2104.08691",
      objective: HeadObjective.name, adaptation: PromptAdaptation.name,
      defaults: plain(["learning-rate": .number(0.3)])),
    MethodCatalog.Preset(
      name: "prefix-tuning", title: "Prefix tuning",
      source: "Li and Liang 2021, arXiv:2101.00190",
      objective: HeadObjective.name, adaptation: PrefixAdaptation.name,
      defaults: plain(["learning-rate": .number(1e-2)])),
  ]

  /// A student that sees less than its teacher.
  private static let distilled = [
    MethodCatalog.Preset(
      name: "context-distillation", title: "Context distillation",
      source: "Askell et al. 2021, arXiv:2112.00861; Srinivasan et al. 2024, arXiv:2405.13181",
      objective: DistillationObjective.name, adaptation: FullAdaptation.name,
      defaults: ["over": .text(DistillationScope.labels.rawValue)]),
    MethodCatalog.Preset(
      name: "context-distillation-lora", title: "Context distillation into LoRA",
      source: "Askell et al. 2021, arXiv:2112.00861; Hu et al. 2021, arXiv:2106.09685",
      objective: DistillationObjective.name, adaptation: LoRAAdaptation.name,
      defaults: [
        "over": .text(DistillationScope.labels.rawValue), "learning-rate": .number(2e-4),
      ]),
  ]

  /// Defaults of a preset whose text stands by itself, as a head reads it.
  private static func plain(
    _ others: [String: OptionValue] = [:]
  ) -> [String: OptionValue] {
    others.merging(["pattern": .text(TaskDefinition.plainPattern)]) { given, _ in given }
  }
}
