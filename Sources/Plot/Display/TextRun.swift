/// A line of text at a place.
struct TextRun: Hashable, Sendable {
  enum Alignment: String, Hashable, Sendable {
    case leading
    case center
    case trailing
  }

  var text: String
  /// The place on the baseline that the alignment refers to.
  var anchor: Position
  var alignment: Alignment
  var style: TextStyle
  var color: Color
  /// The colour of an outline that keeps the text legible over lines, or nil.
  var halo: Color?

  init(
    _ text: String, at anchor: Position, _ alignment: Alignment = .leading, style: TextStyle,
    color: Color, halo: Color? = nil
  ) {
    self.text = text
    self.anchor = anchor
    self.alignment = alignment
    self.style = style
    self.color = color
    self.halo = halo
  }

  /// The place where the text starts.
  func leading(width: Double) -> Double {
    switch alignment {
    case .leading: anchor.x
    case .center: anchor.x - width / 2
    case .trailing: anchor.x - width
    }
  }

  /// The box that the text's ink stays within.
  func bounds(_ metrics: TextMetrics) -> Rectangle {
    let width = metrics.width(of: text, style)
    return Rectangle(
      x: leading(width: width), y: anchor.y - style.capHeight, width: width,
      height: style.capHeight + style.descent)
  }
}

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

/// Measures the width of texts without drawing them.
struct TextMetrics: Sendable {
  private let measure: @Sendable (String, TextStyle) -> Double

  init(_ measure: @escaping @Sendable (String, TextStyle) -> Double) {
    self.measure = measure
  }

  /// The width of one line in CSS pixels.
  func width(of text: String, _ style: TextStyle) -> Double {
    text.isEmpty ? 0 : measure(text, style)
  }

  /// The text, shortened with an ellipsis where it is wider than allowed.
  func fitted(_ text: String, _ style: TextStyle, width: Double) -> String {
    guard self.width(of: text, style) > width else { return text }
    var kept = Substring(text)
    while !kept.isEmpty, self.width(of: kept + "…", style) > width { kept.removeLast() }
    return kept + "…"
  }

  /// The text broken after spaces, dashes and slashes, or nil where a piece is too wide.
  func wrapped(_ text: String, _ style: TextStyle, width: Double, lines: Int) -> [String]? {
    var rows: [String] = []
    var current = ""
    for piece in Self.pieces(of: text) {
      let joined = current + piece
      if self.width(of: Self.trimmed(joined), style) <= width {
        current = joined
      } else {
        if !current.isEmpty { rows.append(Self.trimmed(current)) }
        guard self.width(of: Self.trimmed(piece), style) <= width else { return nil }
        current = piece
      }
    }
    rows.append(Self.trimmed(current))
    return rows.count <= lines ? rows : nil
  }

  private func width(of text: Substring, _ style: TextStyle) -> Double {
    width(of: String(text), style)
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func pieces(of text: String) -> [String] {
    var pieces = [""]
    for character in text {
      pieces[pieces.count - 1].append(character)
      if " -/".contains(character) { pieces.append("") }
    }
    return pieces.filter { !$0.isEmpty }
  }
}
