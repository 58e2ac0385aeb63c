/// Loops between one row and all rows of a matrix.
enum Rows {
  /// Adds the sum over all rows of `x` to `total`.
  @inline(__always)
  static func sum<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int,
    addingTo total: UnsafeMutablePointer<Scalar>
  ) {
    Parallel.parts(cost: rows &* columns) { part, parts in
      sum(part, of: parts, x, rows: rows, columns: columns, addingTo: total)
    }
  }

  /// Adds one thread's columns of the sum over all rows of `x`.
  @inline(__always)
  static func sum<Scalar: EngineScalar>(
    _ part: Int, of parts: Int, _ x: UnsafePointer<Scalar>, rows: Int, columns: Int,
    addingTo total: UnsafeMutablePointer<Scalar>
  ) {
    let range = Parallel.part(part, of: parts, count: columns, multiple: 16)
    guard !range.isEmpty else { return }
    for r in 0..<rows {
      Elementwise.add(
        x + (r &* columns &+ range.lowerBound), to: total + range.lowerBound, count: range.count)
    }
  }
}

/// Sums over one row, kept in eight running sums so that they vectorize.
enum RowStatistics {
  @inline(__always)
  static func of<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, count: Int, epsilon: Scalar, centred: Bool
  ) -> (mean: Scalar, scale: Scalar) {
    var mean = Scalar.zero
    if centred {
      var sums = SIMD8<Scalar>.zero
      var i = 0
      while i &+ 8 <= count {
        sums += Elementwise.load(row, i)
        i &+= 8
      }
      mean = sums.sum()
      while i < count {
        mean += row[i]
        i &+= 1
      }
      mean /= Scalar(count)
    }
    var squares = SIMD8<Scalar>.zero
    var i = 0
    while i &+ 8 <= count {
      let v = Elementwise.load(row, i) - mean
      squares += v * v
      i &+= 8
    }
    var square = squares.sum()
    while i < count {
      square += (row[i] - mean) * (row[i] - mean)
      i &+= 1
    }
    return (mean, 1 / (square / Scalar(count) + epsilon).squareRoot())
  }

  @inline(__always)
  static func apply<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, mean: Scalar, scale: Scalar, weight: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, to y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if let bias {
      for i in 0..<count { y[i] = (row[i] - mean) * scale * weight[i] + bias[i] }
    } else {
      for i in 0..<count { y[i] = (row[i] - mean) * scale * weight[i] }
    }
  }

  /// Adds the gradient of one standardized row to `dx`; see ``Tape``'s normalizations.
  @inline(__always)
  static func addGradient<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, mean: Scalar, scale: Scalar, _ gradient: UnsafePointer<Scalar>,
    _ weight: UnsafePointer<Scalar>, to dx: UnsafeMutablePointer<Scalar>, count: Int,
    centred: Bool
  ) {
    var (sums, products) = (SIMD8<Scalar>.zero, SIMD8<Scalar>.zero)
    var i = 0
    while i &+ 8 <= count {
      let g = Elementwise.load(gradient, i) * Elementwise.load(weight, i)
      sums += g
      products += g * ((Elementwise.load(row, i) - mean) * scale)
      i &+= 8
    }
    var (sum, product) = (sums.sum(), products.sum())
    while i < count {
      let g = gradient[i] * weight[i]
      sum += g
      product += g * ((row[i] - mean) * scale)
      i &+= 1
    }
    let meanGradient = centred ? sum / Scalar(count) : 0
    let meanProduct = product / Scalar(count)
    i = 0
    while i &+ 8 <= count {
      let g = Elementwise.load(gradient, i) * Elementwise.load(weight, i)
      let standard = (Elementwise.load(row, i) - mean) * scale
      let change = (g - meanGradient - standard * meanProduct) * scale
      Elementwise.store(Elementwise.load(dx, i) + change, dx, i)
      i &+= 8
    }
    while i < count {
      let standard = (row[i] - mean) * scale
      dx[i] += scale * (gradient[i] * weight[i] - meanGradient - standard * meanProduct)
      i &+= 1
    }
  }
}
