/// A weight matrix with an optional bias and an adaptation's additions.
package final class LinearLayer<Scalar: EngineScalar> {
  package let matrix: Matrix  // [outputs, inputs]
  package let bias: Tensor<Scalar>?
  package internal(set) var lowRank: LowRank?
  package internal(set) var rescaling: Rescaling?

  /// The weights: floats, or a few bits each, which never train.
  package enum Matrix {
    case dense(Tensor<Scalar>)
    /// Only in a model of `Float`.
    case quantized(QuantizedMatrix)
  }

  /// Wraps a loaded weight.
  package init(_ matrix: Matrix, bias: Tensor<Scalar>?) {
    self.matrix = matrix
    self.bias = bias
  }

  /// The weights, where they are floats.
  package var weight: Tensor<Scalar>? {
    if case .dense(let weight) = matrix { weight } else { nil }
  }

  var inputs: Int {
    switch matrix {
    case .dense(let weight): weight.columns
    case .quantized(let weight): weight.columns
    }
  }

  package var outputs: Int {
    switch matrix {
    case .dense(let weight): weight.rows
    case .quantized(let weight): weight.rows
    }
  }

  /// Takes away what an adaptation added.
  func detachAdaptation() {
    lowRank = nil
    rescaling = nil
  }

  /// Everything that can train: the weight, the bias and the additions, by name.
  var trainable: [(name: String, tensor: Tensor<Scalar>)] {
    let all: [(String, Tensor<Scalar>?)] = [
      ("weight", weight), ("bias", bias), ("lora-a", lowRank?.a), ("lora-b", lowRank?.b),
      ("magnitude", lowRank?.magnitude?.lengths),
      ("factors", rescaling?.factors),
    ]
    return all.compactMap { name, tensor in tensor.map { (name, $0) } }
  }

  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - input: `[tokens, inputs]`.
  ///   - residual: Added to the result.
  ///   - dropoutStream: Nil outside training.
  ///   - isRepeatable: Whether the result may be forgotten; heeded where it is one product of
  ///     floats, without a residual.
  ///   - tape: Records the operations.
  /// - Returns: `[tokens, outputs]`.
  func callAsFunction(
    _ input: Tensor<Scalar>, residual: Tensor<Scalar>? = nil, dropoutStream: RandomStream? = nil,
    isRepeatable: Bool = false, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    if isRepeatable, residual == nil, lowRank == nil, rescaling == nil,
      case .dense(let weight) = matrix
    {
      return tape.linear(input, weight, bias: bias, isRepeatable: true)
    }
    var x = input
    if case .inputs(let factors) = rescaling { x = tape.scaledColumns(x, by: factors) }
    var outputFactors: Tensor<Scalar>?
    if case .outputs(let factors) = rescaling { outputFactors = factors }
    // What multiplies the outputs comes before the residual is added.
    let laterResidual = outputFactors == nil ? nil : residual
    let ownResidual = outputFactors == nil ? residual : nil
    let y: Tensor<Scalar>
    if let lowRank, let magnitude = lowRank.magnitude {
      let direction = product(x, bias: nil, residual: nil, on: tape)
      add(lowRank, to: direction, x, dropoutStream, on: tape)
      y = tape.scaledColumns(
        direction, by: magnitude.lengths,
        constants: inverseLengths(lowRank, magnitude, in: tape.ledger), bias: bias,
        residual: ownResidual)
    } else {
      y = product(x, bias: bias, residual: ownResidual, on: tape)
      if let lowRank { add(lowRank, to: y, x, dropoutStream, on: tape) }
    }
    return outputFactors.map { tape.scaledColumns(y, by: $0, residual: laterResidual) } ?? y
  }

  private func product(
    _ x: Tensor<Scalar>, bias: Tensor<Scalar>?, residual: Tensor<Scalar>?, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    switch matrix {
    case .dense(let weight): tape.linear(x, weight, bias: bias, residual: residual)
    case .quantized(let weight): tape.linear(x, weight, bias: bias, residual: residual)
    }
  }
}
