import COpenBLAS

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

  /// Names the library, its version and the kernels it chose for this processor.
  package static var name: String {
    let version =
      String(cString: openblas_get_config()).split(separator: " ").prefix(2)
      .joined(separator: " ")
    return "\(version), \(String(cString: openblas_get_corename())) kernels"
  }
}
