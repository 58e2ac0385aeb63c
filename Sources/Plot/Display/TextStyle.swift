/// The size and weight of a text.
struct TextStyle: Hashable, Sendable {
  enum Weight: String, Hashable, Sendable {
    case regular
    case medium
    case semibold
  }

  /// In CSS pixels.
  let size: Double
  let weight: Weight

  /// Panel titles.
  static let heading = TextStyle(size: 13, weight: .semibold)
  /// Legends, direct labels and names.
  static let label = TextStyle(size: 12.5, weight: .medium)
  /// Axis titles.
  static let title = TextStyle(size: 12.5, weight: .regular)
  /// Ticks, rules and notes.
  static let tick = TextStyle(size: 12, weight: .regular)

  /// How far capitals rise above the baseline.
  var capHeight: Double { size * 0.73 }
  /// How far letters hang below the baseline.
  var descent: Double { size * 0.22 }
}
