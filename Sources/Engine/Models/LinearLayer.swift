/// A weight matrix with an optional bias and an optional low-rank addition.
package final class LinearLayer<Scalar: EngineScalar> {
  package let weight: Tensor<Scalar>  // [outputs, inputs]
  package let bias: Tensor<Scalar>?
  package private(set) var lowRank: LowRank?

  /// A trainable product `s · B A` beside the weight.
  package struct LowRank {
    package let a: Tensor<Scalar>  // [rank, inputs]
    package let b: Tensor<Scalar>  // [outputs, rank]
    package let scale: Scalar
    package let dropout: Double
  }

  /// Wraps a loaded weight.
  package init(weight: Tensor<Scalar>, bias: Tensor<Scalar>?) {
    self.weight = weight
    self.bias = bias
  }

  /// Adds a low-rank product whose `B` is zero, so that the layer computes what it did before.
  ///
  /// `A` is uniform in `±1/√inputs`, PEFT's Kaiming initialization with `a = √5`.
  package func attachLowRank(
    rank: Int, scale: Scalar, dropout: Double, random: RandomStream, in ledger: MemoryLedger
  ) {
    var random = random
    let a = Tensor<Scalar>(
      rows: rank, columns: weight.columns, category: .weights, requiresGradient: true, in: ledger)
    let b = Tensor<Scalar>(
      rows: weight.rows, columns: rank, category: .weights, requiresGradient: true, in: ledger)
    let bound = 1 / Double(weight.columns).squareRoot()
    for i in 0..<a.count { a.elements[i] = Scalar((2 * random.uniform() - 1) * bound) }
    for i in 0..<b.count { b.elements[i] = 0 }
    lowRank = LowRank(a: a, b: b, scale: scale, dropout: dropout)
  }

  /// Computes the layer; `dropoutStream` is nil outside training.
  func callAsFunction(
    _ x: Tensor<Scalar>, residual: Tensor<Scalar>? = nil, dropoutStream: RandomStream? = nil,
    on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let y = tape.linear(x, weight, bias: bias, residual: residual)
    guard let lowRank else { return y }
    var input = x
    if let dropoutStream, lowRank.dropout > 0 {
      input = tape.droppedOut(x, probability: lowRank.dropout, stream: dropoutStream)
    }
    tape.addLowRank(to: y, input, a: lowRank.a, b: lowRank.b, scale: lowRank.scale)
    return y
  }
}
