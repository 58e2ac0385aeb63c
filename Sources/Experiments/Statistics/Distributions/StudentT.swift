import Foundation

/// Student's t distribution.
package enum StudentT {
  /// The probability of a value up to `t`, through the regularised incomplete beta function.
  package static func cumulative(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "t distribution with \(degreesOfFreedom) degrees of freedom")
    let tail =
      0.5
      * IncompleteBeta.regularized(
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
}
