/// Whether a matrix operand is read as stored or transposed.
package enum Orientation: Sendable {
  case plain
  case transposed
}

/// A row-major matrix operand: where it starts, its orientation and the distance between its rows.
package struct MatrixView<Scalar> {
  let start: UnsafePointer<Scalar>
  let orientation: Orientation
  let stride: Int

  package init(_ start: UnsafePointer<Scalar>, _ orientation: Orientation = .plain, stride: Int) {
    self.start = start
    self.orientation = orientation
    self.stride = stride
  }

  /// The view without its first `rows` rows, as the product sees them.
  func dropping(rows: Int) -> MatrixView {
    MatrixView(
      start + (orientation == .plain ? rows * stride : rows), orientation, stride: stride)
  }

  /// The view without its first `columns` columns, as the product sees them.
  func dropping(columns: Int) -> MatrixView {
    MatrixView(
      start + (orientation == .plain ? columns : columns * stride), orientation, stride: stride)
  }
}
