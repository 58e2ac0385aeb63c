import Experiments

/// A number of a result, or why there is none.
enum Measurement: Hashable, Sendable {
  case value(Double)
  case absent(String)
}

extension CellResult {
  var hasFailed: Bool { if case .failed = status { true } else { false } }
  var hasDiverged: Bool { if case .diverged = status { true } else { false } }

  /// Wall-clock seconds of the cell and of the trials that chose its settings.
  var wholeSeconds: Double { seconds + (tuning?.seconds ?? 0) }

  /// One metric of this result.
  func measurement(of path: MetricPath) -> Measurement {
    switch status {
    case .diverged(let step): return .absent("diverged at step \(step)")
    case .failed(let reason): return .absent("failed: \(reason)")
    case .succeeded: break
    }
    let measurement = unchecked(path)
    if case .value(let value) = measurement, !value.isFinite { return .absent("not a number") }
    return measurement
  }

  private func unchecked(_ path: MetricPath) -> Measurement {
    switch path {
    case .evaluation(let set, let metric):
      guard let evaluation = evaluations.first(where: { $0.set == set }) else {
        return .absent("not evaluated on '\(set)'")
      }
      return evaluation.metrics[metric].map(Measurement.value)
        ?? .absent("no '\(metric)' on '\(set)'")
    case .quantity(.seconds): return .value(wholeSeconds)
    // What choosing the settings cost is part of the price of the method.
    case .quantity(.memoryPeak): return .value(Double(max(memory.peak, tuning?.peak ?? 0)))
    case .quantity(.trainSeconds):
      guard let training else { return .absent("nothing is trained") }
      return .value(training.seconds + (tuning?.seconds ?? 0))
    case .quantity(.trainableParameters):
      return .value(Double(training?.trainableParameters ?? 0))
    case .quantity(.demonstrations):
      return demonstrations.map { .value(Double($0)) } ?? .absent("no demonstrations")
    case .quantity(let quantity):
      if let bytes = memory[quantity] { return .value(Double(bytes)) }
      guard let training else { return .absent("nothing is trained") }
      return training[quantity].map(Measurement.value)
        ?? .absent("\(quantity.rawValue) was not recorded")
    }
  }
}

extension CellResult.Memory {
  fileprivate subscript(quantity: MetricPath.Quantity) -> Int? {
    switch quantity {
    case .memoryPeak: peak
    case .memoryWeights: weights
    case .memoryGradients: gradients
    case .memoryOptimizer: optimizer
    case .memoryActivations: activations
    case .memoryWorkspace: workspace
    case .memoryKeyValue: keyValue
    case .memoryResident: residentPeak
    default: nil
    }
  }
}

extension CellResult.Training {
  fileprivate subscript(quantity: MetricPath.Quantity) -> Double? {
    switch quantity {
    case .trainLoss: losses.last
    case .trainAccuracy: accuracy
    case .trainSeconds: seconds
    case .trainTokens: Double(tokens)
    case .trainSteps: Double(steps)
    default: nil
    }
  }
}
