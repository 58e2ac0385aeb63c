extension MethodCatalog.Preset {
  /// The named methods of the study.
  static let builtin =
    prompting + whole + contrastive + frozen + lowRank + small + distilled + texts

  /// The texts alone, without a model.
  private static let texts = [
    MethodCatalog.Preset(
      name: "majority", title: "Majority class of the sample", source: "",
      objective: MajorityObjective.self, adaptation: NoAdaptation.self, defaults: plain()),
    MethodCatalog.Preset(
      name: "tfidf", title: "TF-IDF and logistic regression",
      source: "Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0",
      objective: TermObjective.self, adaptation: NoAdaptation.self, defaults: plain()),
    MethodCatalog.Preset(
      name: "nb-svm", title: "Naive Bayes SVM",
      source: "Wang and Manning 2012, aclanthology.org/P12-2018",
      objective: NaiveBayesObjective.self, adaptation: NoAdaptation.self, defaults: plain()),
  ]

  /// The untrained model with a prompt.
  private static let prompting = [
    MethodCatalog.Preset(
      name: "zero-shot", title: "Zero-shot prompting",
      source: "Brown et al. 2020, arXiv:2005.14165", objective: PromptObjective.self,
      adaptation: NoAdaptation.self, defaults: [PromptObjective.demonstrations(0)]),
    MethodCatalog.Preset(
      name: "icl", title: "In-context learning",
      source: "Brown et al. 2020, arXiv:2005.14165",
      objective: PromptObjective.self, adaptation: NoAdaptation.self),
  ]

  /// All weights, or all of some layers.
  private static let whole = [
    MethodCatalog.Preset(
      name: "vanilla", title: "Vanilla fine-tuning",
      source: "Devlin et al. 2019, arXiv:1810.04805",
      objective: HeadObjective.self, adaptation: FullAdaptation.self, defaults: plain()),
    MethodCatalog.Preset(
      name: "pbft", title: "Pattern-based fine-tuning (verbalizer)",
      source: "Schick and Schütze 2021, arXiv:2001.07676",
      objective: VerbalizerObjective.self, adaptation: FullAdaptation.self),
    MethodCatalog.Preset(
      name: "pbft-head", title: "Pattern-based fine-tuning (fresh head)",
      source: "Srinivasan et al. 2024, arXiv:2405.13181",
      objective: HeadObjective.self, adaptation: FullAdaptation.self,
      defaults: [PatternChoice.option(Compatibility.paperPattern)]),
    MethodCatalog.Preset(
      name: "adaptive", title: "Adaptive fine-tuning (upper layers)",
      source: "Srinivasan et al. 2024, arXiv:2405.13181",
      objective: HeadObjective.self, adaptation: LayersAdaptation.self, defaults: plain()),
    // The paper's rate, decay and warm-up are defaults of the preparation. Its 100 epochs are for the
    // few hundred texts of its smallest tasks; ten take as many steps over a thousand.
    MethodCatalog.Preset(
      name: "tapt", title: "Task-adaptive pre-training",
      source: "Gururangan et al. 2020, arXiv:2004.10964",
      objective: HeadObjective.self, adaptation: FullAdaptation.self,
      defaults: plain(ContinuedPretraining.epochs(10))),
  ]

  /// States that training brings together by class.
  ///
  /// Rate, batch and warm-up are the setfit package's, epochs the iterations of the paper, section 4.
  private static let contrastive = [
    MethodCatalog.Preset(
      name: "setfit", title: "SetFit (contrastive pairs)",
      source: "Tunstall et al. 2022, arXiv:2209.11055",
      objective: ContrastiveObjective.self, adaptation: FullAdaptation.self,
      defaults: plain(
        TrainingOptions.learningRate(2e-5), TrainingOptions.epochs(20),
        TrainingOptions.batchSize(16)))
  ]

  /// A classifier of the states of a model that stays as it is.
  private static let frozen = [
    MethodCatalog.Preset(
      name: "linear-probe", title: "Linear probe",
      source: "Alain and Bengio 2016, arXiv:1610.01644",
      objective: FeatureObjective.self, adaptation: NoAdaptation.self, defaults: plain()),
    MethodCatalog.Preset(
      name: "nearest-mean", title: "Nearest class mean",
      source: "Snell, Swersky and Zemel 2017, arXiv:1703.05175",
      objective: FeatureObjective.self, adaptation: NoAdaptation.self,
      defaults: plain(FeatureObjective.classifier(.nearestMean))),
    MethodCatalog.Preset(
      name: "prompted-probe", title: "Linear probe after demonstrations",
      source: "Cho et al. 2022, arXiv:2212.10873",
      objective: FeatureObjective.self, adaptation: NoAdaptation.self,
      defaults: [
        PatternChoice.option(PatternChoice.taskDefault), FeatureObjective.demonstrations(4),
      ]),
  ]

  /// LoRA and its relatives.
  ///
  /// Their rate is LoRA's for GPT-2 (Hu and others 2021, table 11).
  private static let lowRank = [
    MethodCatalog.Preset(
      name: "lora", title: "LoRA",
      source: "Hu et al. 2021, arXiv:2106.09685",
      objective: HeadObjective.self, adaptation: LoRAAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(2e-4))),
    MethodCatalog.Preset(
      name: "rslora", title: "LoRA scaled by √r",
      source: "Kalajdzievski 2023, arXiv:2312.03732",
      objective: HeadObjective.self, adaptation: LoRAAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(2e-4), LoRAAdaptation.scaling(.rslora))),
    // B's rate is 16 times A's, as the paper recommends. With a quarter of LoRA's rate for A their
    // geometric mean is LoRA's, so that the two presets differ in the ratio alone.
    MethodCatalog.Preset(
      name: "lora-plus", title: "LoRA+ (B learns faster)",
      source: "Hayou, Ghosh and Yu 2024, arXiv:2402.12354",
      objective: HeadObjective.self, adaptation: LoRAAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(5e-5), LoRAAdaptation.rateFactor(16))),
    MethodCatalog.Preset(
      name: "dora", title: "DoRA",
      source: "Liu et al. 2024, arXiv:2402.09353",
      objective: HeadObjective.self, adaptation: LoRAAdaptation.self,
      defaults: plain(
        TrainingOptions.learningRate(2e-4), LoRAAdaptation.magnitude(true),
        LoRAAdaptation.dropout(0))),
    MethodCatalog.Preset(
      name: "qlora", title: "QLoRA",
      source: "Dettmers et al. 2023, arXiv:2305.14314",
      objective: HeadObjective.self, adaptation: LoRAAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(2e-4), BasePrecision.option(.nf4Double))),
  ]

  /// Additions or biases, and little else.
  private static let small = [
    MethodCatalog.Preset(
      name: "adapter-houlsby", title: "Adapters after both blocks",
      source: "Houlsby et al. 2019, arXiv:1902.00751",
      objective: HeadObjective.self, adaptation: BottleneckAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(1e-3), BottleneckAdaptation.norms(true))),
    MethodCatalog.Preset(
      name: "adapter-pfeiffer", title: "Adapters after feed-forward",
      source: "Pfeiffer et al. 2021, arXiv:2005.00247",
      objective: HeadObjective.self, adaptation: BottleneckAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(1e-4), BottleneckAdaptation.places(.feedForward))
    ),
    MethodCatalog.Preset(
      name: "bitfit", title: "BitFit",
      source: "Ben Zaken, Goldberg and Ravfogel 2022, arXiv:2106.10199",
      objective: HeadObjective.self, adaptation: BiasesAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(1e-3))),
    MethodCatalog.Preset(
      name: "ia3", title: "(IA)³",
      source: "Liu et al. 2022, arXiv:2205.05638",
      objective: HeadObjective.self, adaptation: RescalingAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(3e-3))),
    MethodCatalog.Preset(
      name: "prompt-tuning", title: "Prompt tuning",
      source: "Lester, Al-Rfou and Constant 2021, arXiv:2104.08691",
      objective: HeadObjective.self, adaptation: PromptAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(0.3))),
    MethodCatalog.Preset(
      name: "prefix-tuning", title: "Prefix tuning",
      source: "Li and Liang 2021, arXiv:2101.00190",
      objective: HeadObjective.self, adaptation: PrefixAdaptation.self,
      defaults: plain(TrainingOptions.learningRate(1e-2))),
  ]

  /// A student that sees less than its teacher.
  private static let distilled = [
    MethodCatalog.Preset(
      name: "context-distillation", title: "Context distillation",
      source: "Askell et al. 2021, arXiv:2112.00861; Srinivasan et al. 2024, arXiv:2405.13181",
      objective: DistillationObjective.self, adaptation: FullAdaptation.self,
      defaults: [DistillationScope.option(.labels)]),
    MethodCatalog.Preset(
      name: "context-distillation-lora", title: "Context distillation into LoRA",
      source: "Askell et al. 2021, arXiv:2112.00861; Hu et al. 2021, arXiv:2106.09685",
      objective: DistillationObjective.self, adaptation: LoRAAdaptation.self,
      defaults: [
        DistillationScope.option(.labels), TrainingOptions.learningRate(2e-4),
      ]),
  ]

  /// Defaults of a preset that reads the text alone, with a head.
  private static func plain(_ others: OptionSetting...) -> [OptionSetting] {
    others + [PatternChoice.option(TaskDefinition.plainPattern)]
  }
}
