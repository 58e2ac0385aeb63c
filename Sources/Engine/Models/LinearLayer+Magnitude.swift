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
