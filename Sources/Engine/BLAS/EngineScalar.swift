import COpenBLAS
import Foundation

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
  static func tanh(_ x: Self) -> Self
}

extension Float {
  /// Computes eight exponentials to about 2 units in the last place.
  ///
  /// `e^x = 2^n e^r` with `n = round(x / ln 2)`; a degree-5 polynomial gives `e^r` on
  /// `|r| ≤ ln 2 / 2` (coefficients of the Cephes library's `expf`). Below -87.3 the result is 0
  /// and above 88.3 it stays finite, which a softmax and a sigmoid never notice; NaN stays NaN.
  @inline(__always)
  package static func exp(_ input: SIMD8<Float>) -> SIMD8<Float> {
    // `clamped` is an outlined call in the standard library; two selects stay in registers.
    let x = input.replacing(with: -87.3, where: input .< -87.3)
      .replacing(with: 88.3, where: input .> 88.3)
    let magic = SIMD8<Float>(repeating: 12_582_912)  // 1.5 · 2²³: adding it rounds to an integer
    let shifted = x * 1.442_695_04 + magic
    let n = shifted - magic
    let r = x - n * 0.693_359_375 - n * -2.121_944_4e-4
    var p = SIMD8<Float>(repeating: 1.987_569_15e-4)
    p = p * r + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_55e-1
    p = p * r + 5.000_000_1e-1
    let value = p * r * r + r + 1
    // The low bits of `shifted` are n; moved into the exponent field they make 2^n.
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &- 0x4b40_0000 &+ 127
    let scale = unsafeBitCast(bits &<< 23, to: SIMD8<Float>.self)
    let result = (value * scale).replacing(with: 0, where: input .< -87.3)
    return result.replacing(with: input, where: input .!= input)
  }

  /// Computes eight error functions to 1.5e-7 absolute.
  ///
  /// Abramowitz and Stegun 1964, formula 7.1.26: `1 − (a₁t + … + a₅t⁵) e^(−x²)`, `t = 1 / (1 + px)`,
  /// for positive `x`; the function is odd.
  @inline(__always)
  package static func erf(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let size = x.replacing(with: SIMD8.zero - x, where: x .< 0)
    let t = SIMD8<Float>(repeating: 1) / (size * 0.327_591_1 + 1)
    var p = SIMD8<Float>(repeating: 1.061_405_429)
    p = p * t - 1.453_152_027
    p = p * t + 1.421_413_741
    p = p * t - 0.284_496_736
    p = p * t + 0.254_829_592
    let value = SIMD8<Float>(repeating: 1) - p * t * exp(SIMD8.zero - size * size)
    return value.replacing(with: SIMD8.zero - value, where: x .< 0)
  }

  @inline(__always)
  package static func squareRoot(_ x: SIMD8<Float>) -> SIMD8<Float> { ftreport_square_roots(x) }

  package static func exp(_ x: Float) -> Float { Foundation.exp(x) }
  package static func log(_ x: Float) -> Float { Foundation.log(x) }
  package static func sine(_ x: Float) -> Float { Foundation.sin(x) }
  package static func cosine(_ x: Float) -> Float { Foundation.cos(x) }
  package static func tanh(_ x: Float) -> Float { Foundation.tanh(x) }
}

extension Double {
  package static func exp(_ x: SIMD8<Double>) -> SIMD8<Double> {
    var result = SIMD8<Double>()
    for lane in 0..<8 { result[lane] = Foundation.exp(x[lane]) }
    return result
  }

  package static func erf(_ x: SIMD8<Double>) -> SIMD8<Double> {
    var result = SIMD8<Double>()
    for lane in 0..<8 { result[lane] = Foundation.erf(x[lane]) }
    return result
  }

  package static func squareRoot(_ x: SIMD8<Double>) -> SIMD8<Double> {
    ftreport_square_roots_double(x)
  }

  package static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  package static func log(_ x: Double) -> Double { Foundation.log(x) }
  package static func sine(_ x: Double) -> Double { Foundation.sin(x) }
  package static func cosine(_ x: Double) -> Double { Foundation.cos(x) }
  package static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
}
