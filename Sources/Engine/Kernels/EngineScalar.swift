/// A scalar the engine computes in: `Float` to train, `Double` to check gradients.
package protocol EngineScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Computes `c = alpha · a b + beta · c`, all row-major: `a` `[rows, inner]`, `b` `[inner, columns]`.
  ///
  /// With `beta` zero `c` is not read, so it may be uninitialized.
  static func multiply(
    _ a: MatrixView<Self>, _ b: MatrixView<Self>, rows: Int, columns: Int, inner: Int,
    alpha: Self, beta: Self, into c: UnsafeMutablePointer<Self>, stride: Int)

  /// Computes eight exponentials.
  static func exp(_ x: SIMD8<Self>) -> SIMD8<Self>

  /// Computes eight square roots, rounded as the scalar ones are.
  static func squareRoot(_ x: SIMD8<Self>) -> SIMD8<Self>

  /// Computes eight error functions.
  static func erf(_ x: SIMD8<Self>) -> SIMD8<Self>

  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func sine(_ x: Self) -> Self
  static func cosine(_ x: Self) -> Self
}
