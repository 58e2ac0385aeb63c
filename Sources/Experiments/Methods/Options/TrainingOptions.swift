import Engine

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

extension TrainingOptions {
  /// The defaults of arXiv:2405.13181: AdamW, 10 % warm-up, then linear decay.
  static let specifications = [
    OptionSpecification(
      "learning-rate", .number(0...10), default: .number(1e-5), "peak learning rate"),
    OptionSpecification("epochs", .integer(1...100_000), default: .integer(40), "passes"),
    OptionSpecification(
      "batch-size", .integer(1...65_536), default: .integer(32), "examples a step"),
    OptionSpecification(
      "warmup", .number(0...1), default: .number(0.1), "share of steps with a rising rate"),
    OptionSpecification(
      "schedule", .choice(LearningRateSchedule.Decay.allCases.map(\.rawValue)),
      default: .text("linear"), "the rate after warm-up"),
    OptionSpecification(
      "weight-decay", .number(0...10), default: .number(0), "decoupled weight decay"),
    OptionSpecification(
      "clip-norm", .number(0...1e9), default: .number(1),
      "largest norm of the gradient; 0 for no clipping"),
  ]

  init(_ options: ResolvedOptions) {
    learningRate = options.number("learning-rate")
    epochs = options.integer("epochs")
    batchSize = options.integer("batch-size")
    warmup = options.number("warmup")
    decay = options.choice("schedule")
    weightDecay = options.number("weight-decay")
    clipNorm = options.number("clip-norm")
  }
}
