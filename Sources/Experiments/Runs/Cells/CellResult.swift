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
    /// The class whose word is the likeliest of the whole vocabulary; past the classes for another word.
    ///
    /// Nil for methods that answer with label words only, and in results of programs that did not keep it.
    package var vocabularyPredictions: [UInt8]?
    package var tokens: Int
    package var seconds: Double

    package init(
      set: String, count: Int, metrics: [String: Double], predictions: [UInt8],
      vocabularyPredictions: [UInt8]? = nil, tokens: Int, seconds: Double
    ) {
      self.set = set
      self.count = count
      self.metrics = metrics
      self.predictions = predictions
      self.vocabularyPredictions = vocabularyPredictions
      self.tokens = tokens
      self.seconds = seconds
    }
  }

  /// The machine and libraries that made a result.
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
  /// Of a cell in a search for settings.
  package var tuning: Tuning?
  package var provenance: Provenance?

  package init(
    key: String, status: Status, evaluations: [Evaluation] = [], training: Training? = nil,
    memory: Memory = Memory(), seconds: Double = 0, sampleDigest: String = "",
    demonstrations: Int? = nil, demonstrationsOffered: Int? = nil,
    preparation: Preparation? = nil, choice: Choice? = nil, tuning: Tuning? = nil,
    provenance: Provenance? = nil
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
    self.tuning = tuning
    self.provenance = provenance
  }
}

extension CellResult {
  /// How settings or an epoch were chosen, where a method had a choice.
  package struct Choice: Codable, Hashable, Sendable {
    /// A setting that was tried.
    package struct Candidate: Codable, Hashable, Sendable {
      /// As in `learning-rate 0.001, rank 4`.
      package var setting: String
      /// On the held-out examples, in [0, 1]; nil where training diverged.
      package var accuracy: Double?

      package init(setting: String, accuracy: Double?) {
        self.setting = setting
        self.accuracy = accuracy
      }
    }

    /// Labelled examples outside the sample that were read for it.
    package var heldOut: Int
    /// The evaluation set that it used, which is therefore no longer unseen.
    package var evaluationSet: String?
    /// In the order of the grid; empty without one.
    package var candidates: [Candidate]
    /// The candidate that the result is of.
    package var chosen: Int?
    /// The epoch whose weights were kept, counted from 1.
    package var epoch: Int?
    /// Accuracy after every epoch on what was read, in [0, 1].
    package var epochAccuracies: [Double]

    package init(
      heldOut: Int = 0, evaluationSet: String? = nil, candidates: [Candidate] = [],
      chosen: Int? = nil, epoch: Int? = nil, epochAccuracies: [Double] = []
    ) {
      self.heldOut = heldOut
      self.evaluationSet = evaluationSet
      self.candidates = candidates
      self.chosen = chosen
      self.epoch = epoch
      self.epochAccuracies = epochAccuracies
    }

    /// The chosen setting in words, where there was a grid.
    package var setting: String? {
      guard let chosen, candidates.indices.contains(chosen) else { return nil }
      return candidates[chosen].setting
    }
  }

