/// Loops between one row and all rows of a matrix.
enum Rows {
  /// Writes `row` into every row of `y`, or adds it.
  @inline(__always)
  static func spread<Scalar: EngineScalar>(
    _ row: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
    adding: Bool
  ) {
    for r in 0..<rows {
      let target = y + r &* columns
      if adding {
        Elementwise.add(row, to: target, count: columns)
      } else {
        Elementwise.copy(row, to: target, count: columns)
      }
    }
  }

  /// Adds the sum over all rows of `x` to `total`.
  @inline(__always)
  static func sum<Scalar: EngineScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int,
    addingTo total: UnsafeMutablePointer<Scalar>
  ) {
    for r in 0..<rows {
      Elementwise.add(x + r &* columns, to: total, count: columns)
    }
  }
}
