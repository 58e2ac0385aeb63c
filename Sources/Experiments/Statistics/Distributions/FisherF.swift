/// Fisher's F distribution.
package enum FisherF {
  /// The probability of a value above `f` with `first` and `second` degrees of freedom.
  ///
  /// `I_x(d₂/2, d₁/2)` at `x = d₂ / (d₂ + d₁ f)`; 1 for f ≤ 0 and 0 for infinite f.
  package static func upperTail(_ f: Double, first: Double, second: Double) -> Double {
    precondition(first > 0 && second > 0, "F distribution with \(first) and \(second)")
    if f <= 0 { return 1 }
    if f == .infinity { return 0 }
    return IncompleteBeta.regularized(
      second / (second + first * f), a: second / 2, b: first / 2)
  }
}
