/// What a reader can afford.
struct Budget: Hashable, Sendable {
  /// Examples at hand.
  let examples: Int
  /// Bytes at the peak; nil for any.
  let memory: Double?
  /// Seconds of a whole run, training and evaluation; nil for any.
  let seconds: Double?

  /// "at most 512 MiB and 30 s"; nil where neither matters.
  var words: String? {
    let parts = [
      memory.map { Self.words($0, ValueFormat(.bytes)) },
      seconds.map { Self.words($0, ValueFormat(.seconds)) },
    ].compactMap(\.self)
    return parts.isEmpty ? nil : "at most \(parts.joined(separator: " and "))"
  }

  /// "512 MiB"; whole numbers without a decimal.
  private static func words(_ amount: Double, _ format: ValueFormat) -> String {
    format.string(amount).replacing(".0\u{A0}", with: "\u{A0}")
  }

  /// Budgets that set some measured methods apart: what a quarter, half and three quarters of them
  /// need, rounded up to two digits, and any.
  ///
  /// - Parameter peaks: Bytes, one a method.
  /// - Returns: Ascending; nil stands for any.
  static func memoryLevels(of peaks: [Double]) -> [Double?] {
    let sorted = peaks.sorted()
    guard let most = sorted.last else { return [nil] }
    var levels: [Double] = []
    for quarter in 1...3 {
      let level = roundedUp(sorted[(sorted.count * quarter + 3) / 4 - 1])
      if level < most, levels.last.map({ $0 < level }) ?? true { levels.append(level) }
    }
    return levels + [nil]
  }

  /// The next amount of two digits in its unit: 546.3 MiB becomes 550 MiB.
  static func roundedUp(_ bytes: Double) -> Double {
    var unit = 1.0
    while bytes / unit >= 1024 { unit *= 1024 }
    var step = unit
    while bytes / step >= 100 { step *= 10 }
    while bytes / step < 10, step > 1 { step /= 10 }
    return (bytes / step).rounded(.up) * step
  }
}
