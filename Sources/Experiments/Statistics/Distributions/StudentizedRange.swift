import Foundation

/// The studentised range of normal means whose variance is known (infinite degrees of freedom).
///
/// The largest minus the smallest of `k` standard normal numbers; what the Nemenyi test compares
/// differences of average ranks with.
package enum StudentizedRange {
  /// The probability of a range up to `q`: `k ∫ φ(z) (Φ(z) − Φ(z − q))ᵏ⁻¹ dz`.
  ///
  /// By Simpson's rule over z in [−8, 8 + q], whose error is below 1e-9 for k up to 100.
  package static func cumulative(_ q: Double, groups: Int) -> Double {
    precondition(groups >= 2, "studentised range of \(groups) groups")
    guard q > 0 else { return 0 }
    let steps = 1000
    let (low, high) = (-8.0, 8 + q)
    let width = (high - low) / Double(steps)
    var sum = 0.0
    for i in 0...steps {
      let z = low + Double(i) * width
      let weight: Double = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2
      let between = Normal.cumulative(z) - Normal.cumulative(z - q)
      sum += weight * exp(-z * z / 2) * pow(between, Double(groups - 1))
    }
    let density = (2 * Double.pi).squareRoot()
    return min(1, Double(groups) * sum * width / (3 * density))
  }

  /// The range that is exceeded with probability `1 − p`, by bisection to 1e-10.
  package static func quantile(_ p: Double, groups: Int) -> Double {
    precondition(p > 0 && p < 1, "studentised range quantile of \(p)")
    var (low, high) = (0.0, 20.0)
    while high - low > 1e-10 {
      let middle = (low + high) / 2
      if cumulative(middle, groups: groups) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
