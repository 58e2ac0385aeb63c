/// What one cell (model, task, method, shots, seed) produced; written once and never changed.
package struct CellResult: Codable, Hashable, Sendable {
  package enum Status: Codable, Hashable, Sendable {
    case succeeded
    /// The loss became NaN or infinite at this optimizer step (counted from 1).
    case diverged(step: Int)
    /// The worker died or reported an error on every attempt.
    case failed(reason: String)
  }

  package struct Training: Codable, Hashable, Sendable {
    package var steps: Int
    /// Tokens seen forward and backward, demonstrations included.
    package var tokens: Int
    package var seconds: Double
    /// Mean training loss of each epoch, in nats.
    package var losses: [Double]
    /// Accuracy on the training examples after the last step, in [0, 1].
    package var accuracy: Double?
    /// ‖θ_end − θ_start‖ / ‖θ_start‖ over the trainable parameters.
    package var relativeWeightChange: Double?
    package var trainableParameters: Int

    package init(
      steps: Int, tokens: Int, seconds: Double, losses: [Double], accuracy: Double?,
      relativeWeightChange: Double?, trainableParameters: Int
    ) {
      self.steps = steps
      self.tokens = tokens
      self.seconds = seconds
      self.losses = losses
      self.accuracy = accuracy
      self.relativeWeightChange = relativeWeightChange
      self.trainableParameters = trainableParameters
    }
  }

  /// Bytes at the moment of the peak by category, the exact peak, and the process's resident peak.
  package struct Memory: Codable, Hashable, Sendable {
    package var weights: Int
    package var gradients: Int
    package var optimizer: Int
    package var activations: Int
    package var workspace: Int
    package var keyValue: Int
    package var peak: Int
    package var residentPeak: Int
    /// What was predicted for ``peak`` before the cell ran; nil where nothing was.
    package var predictedPeak: Int?

    package init(
      weights: Int = 0, gradients: Int = 0, optimizer: Int = 0, activations: Int = 0,
      workspace: Int = 0, keyValue: Int = 0, peak: Int = 0, residentPeak: Int = 0,
      predictedPeak: Int? = nil
    ) {
      self.weights = weights
      self.gradients = gradients
      self.optimizer = optimizer
      self.activations = activations
      self.workspace = workspace
      self.keyValue = keyValue
      self.peak = peak
      self.residentPeak = residentPeak
      self.predictedPeak = predictedPeak
    }
  }

  /// One evaluation set's outcome.
  package struct Evaluation: Codable, Hashable, Sendable {
    package var set: String
    package var count: Int
    /// By metric name: `accuracy`, `mcc`, `macro-f1`, `majority`, `collapse`, …; see ``Metrics``.
    package var metrics: [String: Double]
    /// Predicted class of each example in file order, for paired comparisons per item.
    package var predictions: [UInt8]
    package var tokens: Int
    package var seconds: Double

    package init(
      set: String, count: Int, metrics: [String: Double], predictions: [UInt8], tokens: Int,
      seconds: Double
    ) {
      self.set = set
      self.count = count
      self.metrics = metrics
      self.predictions = predictions
      self.tokens = tokens
      self.seconds = seconds
    }
  }

  /// Where and with what a result was made.
  package struct Provenance: Codable, Hashable, Sendable {
    package var numericsVersion: Int
    package var blas: String
    package var processor: String
    package var threads: Int

    package init(numericsVersion: Int, blas: String, processor: String, threads: Int) {
      self.numericsVersion = numericsVersion
      self.blas = blas
      self.processor = processor
      self.threads = threads
    }
  }

  package var key: String
  package var status: Status
  package var evaluations: [Evaluation]
  package var training: Training?
  package var memory: Memory
  /// Wall-clock seconds of the whole cell.
  package var seconds: Double
  /// SHA-256 of the sampled training examples, hexadecimal; equal for every method at one (task, n, seed).
  package var sampleDigest: String
  /// Demonstrations that fitted in the context, for methods that prompt.
  package var demonstrations: Int?
  /// Demonstrations that there were to show.
  package var demonstrationsOffered: Int?
  package var preparation: Preparation?
  package var choice: Choice?
  package var provenance: Provenance?

  package init(
    key: String, status: Status, evaluations: [Evaluation] = [], training: Training? = nil,
    memory: Memory = Memory(), seconds: Double = 0, sampleDigest: String = "",
    demonstrations: Int? = nil, demonstrationsOffered: Int? = nil,
    preparation: Preparation? = nil, choice: Choice? = nil, provenance: Provenance? = nil
  ) {
    self.key = key
    self.status = status
    self.evaluations = evaluations
    self.training = training
    self.memory = memory
    self.seconds = seconds
    self.sampleDigest = sampleDigest
    self.demonstrations = demonstrations
    self.demonstrationsOffered = demonstrationsOffered
    self.preparation = preparation
    self.choice = choice
    self.provenance = provenance
  }
}
