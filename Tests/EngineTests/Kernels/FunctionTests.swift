import Foundation
import Testing

@testable import Engine

/// What the kernels compute of eight numbers at a time, against one number at a time.
@Suite("Functions of eight numbers")
struct FunctionTests {
  private static let spread: [Float] = (-400...400).map { Float($0) * 0.217 } + [0, -0.0, 1e-30]

  private static func eights(_ values: [Float]) -> [SIMD8<Float>] {
    stride(from: 0, to: values.count, by: 8).map { first in
      SIMD8((0..<8).map { values[min(first + $0, values.count - 1)] })
    }
  }

  @Test("square roots have the bits of the scalar ones")
  func squareRoots() {
    let values =
      Self.spread.map(abs) + [.leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -0.0]
    for x in Self.eights(values) {
      let (single, double) = (Float.squareRoot(x), Double.squareRoot(SIMD8<Double>(x)))
      for i in 0..<8 {
        #expect(single[i].bitPattern == x[i].squareRoot().bitPattern)
        #expect(double[i].bitPattern == Double(x[i]).squareRoot().bitPattern)
      }
    }
    #expect(Float.squareRoot(SIMD8(repeating: -1))[3].isNaN)
  }

  @Test("exponentials are within two units in the last place where they are not flushed")
  func exponentials() {
    for x in Self.eights(Self.spread) {
      let values = Float.exp(x)
      for i in 0..<8 where abs(x[i]) < 87 {
        let exact = Foundation.exp(Double(x[i]))
        #expect(abs(Double(values[i]) - exact) <= 2 * Double(Float(exact).ulp))
      }
    }
    let ends = Float.exp(SIMD8<Float>([-.infinity, -100, 100, .infinity, .nan, 0, 0, 0]))
    #expect(ends[0] == 0 && ends[1] == 0)
    #expect(ends[2].isFinite && ends[3].isFinite && ends[2] > 1e38)
    #expect(ends[4].isNaN && ends[5] == 1)
  }

  @Test("error functions are within their formula's bound")
  func errorFunctions() {
    for x in Self.eights(Self.spread) {
      let values = Float.erf(x)
      for i in 0..<8 {
        // 1.5e-7 of the formula and the rounding of a few operations near 1.
        #expect(abs(Double(values[i]) - Foundation.erf(Double(x[i]))) <= 4e-7)
      }
    }
  }
}
