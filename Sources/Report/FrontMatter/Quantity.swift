import Formats

/// An amount with a unit as sources write it: `512 MiB`, `1.5 GB`, `90 s`, `2 min`.
package enum Quantity {
  static let byteUnits: [(name: String, factor: Double)] = [
    ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ("TiB", 1_099_511_627_776), ("KB", 1e3), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
  ]
  static let secondUnits: [(name: String, factor: Double)] = [
    ("ms", 0.001), ("s", 1), ("min", 60), ("h", 3600),
  ]

  /// Reads a positive amount; one without a unit is in the base unit.
  static func read(_ text: String, units: [(name: String, factor: Double)]) -> Double? {
    let trimmed = String(text.unicodeScalars.filter { $0 != " " && $0 != "\u{A0}" })
    let unit = units.filter { trimmed.ends(withBytes: $0.name) }
      .max { $0.name.utf8.count < $1.name.utf8.count }
    let digits = trimmed.dropping(lastBytes: unit?.name.utf8.count ?? 0)
    guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
    return number * (unit?.factor ?? 1)
  }

  /// Reads bytes with their unit.
  ///
  /// - Parameter text: Such as `512MB` or `2 GiB`.
  /// - Returns: Whole bytes; nil for anything else, a number without a unit among it.
  package static func bytes(_ text: String) -> Int? {
    guard text.ends(withBytes: "B"), let amount = read(text, units: byteUnits), amount < 1e18 else {
      return nil
    }
    return Int(amount)
  }

  /// Reads seconds with their unit.
  ///
  /// - Parameter text: Such as `90s` or `5 min`.
  /// - Returns: Seconds; nil for anything else, a number without a unit among it.
  package static func seconds(_ text: String) -> Double? {
    guard secondUnits.contains(where: { text.ends(withBytes: $0.name) }) else { return nil }
    return read(text, units: secondUnits)
  }
}
