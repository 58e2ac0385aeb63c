import Experiments
import Formats

/// Names one number of a cell's result: `ood.accuracy`, `train.loss`, `memory.peak`.
package enum MetricPath: Hashable, Sendable {
  /// A number every cell has, whatever its task.
  package enum Quantity: String, CaseIterable, Hashable, Sendable {
    /// Mean training loss of the last epoch, in nats.
    case trainLoss = "train.loss"
    case trainAccuracy = "train.accuracy"
    case trainSeconds = "train.seconds"
    case trainTokens = "train.tokens"
    case trainSteps = "train.steps"
    case memoryPeak = "memory.peak"
    case memoryWeights = "memory.weights"
    case memoryGradients = "memory.gradients"
    case memoryOptimizer = "memory.optimizer"
    case memoryActivations = "memory.activations"
    case memoryWorkspace = "memory.workspace"
    case memoryKeyValue = "memory.key-value"
    case memoryResident = "memory.resident"
    case seconds
    case trainableParameters = "trainable-parameters"
    case demonstrations
  }

  /// What a metric is measured in.
  package enum Unit: Hashable, Sendable {
    /// In [0, 1].
    case share
    /// In [−1, 1], or unbounded.
    case plain
    case nats
    case bytes
    case seconds
    case count
  }

  case evaluation(set: String, metric: String)
  case quantity(Quantity)

  /// Reads `SET.METRIC` or a quantity; nil for anything else.
  package init?(_ text: String) {
    if let quantity = Quantity(rawValue: text) {
      self = .quantity(quantity)
      return
    }
    let parts = text.split(atByte: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(Name.isValid), !Self.reservedSets.contains(parts[0])
    else { return nil }
    self = .evaluation(set: parts[0], metric: parts[1])
  }

  /// First words of quantities, which no evaluation set may be called.
  static let reservedSets = ["train", "memory"]

  package var unit: Unit {
    switch self {
    case .evaluation(_, "mcc"), .evaluation(_, Metrics.brier): .plain
    case .evaluation(_, "loss"), .evaluation(_, Metrics.logLoss): .nats
    case .evaluation, .quantity(.trainAccuracy): .share
    case .quantity(.trainLoss): .nats
    case .quantity(.trainSeconds), .quantity(.seconds): .seconds
    case .quantity(.trainTokens), .quantity(.trainSteps), .quantity(.trainableParameters),
      .quantity(.demonstrations):
      .count
    case .quantity: .bytes
    }
  }

  /// The range of its values; nil if they are unbounded.
  var bounds: ClosedRange<Double>? {
    switch (self, unit) {
    case (.evaluation(_, "mcc"), _): -1...1
    case (.evaluation(_, Metrics.brier), _): 0...2
    case (_, .share): 0...1
    default: nil
    }
  }

  /// Whether a smaller value is the better one.
  var prefersLower: Bool {
    if case .evaluation(_, let metric) = self,
      [Metrics.brier, Metrics.calibrationError].contains(metric)
    {
      return true
    }
    return switch unit {
    case .share, .plain: false
    case .nats, .bytes, .seconds, .count: true
    }
  }

  static func problem(_ text: String, at position: SourcePosition) -> Diagnostic {
    let known = Quantity.allCases.map(\.rawValue)
    let guess = Suggestion.closest(to: text, in: known)
    return Diagnostic(
      .unknownSelector, at: position, "'\(text)' is not a metric",
      help: guess.map { "did you mean '\($0)'?" }
        ?? "write SET.METRIC, such as ood.accuracy, or one of \(known.joined(separator: ", "))")
  }
}

extension MetricPath: CustomStringConvertible {
  package var description: String {
    switch self {
    case .evaluation(let set, let metric): "\(set).\(metric)"
    case .quantity(let quantity): quantity.rawValue
    }
  }
}

extension MetricPath {
  /// What the metric measures, as in an axis title: "accuracy", "peak memory".
  var words: String {
    switch self {
    case .evaluation(_, let metric): Self.words(ofMetric: metric)
    case .quantity(let quantity): quantity.words
    }
  }

  /// The metric with where it was measured: "out-of-domain accuracy".
  var fullWords: String {
    switch self {
    case .evaluation(let set, _): "\(Self.words(ofSet: set)) \(words)"
    case .quantity: words
    }
  }

  /// Whether guessing has a known score on this metric.
  var isAccuracy: Bool {
    if case .evaluation(_, let metric) = self { metric.hasSuffix("accuracy") } else { false }
  }

  /// The format of a value if the source gives none.
  var defaultFormat: ValueFormat {
    unit == .share ? ValueFormat(.percent) : ValueFormat(defaultFor: unit)
  }

  /// An evaluation set as a reader calls it: `ood` is out-of-domain.
  static func words(ofSet set: String) -> String {
    if set == "ood" { return "out-of-domain" }
    guard set.hasPrefix("ood-") else { return set }
    return "out-of-domain (\(set.dropFirst(4)))"
  }

  private static func words(ofMetric metric: String) -> String {
    switch metric {
    case "mcc": "Matthews correlation"
    case "macro-f1": "macro F1"
    case Metrics.balancedAccuracy: "balanced accuracy"
    case Metrics.logLoss: "log loss (nats)"
    case Metrics.brier: "Brier score"
    case Metrics.calibrationError: "calibration error"
    case _ where metric.hasPrefix("precision-"): "precision of \(metric.dropFirst(10))"
    case _ where metric.hasPrefix("recall-"): "recall of \(metric.dropFirst(7))"
    case "collapse": "share of the commonest answer"
    case "no-label": "share of answers that are no label"
    case "vocabulary-accuracy": "accuracy over the vocabulary"
    case "majority": "share of the majority class"
    case _ where metric.hasPrefix("f1-"): "F1 of \(metric.dropFirst(3))"
    default: metric
    }
  }
}

extension MetricPath.Quantity {
  fileprivate var words: String {
    switch self {
    case .trainLoss: "training loss (nats)"
    case .trainAccuracy: "training accuracy"
    case .trainSeconds: "training time"
    case .trainTokens: "training tokens"
    case .trainSteps: "optimizer steps"
    case .memoryPeak: "peak memory"
    case .memoryWeights: "memory for weights"
    case .memoryGradients: "memory for gradients"
    case .memoryOptimizer: "memory for the optimizer"
    case .memoryActivations: "memory for activations"
    case .memoryWorkspace: "memory for workspace"
    case .memoryKeyValue: "memory for keys and values"
    case .memoryResident: "resident memory"
    case .seconds: "time of a run"
    case .trainableParameters: "trainable parameters"
    case .demonstrations: "demonstrations"
    }
  }
}
