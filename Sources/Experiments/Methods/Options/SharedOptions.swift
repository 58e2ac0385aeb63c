package import Engine
import Formats

/// The option that names a pattern, which all objectives have.
package enum PatternChoice {
  /// Means the task's default pattern.
  static let taskDefault = "default"
  package static let option = MethodOption<String>(
    "pattern", default: taskDefault, "how an example becomes a prompt")
}

/// Optimizer settings shared by every trained method.
struct TrainingOptions: Hashable, Sendable {
  var learningRate: Double
  var epochs: Int
  var batchSize: Int
  var warmup: Double
  var decay: LearningRateSchedule.Decay
  var weightDecay: Double
  var clipNorm: Double
}

extension LearningRateSchedule.Decay: OptionChoice {}

/// The defaults are those of arXiv:2405.13181: AdamW, 10 % warm-up, then linear decay.
extension TrainingOptions {
  static let learningRate = MethodOption(
    "learning-rate", 0...10, default: 1e-5, "peak learning rate")
  static let epochs = MethodOption("epochs", 1...100_000, default: 40, "passes")
  static let batchSize = MethodOption("batch-size", 1...65_536, default: 32, "examples per step")
  static let warmup = MethodOption(
    "warmup", 0...1, default: 0.1, "share of steps in which the learning rate rises")
  static let schedule = MethodOption<LearningRateSchedule.Decay>(
    "schedule", default: .linear, "learning rate after warm-up")
  static let weightDecay = MethodOption<Double>(
    "weight-decay", 0...10, default: 0, "decoupled weight decay")
  static let clipNorm = MethodOption<Double>(
    "clip-norm", 0...1e9, default: 1, "largest norm of the gradient; 0 for no clipping")

  static let options: [any DeclaredOption] = [
    learningRate, epochs, batchSize, warmup, schedule, weightDecay, clipNorm,
  ]

  init(_ options: ResolvedOptions) {
    learningRate = options[Self.learningRate]
    epochs = options[Self.epochs]
    batchSize = options[Self.batchSize]
    warmup = options[Self.warmup]
    decay = options[Self.schedule]
    weightDecay = options[Self.weightDecay]
    clipNorm = options[Self.clipNorm]
  }

  /// Shorter names that a command line may use.
  fileprivate static let aliases = [
    "batch": batchSize.name, "clip": clipNorm.name, "lr": learningRate.name,
  ]
}

extension [String: OptionValue] {
  /// Reads settings of a command line, such as `rank=4` or `lr=1e-3`.
  ///
  /// Numbers, `true`, `false` and lists with commas are understood; of several settings of one option
  /// the last counts.
  ///
  /// - Parameter settings: `key=value` each.
  /// - Throws: ``MethodError`` for one that is not.
  init(parsing settings: [String]) throws(MethodError) {
    self.init()
    for setting in settings {
      let parts = setting.split(atByte: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw MethodError(.malformedSetting(setting))
      }
      let key = String(parts[0])
      self[TrainingOptions.aliases[key] ?? key] = OptionValue(parsing: String(parts[1]))
    }
  }
}

/// Which of the weights that training passes through are kept.
package enum ModelSelection: String, OptionChoice {
  case last
  /// The last of the epochs with the best accuracy on held-out examples.
  case bestHeldOut = "best-held-out"
  /// The same on the in-domain evaluation set, which is then no longer unseen; as Mosbach et al. 2023
  /// (arXiv:2305.16938) report it.
  case bestInDomain = "best-in-domain"

  package static let option = MethodOption<ModelSelection>(
    "selection", default: .last, "which epoch's weights are kept")

  /// What the options of a method say; a method that trains nothing has no such option.
  package init(_ options: ResolvedOptions) {
    self = options.value(of: Self.option) ?? .last
  }
}

/// The examples of the training pool, outside the sample, that settings and epochs are chosen on.
///
/// They are labelled examples beyond the sample's, so a method that reads them has seen more than one
/// that does not (Perez, Kiela and Cho 2021, "True few-shot learning", arXiv:2105.11447); pages show it.
enum HeldOutExamples {
  static let option = MethodOption(
    "validation", 2...1_000_000, default: 64,
    "examples outside the sample to choose settings or an epoch on")

  /// How many held-out examples a method reads; 0 if it chooses nothing on them.
  static func count(_ options: ResolvedOptions) -> Int {
    isRead(options) ? options[option] : 0
  }

  static func isRead(_ options: ResolvedOptions) -> Bool {
    !MethodGrid(options).isEmpty
      || options.possible(ModelSelection.option).contains(.bestHeldOut)
  }
}

/// How the frozen matrices of a model are stored while additions to them train.
///
/// `int8` keeps a byte per weight and a scale per row (Dettmers et al. 2022, arXiv:2208.07339, section 2,
/// without its outliers); `nf4` half a byte and a scale for 64 weights, `nf4-double` with scales in
/// 8 bits (Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3).
package enum BasePrecision: String, OptionChoice {
  case float32
  case int8
  case nf4
  case nf4Double = "nf4-double"

  static let option = MethodOption<BasePrecision>(
    "base", default: .float32, "how frozen matrices are stored")

  /// What the options of a method say; one that trains the matrices has no such option.
  package init(_ options: ResolvedOptions) {
    self = options.value(of: Self.option) ?? .float32
  }

  /// The engine's format; nil for floats.
  package var format: QuantizedFormat? {
    switch self {
    case .float32: nil
    case .int8: .int8
    case .nf4: .nf4(doubleQuantization: false)
    case .nf4Double: .nf4(doubleQuantization: true)
    }
  }
}
