/// One row of numbers an example, all of them or only those that are not zero.
struct FeatureRows: Sendable {
  let columns: Int
  private(set) var count: Int
  /// All values, row-major, or those of the places in ``places``.
  private var values: [Double]
  /// Column numbers of a sparse matrix, ascending in each row; nil where every value is stored.
  private var places: [Int32]?
  /// Where each row of a sparse matrix begins, and one past the last.
  private var starts: [Int]

  /// Takes every value.
  ///
  /// - Parameters:
  ///   - values: Row-major.
  ///   - columns: Of a row.
  init(_ values: [Double], columns: Int) {
    precondition(columns > 0 && values.count.isMultiple(of: columns), "rows of unlike lengths")
    self.values = values
    self.columns = columns
    count = values.count / columns
    (places, starts) = (nil, [])
  }

  /// Takes rows of which most values are zero.
  ///
  /// - Parameters:
  ///   - rows: Values by ascending column.
  ///   - columns: Of a row.
  init(_ rows: [[(column: Int32, value: Double)]], columns: Int) {
    self.columns = columns
    count = rows.count
    values = rows.flatMap { $0.map(\.value) }
    places = rows.flatMap { $0.map(\.column) }
    starts = [0]
    for row in rows { starts.append(starts[starts.count - 1] + row.count) }
  }

  /// Bytes of the numbers.
  var bytes: Int {
    values.count * MemoryLayout<Double>.stride + (places?.count ?? 0) * MemoryLayout<Int32>.stride
      + starts.count * MemoryLayout<Int>.stride
  }

  private func range(_ row: Int) -> Range<Int> {
    places == nil ? (row * columns)..<((row + 1) * columns) : starts[row]..<starts[row + 1]
  }

  /// Products of a row with `outputs` rows of weights, the first numbers of `x`.
  func products(_ row: Int, with x: [Double], outputs: Int, into result: inout [Double]) {
    let range = range(row)
    x.withUnsafeBufferPointer { x in
      values.withUnsafeBufferPointer { values in
        for k in 0..<outputs {
          let base = k &* columns
          guard let places else {
            result[k] = Self.dot(values, range.lowerBound, x, base, count: columns)
            continue
          }
          result[k] = places.withUnsafeBufferPointer { places in
            var sum = 0.0
            for i in range { sum += values[i] * x[base &+ Int(places[i])] }
            return sum
          }
        }
      }
    }
  }

  /// Adds a row, multiplied by one factor an output, to `outputs` rows of a gradient.
  func add(_ row: Int, times factors: [Double], to gradient: inout [Double]) {
    let range = range(row)
    gradient.withUnsafeMutableBufferPointer { gradient in
      values.withUnsafeBufferPointer { values in
        for (k, factor) in factors.enumerated() {
          let base = k &* columns
          guard let places else {
            for i in 0..<columns { gradient[base &+ i] += factor * values[range.lowerBound &+ i] }
            continue
          }
          places.withUnsafeBufferPointer { places in
            for i in range { gradient[base &+ Int(places[i])] += factor * values[i] }
          }
        }
      }
    }
  }

  /// With several sums, which stay in vector registers.
  private static func dot(
    _ a: UnsafeBufferPointer<Double>, _ first: Int, _ b: UnsafeBufferPointer<Double>,
    _ second: Int, count: Int
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var i = 0
    while i &+ 4 <= count {
      let (p, q) = (first &+ i, second &+ i)
      sums +=
        SIMD4(a[p], a[p &+ 1], a[p &+ 2], a[p &+ 3])
        * SIMD4(b[q], b[q &+ 1], b[q &+ 2], b[q &+ 3])
      i &+= 4
    }
    var total = sums.sum()
    while i < count {
      total += a[first &+ i] * b[second &+ i]
      i &+= 1
    }
    return total
  }

  /// The product of two rows.
  func product(_ a: Int, _ b: Int) -> Double {
    let (first, second) = (range(a), range(b))
    guard let places else {
      return values.withUnsafeBufferPointer {
        Self.dot($0, first.lowerBound, $0, second.lowerBound, count: columns)
      }
    }
    var (i, j, sum) = (first.lowerBound, second.lowerBound, 0.0)
    while i < first.upperBound, j < second.upperBound {
      if places[i] == places[j] {
        sum += values[i] * values[j]
        i += 1
        j += 1
      } else if places[i] < places[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return sum
  }
}

/// The same examples in as few columns as they span, for a penalized linear model.
///
/// A solution of such a model is a combination of its examples (the representer theorem), so the
/// examples can be replaced by rows with the same products among them: those of the pivoted Cholesky
/// factor `R` of `G = X Xᵀ`. A solution `v` for `R` is `w = Xᵀ a` for `X`, with `R ᵀ a = v`.
struct SpannedRows {
  let rows: FeatureRows
  private let original: FeatureRows
  /// The examples whose rows are independent, in the order in which they were found.
  private let pivots: [Int]

  /// What is left of a row, relative to the largest, that counts as nothing.
  private static let negligible = 1e-13

  /// Finds the rows, where they are fewer numbers than the original's.
  ///
  /// - Parameter original: Nil for more examples than columns, or more than 2,048 examples.
  init?(_ original: FeatureRows) {
    let count = original.count
    guard count > 0, count < original.columns, count <= 2048 else { return nil }
    var gram = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        let product = original.product(i, j)
        gram[i * count + j] = product
        gram[j * count + i] = product
      }
    }
    var rest = (0..<count).map { gram[$0 * count + $0] }
    let largest = rest.max() ?? 0
    var pivots: [Int] = []
    // Row by row the factor's columns, so that a new one reads those before it in order.
    var factor = [Double](repeating: 0, count: count * count)
    while pivots.count < count {
      guard let pivot = rest.indices.max(by: { rest[$0] < rest[$1] }),
        rest[pivot] > Self.negligible * largest
      else { break }
      let (rank, root) = (pivots.count, rest[pivot].squareRoot())
      for i in 0..<count where rest[i] > -1 {
        var sum = gram[i * count + pivot]
        for k in 0..<rank { sum -= factor[i * count + k] * factor[pivot * count + k] }
        factor[i * count + rank] = pivots.contains(i) ? 0 : sum / root
      }
      factor[pivot * count + rank] = root
      for i in 0..<count { rest[i] -= factor[i * count + rank] * factor[i * count + rank] }
      rest[pivot] = 0
      pivots.append(pivot)
    }
    guard !pivots.isEmpty else { return nil }
    let rank = pivots.count
    rows = FeatureRows(
      (0..<count).flatMap { Array(factor[($0 * count)..<($0 * count + rank)]) }, columns: rank)
    self.original = original
    self.pivots = pivots
    self.factor = pivots.map { Array(factor[($0 * count)..<($0 * count + rank)]) }
  }

  /// The pivots' rows of the factor, lower triangular.
  private let factor: [[Double]]

  /// Weights for the original's columns.
  func weights(_ v: ArraySlice<Double>) -> [Double] {
    var rest = Array(v)
    var combination = [Double](repeating: 0, count: rest.count)
    for k in rest.indices.reversed() {
      combination[k] = rest[k] / factor[k][k]
      for j in 0..<k { rest[j] -= combination[k] * factor[k][j] }
    }
    var weights = [Double](repeating: 0, count: original.columns)
    for (pivot, share) in zip(pivots, combination) {
      original.add(pivot, times: [share], to: &weights)
    }
    return weights
  }
}
