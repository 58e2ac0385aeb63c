/// A weight matrix with an optional bias and what an adaptation adds to it.
package final class LinearLayer<Scalar: EngineScalar> {
  package let matrix: Matrix  // [outputs, inputs]
  package let bias: Tensor<Scalar>?
  package private(set) var lowRank: LowRank?
  package private(set) var rescaling: Rescaling?

  /// The weights: floats, or a few bits each, which never train.
  package enum Matrix {
    case dense(Tensor<Scalar>)
    /// Only in a model of `Float`.
    case quantized(QuantizedMatrix)
  }

  /// A trainable product `s · B A` beside the weight.
  package struct LowRank {
    package let a: Tensor<Scalar>  // [rank, inputs]
    package let b: Tensor<Scalar>  // [outputs, rank]
    package let scale: Scalar
    package let dropout: Double
    /// DoRA's; nil for plain products.
    package let magnitude: Magnitude?
  }

  /// The trained lengths of the rows of a sum `W + s · B A`.
  package struct Magnitude {
    package let lengths: Tensor<Scalar>  // [1, outputs]
    /// `‖w‖²` of every row of `W`, which stays as it is.
    let squares: Tensor<Scalar>  // [1, outputs]
  }

  /// (IA)³'s trainable factors of the outputs, or of the inputs of a feed-forward block's last layer.
  package enum Rescaling {
    case outputs(Tensor<Scalar>)  // [1, outputs]
    case inputs(Tensor<Scalar>)  // [1, inputs]

    package var factors: Tensor<Scalar> {
      switch self {
      case .outputs(let factors), .inputs(let factors): factors
      }
    }

    package var isOfInputs: Bool {
      if case .inputs = self { true } else { false }
    }
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

  package var inputs: Int {
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

  /// Adds a low-rank product whose `B` is zero, so that the layer computes what it did before.
  ///
  /// `A` is uniform in `±1/√inputs`, PEFT's Kaiming initialization with `a = √5`.
  ///
  /// - Parameters:
  ///   - rank: `r`.
  ///   - scale: `s`.
  ///   - dropout: Probability of an input of the product to be zeroed in training.
  ///   - random: Fills `A`.
  ///   - shared: The `A` of another layer to train together, as where PEFT adapts a joint matrix of
  ///     query, key and value; nil for one of its own.
  ///   - withMagnitude: Whether to train row lengths apart (Liu et al. 2024, "DoRA",
  ///     arXiv:2402.09353).
  ///   - ledger: Where the bytes are entered.
  package func attachLowRank(
    rank: Int, scale: Scalar, dropout: Double, random: RandomStream,
    sharing shared: Tensor<Scalar>? = nil, withMagnitude: Bool = false, in ledger: MemoryLedger
  ) {
    var random = random
    let a =
      shared
      ?? Tensor<Scalar>(
        rows: rank, columns: inputs, category: .weights, requiresGradient: true, in: ledger)
    let b = Tensor<Scalar>(
      rows: outputs, columns: rank, category: .weights, requiresGradient: true, in: ledger)
    let bound = 1 / Double(inputs).squareRoot()
    if shared == nil { a.fill { _ in Scalar((2 * random.uniform() - 1) * bound) } }
    b.fill { _ in 0 }
    lowRank = LowRank(
      a: a, b: b, scale: scale, dropout: dropout,
      magnitude: withMagnitude ? rowLengths(in: ledger) : nil)
  }

  /// Adds factors that are 1, so that the layer computes what it did before.
  package func attachRescaling(ofInputs: Bool, in ledger: MemoryLedger) {
    let factors = Tensor<Scalar>(
      rows: 1, columns: ofInputs ? inputs : outputs, category: .weights, requiresGradient: true,
      in: ledger)
    factors.fill { _ in 1 }
    rescaling = ofInputs ? .inputs(factors) : .outputs(factors)
  }

  /// Takes away what an adaptation added.
  package func detachAdaptation() {
    lowRank = nil
    rescaling = nil
  }

  /// Everything that can train: the weight, the bias and what was added, by name.
  package var trainable: [(name: String, tensor: Tensor<Scalar>)] {
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

  private func add(
    _ lowRank: LowRank, to y: Tensor<Scalar>, _ x: Tensor<Scalar>, _ dropoutStream: RandomStream?,
    on tape: Tape<Scalar>
  ) {
    var input = x
    if let dropoutStream, lowRank.dropout > 0 {
      input = tape.droppedOut(x, probability: lowRank.dropout, stream: dropoutStream)
    }
    tape.addLowRank(to: y, input, a: lowRank.a, b: lowRank.b, scale: lowRank.scale)
    if input !== x { input.forget() }
  }
}
