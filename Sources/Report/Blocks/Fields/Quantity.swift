import Formats
import Foundation

/// An amount with a unit as sources write it: `512 MiB`, `1.5 GB`, `90 s`, `2 min`.
enum Quantity {
  static let byteUnits: [(name: String, factor: Double)] = [
    ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ("TiB", 1_099_511_627_776), ("KB", 1e3), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
  ]
  static let secondUnits: [(name: String, factor: Double)] = [
    ("ms", 0.001), ("s", 1), ("min", 60), ("h", 3600),
  ]

  /// Reads a positive amount; one without a unit is in the base unit.
  static func read(_ text: String, units: [(name: String, factor: Double)]) -> Double? {
    let trimmed = text.filter { $0 != " " && $0 != "\u{A0}" }
    let unit = units.filter { trimmed.hasSuffix($0.name) }.max { $0.name.count < $1.name.count }
    let digits = unit.map { String(trimmed.dropLast($0.name.count)) } ?? trimmed
    guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
    return number * (unit?.factor ?? 1)
  }
}

extension FieldReader {
  /// One amount or a list of them, ascending and each once.
  mutating func quantities(
    _ key: String, units: [(name: String, factor: Double)], like example: String
  ) -> [Double]? {
    guard let value = value(key) else { return nil }
    let values: [YAMLValue] = if case .list(let list) = value.content { list } else { [value] }
    var amounts: Set<Double> = []
    for value in values {
      switch value.content {
      case .integer, .number, .text:
        if let amount = Quantity.read(value.source.text, units: units) {
          amounts.insert(amount)
          continue
        }
      default: break
      }
      reportInvalid(key, value, wants: "amounts such as \(example)")
    }
    return amounts.isEmpty ? nil : amounts.sorted()
  }
}