  /// What was tried before the settings of a method were chosen, and what that cost.
  package struct Tuning: Codable, Hashable, Sendable {
    /// A candidate judged at a rung on one sample.
    package struct Trial: Codable, Hashable, Sendable {
      /// Its place in the search.
      package var candidate: Int
      /// As in `learning-rate 3e-5`.
      package var setting: String
      /// Counted from 0.
      package var rung: Int
      package var epochs: Int
      /// The seed of the sample.
      package var seed: Int
      /// Answers that it is judged by; 0 for a sample that cannot be divided.
      package var examples: Int
      /// Share of them that are right; nil where training diverged.
      package var accuracy: Double?
      /// Their mean log loss, in nats.
      package var logLoss: Double?
      /// Wall-clock seconds of its trainings and answers.
      package var seconds: Double
      /// The most bytes that one of its trainings needed.
      package var peak: Int

      package init(
        candidate: Int, setting: String, rung: Int, epochs: Int, seed: Int, examples: Int,
        accuracy: Double?, logLoss: Double?, seconds: Double, peak: Int
      ) {
        self.candidate = candidate
        self.setting = setting
        self.rung = rung
        self.epochs = epochs
        self.seed = seed
        self.examples = examples
        self.accuracy = accuracy
        self.logLoss = logLoss
        self.seconds = seconds
        self.peak = peak
      }
    }

    /// A trial has its own alone.
    package var trials: [Trial]
    /// The candidate that the result is of; nil for a trial, and where no sample could be divided.
    package var chosen: Int?

    package init(trials: [Trial], chosen: Int? = nil) {
      self.trials = trials
      self.chosen = chosen
    }

    /// Wall-clock seconds of all trials.
    package var seconds: Double { trials.reduce(0) { $0 + $1.seconds } }

    /// The most bytes that a trial needed.
    package var peak: Int { trials.map(\.peak).max() ?? 0 }

    /// The settings of the chosen candidate in words.
    package var setting: String? {
      chosen.flatMap { chosen in trials.first { $0.candidate == chosen }?.setting }
    }

    var scores: [SettingSearch.Score] {
      trials.map {
        SettingSearch.Score(
          candidate: $0.candidate, rung: $0.rung, accuracy: $0.accuracy, logLoss: $0.logLoss)
      }
    }
  }

  /// Continued pre-training before a method.
  package struct Preparation: Codable, Hashable, Sendable {
    package var texts: Int
    package var steps: Int
    package var tokens: Int
    /// Mean loss of a predicted token in each epoch, in nats.
    package var losses: [Double]

    package init(texts: Int, steps: Int, tokens: Int, losses: [Double]) {
      self.texts = texts
      self.steps = steps
      self.tokens = tokens
      self.losses = losses
    }
  }
}

extension EvaluationSet {
  /// The outcomes of this set and of its subsets from one run over its examples.
  ///
  /// A subset repeats the predictions of its rows and carries neither tokens nor seconds of its own,
  /// so sums over a cell's evaluations count each example once.
  ///
  /// - Parameters:
  ///   - predictions: Predicted class of each example, in the set's order.
  ///   - classNames: Names of the task's classes.
  ///   - probabilities: Of each class, a row an example; empty where there are none.
  ///   - tokens: Tokens that went through the model.
  ///   - seconds: Wall-clock time of the evaluation.
  /// - Returns: The set first, then its subsets that have examples.
  func outcomes(
    of predictions: [UInt8], classNames: [String], probabilities: [Float] = [], tokens: Int,
    seconds: Double
  ) -> [CellResult.Evaluation] {
    let truth = labels
    let columns = probabilities.count / max(1, truth.count)
    let whole = CellResult.Evaluation(
      set: name, count: truth.count,
      metrics: Metrics.all(predictions: predictions, labels: truth, classNames: classNames)
        .merging(Metrics.ofProbabilities(probabilities, labels: truth)) { $1 },
      predictions: predictions, tokens: tokens, seconds: seconds)
    let parts = subsets.filter { !$0.indices.isEmpty }.map { subset in
      let predictions = subset.indices.map { predictions[$0] }
      let labels = subset.indices.map { truth[$0] }
      let rows = subset.indices.flatMap { probabilities[($0 * columns)..<(($0 + 1) * columns)] }
      return CellResult.Evaluation(
        set: subset.name, count: subset.indices.count,
        metrics: Metrics.all(
          predictions: predictions, labels: labels, classNames: classNames
        ).merging(Metrics.ofProbabilities(rows, labels: labels)) { $1 },
        predictions: predictions, tokens: 0, seconds: 0)
    }
    return [whole] + parts
  }
}

extension TaskFacts {
  /// Which examples of a set an evaluation answered correctly, for paired comparisons per item.
  ///
  /// - Parameter evaluation: Of a run on this task.
  /// - Returns: One a prediction; nil where predictions and examples do not belong together.
  package func rightAnswers(_ evaluation: CellResult.Evaluation) -> [Bool]? {
    guard let truth = labels[evaluation.set], truth.count == evaluation.predictions.count else {
      return nil
    }
    return zip(evaluation.predictions, truth).map { $0 == $1 }
  }
}
