/// Loops between one row and all rows of a matrix.
enum Rows {
  /// Adds the sum over all rows of `x` to `total`.
  @inline(__always)
  static func sum<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int,
    addingTo total: UnsafeMutablePointer<Scalar>
  ) {
    Parallel.ranges(columns, cost: rows, multiple: 16) { range in
      for r in 0..<rows {
        Elementwise.add(
          x + (r &* columns &+ range.lowerBound), to: total + range.lowerBound, count: range.count)
      }
    }
  }
}
