/// Knows how wide texts are, without drawing them.
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
