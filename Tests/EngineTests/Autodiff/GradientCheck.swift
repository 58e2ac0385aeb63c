@testable import Engine

/// Compares an operation's gradients with central differences in double precision.
///
/// The output is weighted with random cotangents, never summed: a softmax's gradient vanishes under
/// a plain sum.
struct GradientCheck {
  let ledger = MemoryLedger()
  private(set) var inputs: [Tensor<Double>] = []
  private var random = RandomStream(seed: 7, purpose: "gradient check")

  /// Adds an input of normal numbers that takes part in the check.
  mutating func input(_ rows: Int, _ columns: Int, scale: Double = 1) -> Tensor<Double> {
    let tensor = Tensor<Double>(
      rows: rows, columns: columns, category: .weights, requiresGradient: true, in: ledger)
    for i in 0..<tensor.count { tensor.elements[i] = scale * random.normal() }
    inputs.append(tensor)
    return tensor
  }

  /// Returns `max |analytic − numeric| / (1 + |numeric|)` over all inputs' elements.
  mutating func worstError(
    step: Double = 1e-5, _ operation: (Tape<Double>) -> Tensor<Double>
  ) -> Double {
    for tensor in inputs { tensor.discardGradient() }
    let tape = Tape<Double>(ledger: ledger)
    let y = operation(tape)
    var cotangent = [Double](repeating: 0, count: y.count)
    for i in 0..<y.count { cotangent[i] = random.normal() }
    let gradient = y.derivative.cleared()
    for i in 0..<y.count { gradient[i] = cotangent[i] }
    tape.replay()
    func weighted() -> Double {
      let y = operation(Tape(ledger: ledger))
      return zip(y.values, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var worst = 0.0
    for tensor in inputs {
      for i in 0..<tensor.count {
        let value = tensor.elements[i]
        tensor.elements[i] = value + step
        let above = weighted()
        tensor.elements[i] = value - step
        let below = weighted()
        tensor.elements[i] = value
        let numeric = (above - below) / (2 * step)
        let analytic = tensor.gradient.map { $0[i] } ?? 0
        worst = max(worst, abs(analytic - numeric) / (1 + abs(numeric)))
      }
    }
    return worst
  }
}
