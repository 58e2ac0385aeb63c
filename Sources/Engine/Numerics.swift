internal import COpenBLAS

/// The version of everything that decides the bits of a result.
package enum Numerics {
  /// Part of every cell's key; raised whenever a kernel, an optimizer or an order of summation changes.
  package static let version = 3

  /// What else decides the bits on one version: the kernels that OpenBLAS chose and the width of the
  /// vectors that this program was compiled for.
  static var platform: String {
    "\(String(cString: openblas_get_corename())), \(ftreport_vector_bits())-bit vectors"
  }
}
