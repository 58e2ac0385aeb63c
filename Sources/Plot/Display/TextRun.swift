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
