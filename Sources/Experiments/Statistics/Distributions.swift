import Foundation
import Synchronization

/// The standard normal distribution.
enum Normal {
  /// Φ(z), the probability of a value up to `z`.
  static func cumulative(_ z: Double) -> Double {
    0.5 * erfc(-z / 2.0.squareRoot())
  }

  /// Φ⁻¹(p), with relative error about 1e-16; −∞ at 0 and +∞ at 1.
  ///
  /// Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16.
  static func quantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "normal quantile of \(p)")
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * horner(central.numerator, r) / horner(central.denominator, r)
    }
    let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let value =
      r <= 5
      ? horner(middle.numerator, r - 1.6) / horner(middle.denominator, r - 1.6)
      : horner(tail.numerator, r - 5) / horner(tail.denominator, r - 5)
    return q < 0 ? -value : value
  }

  /// A rational approximation's coefficients, constant term first.
  private struct Rational {
    let numerator: [Double]
    let denominator: [Double]
  }

  private static let central = Rational(
    numerator: [
      3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ],
    denominator: [
      1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
      21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    ])

  private static let middle = Rational(
    numerator: [
      1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
      3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
      0.0227238449892691845833, 0.000774545014278341407640,
    ],
    denominator: [
      1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
      0.148103976427480074590, 0.0151986665636164571966, 0.000547593808499534494600,
      1.05075007164441684324e-9,
    ])

  private static let tail = Rational(
    numerator: [
      6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
      0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860,
      2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ],
    denominator: [
      1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
      0.000786869131145613259100, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
      2.04426310338993978564e-15,
    ])

  private static func horner(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}

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

/// Student's t distribution.
enum StudentT {
  /// The probability of a value up to `t`, through the regularised incomplete beta function.
  static func cumulative(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "t distribution with \(degreesOfFreedom) degrees of freedom")
    let tail =
      0.5
      * IncompleteBeta.regularized(
        degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The probability of a value as far from 0 as `t` or farther; exact for small ones too.
  package static func twoSidedPValue(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "t distribution with \(degreesOfFreedom) degrees of freedom")
    return IncompleteBeta.regularized(
      degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
  }

  /// The value below which a share `p` in (0, 1) of the distribution lies, by bisection.
  static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    precondition(p > 0 && p < 1, "t quantile of \(p)")
    if p == 0.5 { return 0 }
    if p < 0.5 { return -quantile(1 - p, degreesOfFreedom: degreesOfFreedom) }
    let place = Place(p: p, degreesOfFreedom: degreesOfFreedom)
    if let found = found.withLock({ $0[place] }) { return found }
    let value = bisected(place)
    found.withLock {
      // A page asks for few places, a simulation may ask for many.
      if $0.count >= 1000 { $0.removeAll(keepingCapacity: true) }
      $0[place] = value
    }
    return value
  }

  private struct Place: Hashable {
    let p: Double
    let degreesOfFreedom: Double
  }

  /// Quantiles asked for before: the hundreds of intervals of a page share a handful.
  private static let found = Mutex<[Place: Double]>([:])

  private static func bisected(_ place: Place) -> Double {
    let (p, degreesOfFreedom) = (place.p, place.degreesOfFreedom)
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
