import Foundation

/// Numbers, nouns and lists as an English sentence has them.
enum Words {
  /// "1 seed", "2 seeds".
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// "a", "a and b", "a, b and c".
  static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return "\(names.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// "21", or "21 to 50" where the ends differ.
  static func range(_ lower: String, _ upper: String) -> String {
    upper.hasPrefix(lower) && !upper.dropFirst(lower.count).contains(where: \.isNumber)
      ? upper : "\(lower) to \(upper)"
  }

  /// "69.3 %", and "50 %" where there is nothing behind the point.
  static func percent(_ share: Double) -> String {
    let text = ValueFormat(.percent).string(share)
    return text.hasSuffix(".0\u{A0}%") ? "\(text.dropLast(4))\u{A0}%" : text
  }

  /// The coverage of an interval, as in "95 %" or "99.44 %".
  static func confidence(_ share: Double) -> String {
    let digits = [0, 1, 2, 3].first { digits in
      let scale = pow(10, Double(digits))
      return abs((share * 100 * scale).rounded() / scale - share * 100) < 1e-9
    }
    return String(format: "%.\(digits ?? 2)f\u{A0}%%", share * 100)
  }

  /// A p-value in three digits, and no false zero.
  static func probability(_ p: Double) -> String {
    p < 0.001 ? "< 0.001" : String(format: "%.3f", p)
  }
}

extension ValueFormat {
  /// How the difference of two values reads: that of two percentages is in points.
  init(difference unit: MetricPath.Unit) {
    self = unit == .share ? ValueFormat(.points) : ValueFormat(defaultFor: unit)
  }

  /// A difference with its sign, as in "+4.2 points".
  func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + string(value) }

  /// A text of this format without the unit that a table states once, such as "points".
  func bare(_ text: String) -> String {
    let units = style == .percent ? "\u{A0}%" : style == .points ? "\u{A0}points" : ""
    return text.hasSuffix(units) ? String(text.dropLast(units.count)) : text
  }
}
