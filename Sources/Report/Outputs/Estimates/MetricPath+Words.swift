extension MetricPath {
  /// What the metric measures, as an axis title says it: "accuracy", "peak memory".
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

  /// What one value reads like where the source asks for no format.
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
