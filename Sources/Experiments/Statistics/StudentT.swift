import Foundation

/// Student's t distribution.
package enum StudentT {
  /// The probability of a value up to `t`, through the regularised incomplete beta function.
  package static func cumulative(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "t distribution with \(degreesOfFreedom) degrees of freedom")
    let tail =
      0.5
      * regularizedBeta(
        degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The value below which a share `p` in (0, 1) of the distribution lies, by bisection.
  package static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    precondition(p > 0 && p < 1, "t quantile of \(p)")
    if p == 0.5 { return 0 }
    if p < 0.5 { return -quantile(1 - p, degreesOfFreedom: degreesOfFreedom) }
    var low = 0.0
    var high = 1.0
    while cumulative(high, degreesOfFreedom: degreesOfFreedom) < p, high < 1e300 { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if cumulative(middle, degreesOfFreedom: degreesOfFreedom) < p {
        low = middle
      } else {
        high = middle
      }
    }
  }

  /// I_x(a, b) by Lentz's continued fraction (Press and others 2007, Numerical Recipes, §6.4).
  private static func regularizedBeta(_ x: Double, a: Double, b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, a: b, b: a) }
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
