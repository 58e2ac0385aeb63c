/// A bottleneck adapter after a block, with a residual around it: `y = x + U f(D x)`.
///
/// Houlsby et al. 2019, "Parameter-efficient transfer learning for NLP", arXiv:1902.00751, figure 2.
package struct Bottleneck<Scalar: EngineScalar> {
  package let down: LinearLayer<Scalar>
  package let up: LinearLayer<Scalar>
  package let activation: Activation

  /// Makes an adapter that is the identity: `U` and the biases are zero, `D` normal.
  ///
  /// - Parameters:
  ///   - width: Of the input.
  ///   - size: Of the narrow middle.
  ///   - activation: `f`.
  ///   - deviation: Of `D`'s elements.
  ///   - random: Fills `D`.
  ///   - ledger: Where the bytes are entered.
  package init(
    width: Int, size: Int, activation: Activation, deviation: Double,
    random: RandomStream, in ledger: MemoryLedger
  ) {
    func tensor(_ rows: Int, _ columns: Int) -> Tensor<Scalar> {
      let tensor = Tensor<Scalar>(
        rows: rows, columns: columns, category: .weights, requiresGradient: true, in: ledger)
      tensor.fill { _ in 0 }
      return tensor
    }
    let first = tensor(size, width)
    down = LinearLayer(.dense(first), bias: tensor(1, size))
    up = LinearLayer(.dense(tensor(width, size)), bias: tensor(1, width))
    self.activation = activation
    var random = random
    first.fill { _ in Scalar(deviation * random.normal()) }
  }

  func callAsFunction(_ x: Tensor<Scalar>, on tape: Tape<Scalar>) -> Tensor<Scalar> {
    up(tape.activated(down(x, on: tape), by: activation, consuming: true), residual: x, on: tape)
  }
}
