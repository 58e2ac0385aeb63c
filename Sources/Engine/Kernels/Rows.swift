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
