import Foundation

/// Round values for ticks.
enum RoundSteps {
  /// The smallest of 1, 2, 2.5 and 5 times a power of ten that needs at most `count` steps.
  static func step(span: Double, count: Int) -> Double {
    guard span > 0, span.isFinite, count > 0 else { return 1 }
    let raw = span / Double(count)
    let power = pow(10, floor(log10(raw)))
    // The slack keeps 0.1 + 0.2 from asking for the next larger step.
    let factor = [1, 2, 2.5, 5].first { $0 * power >= raw * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// How many decimals show every multiple of a step exactly, at most 6.
  static func decimals(for step: Double) -> Int {
    (0..<6).first { digits in
      let scaled = step * pow(10, Double(digits))
      return scaled >= 1 - 1e-9 && abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled)
    } ?? 6
  }

  /// The multiples of a step within a range.
  static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
    let first = ceil(range.lowerBound / step - 1e-9)
    let last = floor(range.upperBound / step + 1e-9)
    guard first <= last, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
  }

  /// Powers of a base within a range, thinned to at most `count`; 1, 2 and 5 join sparse tens.
  static func powers(of base: Int, in range: ClosedRange<Double>, count: Int) -> [Double] {
    let base = Double(base)
    let first = ceil(log(range.lowerBound) / log(base) - 1e-9)
    let last = floor(log(range.upperBound) / log(base) + 1e-9)
    let exponents = first <= last ? Array(stride(from: first, through: last, by: 1)) : []
    if base == 10, exponents.count < 3 {
      let slack = (range.lowerBound * (1 - 1e-9))...(range.upperBound * (1 + 1e-9))
      let tens = stride(from: first - 1, through: last + 1, by: 1).map { pow(10, $0) }
      return tens.flatMap { [$0, 2 * $0, 5 * $0] }.filter(slack.contains)
    }
    let stepping = max(1, Int((Double(exponents.count) / Double(max(1, count))).rounded(.up)))
    return exponents.enumerated().filter { $0.offset % stepping == 0 }.map { pow(base, $0.element) }
  }
}
