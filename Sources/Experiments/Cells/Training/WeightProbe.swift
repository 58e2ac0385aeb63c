import Engine

/// Remembers some of the weights, evenly spread, to tell how far training moved them.
struct WeightProbe {
  private static let perTensor = 4096
  private let samples: [[Float]]

  init(_ groups: [AdamW<Float>.Group]) {
    samples = groups.map { Self.sample($0.tensor) }
  }

  /// `‖θ_now − θ_then‖ / ‖θ_then‖` over the remembered weights.
  func relativeChange(_ groups: [AdamW<Float>.Group]) -> Double {
    var (change, size) = (0.0, 0.0)
    for (group, before) in zip(groups, samples) {
      for (now, then) in zip(Self.sample(group.tensor), before) {
        change += Double(now - then) * Double(now - then)
        size += Double(then) * Double(then)
      }
    }
    return size > 0 ? (change / size).squareRoot() : 0
  }

  private static func sample(_ tensor: Tensor<Float>) -> [Float] {
    withExtendedLifetime(tensor) {
      stride(from: 0, to: tensor.count, by: max(1, tensor.count / perTensor)).map {
        tensor.elements[$0]
      }
    }
  }
}
