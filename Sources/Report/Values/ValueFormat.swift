import Formats
import Foundation

/// How a number is written: `pct`, `.2`, `bytes`, `s`, `int`, `x`, each with `±` for its spread.
package struct ValueFormat: Hashable, Sendable {
  package enum Style: Hashable, Sendable {
    /// 69.3 %
    case percent
    /// 3.1 points: a difference of two percentages.
    case points
    /// That many decimals.
    case decimals(Int)
    /// 1.2 MiB
    case bytes
    /// 3.4 s
    case seconds
    case integer
    /// 2.3×
    case ratio
  }

  package let style: Style
  /// Whether the standard deviation follows.
  package let showsSpread: Bool

  package init(_ style: Style, showsSpread: Bool = false) {
    self.style = style
    self.showsSpread = showsSpread
  }

  /// Reads what follows the colon of an inline value; nil for an unknown format.
  package init?(_ text: String) {
    var word = text
    var spread = false
    for suffix in ["±", "+-"] where word.hasSuffix(suffix) {
      word.removeLast(suffix.count)
      spread = true
      break
    }
    if let style = Self.words.first(where: { $0.word == word })?.style {
      self.init(style, showsSpread: spread)
    } else if word.utf8.count == 2, word.hasPrefix("."), let places = Int(word.dropFirst()),
      places >= 0
    {
      self.init(.decimals(places), showsSpread: spread)
    } else {
      return nil
    }
  }

  /// The format of a metric that a source writes without one.
  package init(defaultFor unit: MetricPath.Unit) {
    switch unit {
    case .share, .plain, .nats: self.init(.decimals(3))
    case .bytes: self.init(.bytes)
    case .seconds: self.init(.seconds)
    case .count: self.init(.integer)
    }
  }

  private static let words: [(word: String, style: Style)] = [
    ("pct", .percent), ("points", .points), ("bytes", .bytes), ("s", .seconds),
    ("int", .integer), ("x", .ratio),
  ]

  static func problem(_ text: String, at position: SourcePosition) -> Diagnostic {
    let known = words.map(\.word) + [".0 to .9"]
    return Diagnostic(
      .malformedExpression, at: position, "there is no format '\(text)'",
      help: text.hasPrefix("percent") || text.hasPrefix("%")
        ? "did you mean 'pct'?"
        : "formats: \(known.joined(separator: ", ")); add ± for mean ± sd")
  }

  /// A finite number with its unit.
  package func string(_ value: Double) -> String {
    let (scale, unit) = scaleAndUnit(of: value)
    return number(value, scale: scale) + unit
  }

  /// Mean and standard deviation in one unit: 69.3 ± 1.2 %.
  package func string(_ mean: Double, spread: Double) -> String {
    let (scale, unit) = scaleAndUnit(of: mean)
    let both = "\(number(mean, scale: scale)) ± \(number(spread, scale: scale))"
    return both + unit
  }

  /// An interval in one unit: 68.1–70.2 %.
  package func string(from lower: Double, to upper: Double) -> String {
    let (scale, unit) = scaleAndUnit(of: max(abs(lower), abs(upper)))
    let dash = lower < 0 || upper < 0 ? " to " : "–"
    return number(lower, scale: scale) + dash + number(upper, scale: scale) + unit
  }

  /// What to divide by, and the unit with the no-break space before it.
  private func scaleAndUnit(of value: Double) -> (scale: Double, unit: String) {
    switch style {
    case .percent: return (0.01, "\u{A0}%")
    case .points: return (0.01, "\u{A0}points")
    case .decimals, .integer: return (1, "")
    case .seconds: return (1, "\u{A0}s")
    case .ratio: return (1, "×")
    case .bytes:
      var scale = 1.0
      var units = ["B", "KiB", "MiB", "GiB", "TiB"][...]
      while abs(value) / scale >= 1024, units.count > 1 {
        scale *= 1024
        units.removeFirst()
      }
      return (scale, "\u{A0}\(units.first ?? "B")")
    }
  }

  private func number(_ value: Double, scale: Double) -> String {
    let places =
      switch style {
      case .decimals(let places): places
      case .integer: 0
      case .bytes: scale == 1 ? 0 : 1
      case .percent, .points, .seconds, .ratio: 1
      }
    let digits = String(format: "%.\(places)f", abs(value / scale))
    let isZero = digits.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    let grouped = style == .integer ? Self.grouped(digits) : digits
    return value < 0 && !isZero ? "−\(grouped)" : grouped
  }

  private static func grouped(_ digits: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }
}

extension ValueFormat: CustomStringConvertible {
  /// The word that reads back as this format.
  package var description: String {
    let word =
      if case .decimals(let places) = style {
        ".\(places)"
      } else {
        Self.words.first { $0.style == style }?.word ?? ""
      }
    return showsSpread ? "\(word)±" : word
  }
}
