import COpenBLAS

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

/// Matrix products divided among the threads of the process.
package enum Product {
  /// A part of a product's result.
  struct Block {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  /// Divides a result `[rows, columns]` into one block a thread and runs `body` on each.
  ///
  /// The longer side is divided, at multiples of 16, which the kernels of BLAS compute at a time.
  @inline(__always)
  static func blocks(rows: Int, columns: Int, inner: Int, _ body: (Block) -> Void) {
    guard rows > 0, columns > 0 else { return }
    Parallel.parts(cost: 2 &* rows &* columns &* inner) { part, parts in
      if let block = Self.block(part, of: parts, rows: rows, columns: columns) { body(block) }
    }
  }

  /// The part of a result `[rows, columns]` that one of `parts` threads computes, if there is one.
  @inline(__always)
  static func block(_ part: Int, of parts: Int, rows: Int, columns: Int) -> Block? {
    let longer = max(rows, columns)
    let range = Parallel.part(
      part, of: parts, count: longer, multiple: longer >= 32 ? 16 : 1)
    guard !range.isEmpty, min(rows, columns) > 0 else { return nil }
    return columns > rows
      ? Block(rows: 0..<rows, columns: range) : Block(rows: range, columns: 0..<columns)
  }

  /// Computes `c = alpha · a b + beta · c` on all threads; see ``EngineScalar``.
  @inline(__always)
  package static func multiply<Scalar: EngineScalar>(
    _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, rows: Int, columns: Int, inner: Int,
    alpha: Scalar = 1, beta: Scalar, into c: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    blocks(rows: rows, columns: columns, inner: inner) { block in
      multiply(block, a, b, inner: inner, alpha: alpha, beta: beta, into: c, stride: stride)
    }
  }

  /// Computes one block of a product on the calling thread.
  @inline(__always)
  static func multiply<Scalar: EngineScalar>(
    _ block: Block, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, inner: Int,
    alpha: Scalar = 1, beta: Scalar, into c: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    Scalar.multiply(
      a.dropping(rows: block.rows.lowerBound), b.dropping(columns: block.columns.lowerBound),
      rows: block.rows.count, columns: block.columns.count, inner: inner, alpha: alpha, beta: beta,
      into: c + (block.rows.lowerBound * stride + block.columns.lowerBound), stride: stride)
  }
}

extension Orientation {
  fileprivate var cblas: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }
}

extension Float: EngineScalar {
  package static func multiply(
    _ a: MatrixView<Float>, _ b: MatrixView<Float>, rows: Int, columns: Int, inner: Int,
    alpha: Float, beta: Float, into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    guard rows > 0, columns > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, a.orientation.cblas, b.orientation.cblas, blasint(rows), blasint(columns),
      blasint(inner), alpha, a.start, blasint(a.stride), b.start, blasint(b.stride), beta, c,
      blasint(stride))
  }
}

extension Double: EngineScalar {
  package static func multiply(
    _ a: MatrixView<Double>, _ b: MatrixView<Double>, rows: Int, columns: Int, inner: Int,
    alpha: Double, beta: Double, into c: UnsafeMutablePointer<Double>, stride: Int
  ) {
    guard rows > 0, columns > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, a.orientation.cblas, b.orientation.cblas, blasint(rows), blasint(columns),
      blasint(inner), alpha, a.start, blasint(a.stride), b.start, blasint(b.stride), beta, c,
      blasint(stride))
  }
}

/// The BLAS the process runs on: how many threads compute, set in one place, and its name.
package enum BLAS {
  /// Sets how many threads a kernel may use; the count can change the last bits of a result.
  ///
  /// The engine divides products among its own threads and OpenBLAS computes each part alone: its
  /// own division is slower at the shapes of short sequences, and its threads would contend with
  /// ours.
  package static func setThreads(_ count: Int) {
    openblas_set_num_threads(1)
    ThreadTeam.shared.resize(to: count)
  }

  /// The library, its version and the kernels that it chose for this processor.
  package static var name: String {
    let version =
      String(cString: openblas_get_config()).split(separator: " ").prefix(2)
      .joined(separator: " ")
    return "\(version), \(String(cString: openblas_get_corename())) kernels"
  }
}
