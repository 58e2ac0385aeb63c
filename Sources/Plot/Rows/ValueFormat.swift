import Foundation

/// The format of a quantity on ticks and labels.
package enum ValueFormat: String, Hashable, Sendable {
  /// The number itself.
  case plain
  /// A fraction shown in percent: 0.693 reads 69.3 %.
  case percent
  /// Seconds, shown in ms, s, min or h.
  case seconds
  /// Bytes, shown in B, KiB, MiB, GiB or TiB.
  case bytes

  /// How many base units one displayed unit holds, and its symbol with the space before it.
  struct Unit: Hashable, Sendable {
    let factor: Double
    let suffix: String
  }

  /// The space between a number and a sign, which keeps them on one line.
  private static let thinSpace = "\u{202F}"
  /// The space between a number and a word.
  private static let space = "\u{A0}"

  /// The unit in which a quantity of this size reads best.
  func unit(for magnitude: Double) -> Unit {
    let size = abs(magnitude)
    switch self {
    case .plain: return Unit(factor: 1, suffix: "")
    case .percent: return Unit(factor: 0.01, suffix: Self.thinSpace + "%")
    case .seconds:
      let units: [(Double, String)] = [(3600, "h"), (60, "min"), (1, "s"), (0.001, "ms")]
      // Whole multiples below 2 of a unit read better in the smaller one: 90 s, not 1.5 min.
      let (factor, symbol) = units.first { size >= ($0.0 == 1 ? 1 : 2 * $0.0) } ?? (0.001, "ms")
      return size == 0
        ? Unit(factor: 1, suffix: Self.space + "s")
        : Unit(factor: factor, suffix: Self.space + symbol)
    case .bytes:
      let symbols = ["B", "KiB", "MiB", "GiB", "TiB"]
      var (factor, index) = (1.0, 0)
      while size >= factor * 1024, index + 1 < symbols.count {
        factor *= 1024
        index += 1
      }
      return Unit(factor: factor, suffix: Self.space + symbols[index])
    }
  }

  /// The unit for several values to compare, of which this is the largest.
  ///
  /// A larger unit would leave the small ones with too few digits: 0.5 of 2.1 GiB.
  func sharedUnit(for largest: Double) -> Unit {
    unit(for: self == .bytes ? largest / 4 : largest)
  }

  /// A value in a unit chosen for several; a zero needs no decimals.
  func label(_ value: Double, in unit: Unit, decimals: Int) -> String {
    Self.number(value / unit.factor, decimals: value == 0 ? 0 : decimals) + unit.suffix
  }

  /// A value on its own, to about three significant digits: `612 MiB`, `1.24 GiB`, `69.3 %`.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let unit = unit(for: value)
    let scaled = abs(value / unit.factor)
    let decimals =
      switch self {
      case .percent: 1
      case .bytes where unit.factor == 1: 0
      default: scaled >= 100 || scaled.rounded() == scaled ? 0 : scaled >= 10 ? 1 : 2
      }
    return label(value, in: unit, decimals: decimals)
  }

  /// A number with a fixed count of decimals, thousands grouped by commas and a true minus sign.
  static func number(_ value: Double, decimals: Int) -> String {
    guard abs(value) < 1e15 else { return String(format: "%.2e", value) }
    let digits = String(format: "%.\(max(0, decimals))f", abs(value))
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    var whole = ""
    for (index, digit) in (parts.first ?? "0").reversed().enumerated() {
      if index > 0, index % 3 == 0 { whole.append(",") }
      whole.append(digit)
    }
    let body = String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
    let isZero = !body.contains { ("1"..."9").contains($0) }
    return (value < 0 && !isZero ? "−" : "") + body
  }
}
