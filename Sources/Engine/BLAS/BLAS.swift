import COpenBLAS

/// The BLAS the process runs on: its thread count, set in one place, and its name for provenance.
package enum BLAS {
  /// Sets how many threads a matrix product may use; the count can change the last bits of a result.
  package static func setThreads(_ count: Int) {
    openblas_set_num_threads(CInt(clamping: max(1, count)))
  }

  /// Names the library, its version and the kernels it chose for this processor.
  package static var name: String {
    let version =
      String(cString: openblas_get_config()).split(separator: " ").prefix(2)
      .joined(separator: " ")
    return "\(version), \(String(cString: openblas_get_corename())) kernels"
  }
}

/// Whether a matrix operand is read as stored or transposed.
package enum Orientation: Sendable {
  case plain
  case transposed

  var cblas: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }
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
