extension LinearLayer {
  /// A trainable product `s · B A` added to the weight.
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
  ///   - withMagnitude: Whether to train row lengths separately (Liu et al. 2024, "DoRA",
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

  func add(
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

extension LinearLayer {
  /// The lengths of the rows of the weight, to be trained.
  func rowLengths(in ledger: MemoryLedger) -> Magnitude {
    let squares = Tensor<Scalar>(rows: 1, columns: outputs, category: .weights, in: ledger)
    let lengths = Tensor<Scalar>(
      rows: 1, columns: outputs, category: .weights, requiresGradient: true, in: ledger)
    // One row at a time, which a quantized matrix needs room for.
    Storage<Scalar>.withWorkspace(inputs, in: ledger) { row in
      for index in 0..<outputs {
        read(row: index, into: row)
        let square = Elementwise.squaredNorm(row, count: inputs)
        squares.start[index] = Scalar(square)
        lengths.start[index] = Scalar(square.squareRoot())
      }
    }
    return Magnitude(lengths: lengths, squares: squares)
  }

  /// One over the length of every row of `W + s · B A`, without forming the sum:
  /// `‖w + s b A‖² = ‖w‖² + 2s b · (A w) + s² b (A Aᵀ) b`.
  func inverseLengths(
    _ lowRank: LowRank, _ magnitude: Magnitude, in ledger: MemoryLedger
  ) -> Tensor<Scalar> {
    let (rank, scale) = (lowRank.a.rows, lowRank.scale)
    let outputs = outputs
    let result = Tensor<Scalar>(rows: 1, columns: outputs, in: ledger)
    let projected = self.projected(lowRank.a, in: ledger)  // [rank, outputs]
    Storage<Scalar>.withWorkspace(rank * rank, in: ledger) { gram in
      let a = UnsafePointer(lowRank.a.start)
      Product.multiply(
        MatrixView(a, stride: inputs), MatrixView(a, .transposed, stride: inputs), rows: rank,
        columns: rank, inner: inputs, beta: 0, into: gram, stride: rank)
      let (b, known, to) = (lowRank.b.start, magnitude.squares.start, result.start)
      let along = projected.start
      Parallel.ranges(outputs, cost: 2 * rank * rank) { rows in
        for row in rows {
          var square = known[row]
          let factors = b + row &* rank
          for i in 0..<rank {
            var turned = Scalar.zero
            for j in 0..<rank { turned += gram[i &* rank &+ j] * factors[j] }
            square += scale * factors[i] * (2 * along[i &* outputs &+ row] + scale * turned)
          }
          to[row] = 1 / square.squareRoot()
        }
      }
    }
    withExtendedLifetime(projected) {}
    return result
  }

  /// Computes `A Wᵀ`.
  private func projected(_ a: Tensor<Scalar>, in ledger: MemoryLedger) -> Tensor<Scalar> {
    let tape = Tape<Scalar>(ledger: ledger)
    let frozen = Tensor(replacing: a, requiresGradient: false)
    switch matrix {
    case .dense(let weight): return tape.linear(frozen, weight)
    case .quantized(let weight): return tape.linear(frozen, weight)
    }
  }

  private func read(row: Int, into target: UnsafeMutablePointer<Scalar>) {
    switch matrix {
    case .dense(let weight):
      Elementwise.copy(weight.start + row * inputs, to: target, count: inputs)
    case .quantized(let weight):
      weight.dequantize(rows: row..<(row + 1), into: target.asFloats)
    }
  }
}
