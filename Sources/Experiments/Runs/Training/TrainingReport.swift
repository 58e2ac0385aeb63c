import Engine

/// What came of a training outside a report, as `ftreport train --json` prints it.
package struct TrainingReport: Encodable, Sendable {
  let schema = "ftreport.train/1"
  package var method: String
  package var objective: String
  package var adaptation: String
  /// Every option, with defaults filled in.
  package var options: [String: OptionValue]
  /// Nil for a method that reads the texts alone.
  package var model: String?
  /// In the order of the classes.
  package var labels: [String]
  package var order: String
  package var seed: UInt64
  package var threads: Int
  package var training: Training
  package var evaluations: [Evaluation] = []
  package var memory = Memory()
  /// Of everything, loading and scoring included.
  package var seconds = 0.0
  /// The folder that was written; nil where none was asked for.
  package var saved: String?

  /// How the training went, step by step.
  package struct Training: Encodable, Sendable {
    package var file: String
    package var count: Int
    package var steps = 0
    package var epochs = 0
    /// Tokens of all steps, and those read before the first one.
    package var tokens = 0
    package var seconds = 0.0
    /// Of every step, before its update: the mean over the batch's examples, in nats.
    package var losses: [Double] = []
    var learningRates: [Double] = []
    /// Of the whole gradient, before clipping.
    var gradientNorms: [Double] = []
    /// On the training file, after training; nil where training diverged or nothing trains.
    package var accuracy: Double?
    /// The step, from 1, whose loss or gradient was no finite number.
    package var divergedAt: Int?
    var relativeWeightChange: Double?
    package var trainableParameters = 0
    /// Demonstrations that fitted in the context, for methods that show some.
    package var demonstrations: Int?
    /// The outcome of continued pre-training, if the method includes it.
    package var preparation: CellResult.Preparation?
    /// The epoch whose weights were kept, from 1, where one was chosen.
    var chosenEpoch: Int?
    /// What epochs scored on the examples one was chosen on.
    package var epochAccuracies: [Double]?
  }

  /// How a file of examples was answered.
  package struct Evaluation: Codable, Hashable, Sendable {
    package var file: String
    package var count: Int
    /// By name: `accuracy`, `macro-f1`, `mcc`, …; see ``Metrics``.
    package var metrics: [String: Double]
    package var tokens: Int
    package var seconds: Double

    init(_ evaluation: CellResult.Evaluation) {
      file = evaluation.set
      count = evaluation.count
      metrics = evaluation.metrics
      tokens = evaluation.tokens
      seconds = evaluation.seconds
    }
  }

  /// Bytes at the peak of training, or of answering where nothing trains.
  package struct Memory: Encodable, Sendable {
    package var weights = 0
    package var gradients = 0
    package var optimizer = 0
    var activations = 0
    var workspace = 0
    var keyValue = 0
    package var peak = 0
    package var predictedPeak = 0
    /// Of the process, at its largest.
    var residentPeak = 0
  }
}

extension TrainingReport {
  /// The report of a training that has not begun.
  init(_ method: Method, _ files: TrainingFiles, _ request: TrainingRequest) {
    self.method = method.name
    objective = method.objective
    adaptation = method.adaptation
    options = method.options.values
    model = request.modelName
    labels = files.labels
    order = request.order.rawValue
    seed = request.seed
    threads = request.threads
    self.training = Training(file: request.training, count: files.training.count)
  }
}

extension SavedRecord.Training {
  init(_ files: TrainingFiles, _ request: TrainingRequest, _ report: TrainingReport) {
    self.init(
      file: request.training, digest: FewShotSampler.digest(of: files.training),
      count: files.training.count, steps: report.training.steps,
      seconds: report.training.seconds, accuracy: report.training.accuracy)
  }
}

extension TrainingReport.Training {
  mutating func append(_ step: Trainer.Step) {
    losses.append(step.loss)
    learningRates.append(step.learningRate)
    gradientNorms.append(step.gradientNorm)
    epochs = step.epoch + 1
  }

  mutating func enter(_ preparation: ContinuedPretraining.Outcome?) {
    self.preparation = preparation.map { CellResult.Preparation($0) }
    divergedAt = preparation?.divergedAt
  }

  /// Records the outcome of training; `outcome` is nil if nothing trained.
  mutating func finish(_ outcome: Trainer.Outcome?, _ run: MethodRun) {
    let solution = run.session.solution
    steps = outcome?.steps ?? solution?.evaluations ?? 0
    if let solution { losses = [solution.loss] }
    tokens =
      (outcome?.tokens ?? solution?.tokens ?? 0) + run.session.preparationTokens
      + run.preparationTokens
    divergedAt = divergedAt ?? outcome?.divergedAt
    chosenEpoch = outcome?.chosenEpoch
    if outcome?.chosenEpoch != nil { epochAccuracies = outcome?.scores }
    if let outcome, outcome.divergedAt == nil {
      relativeWeightChange = outcome.relativeWeightChange
    }
    trainableParameters =
      solution?.parameters ?? run.groups.reduce(0) { $0 + $1.tensor.count }
    demonstrations = run.session.demonstrations
  }
}

extension TrainingReport.Memory {
  init(_ memory: CellResult.Memory, predictedPeak: Int) {
    weights = memory.weights
    gradients = memory.gradients
    optimizer = memory.optimizer
    activations = memory.activations
    workspace = memory.workspace
    keyValue = memory.keyValue
    peak = memory.peak
    residentPeak = memory.residentPeak
    self.predictedPeak = predictedPeak
  }
}
