/// A colour with a coverage: 1 hides what lies behind it, 0 leaves it as it is.
struct Ink: Hashable, Sendable {
  let color: Color
  let opacity: Double

  init(_ color: Color, opacity: Double = 1) {
    self.color = color
    self.opacity = opacity
  }
}
