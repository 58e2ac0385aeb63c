import Foundation

/// The regularised incomplete beta function, from which the t and F distributions follow.
enum IncompleteBeta {
  /// I_x(a, b) by Lentz's continued fraction (Press and others 2007, Numerical Recipes, §6.4).
  static func regularized(_ x: Double, a: Double, b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, a: b, b: a) }
    let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let logFront: Double = a * log(x) + b * log(1 - x) - logBeta
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / clamped(1 - (a + b) * x / (a + 1), tiny)
    var fraction = d
    for m in 1...500 {
      let k = Double(m)
      let a2: Double = a + 2 * k
      let even: Double = k * (b - k) * x / ((a2 - 1) * a2)
      d = 1 / clamped(1 + even * d, tiny)
      c = clamped(1 + even / c, tiny)
      fraction *= d * c
      let odd: Double = -(a + k) * (a + b + k) * x / (a2 * (a2 + 1))
      d = 1 / clamped(1 + odd * d, tiny)
      c = clamped(1 + odd / c, tiny)
      fraction *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return exp(logFront) * fraction / a
  }

  private static func clamped(_ value: Double, _ tiny: Double) -> Double {
    abs(value) < tiny ? tiny : value
  }
}
