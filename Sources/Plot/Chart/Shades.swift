/// How a heat map turns values into shades, and writes them.
package struct Shades: Hashable, Sendable {
  /// The faintest and the strongest shade's values.
  package var domain: ClosedRange<Double>
  /// How a value reads in its cell.
  package var format: ValueFormat

  package init(domain: ClosedRange<Double>, format: ValueFormat) {
    self.domain = domain
    self.format = format
  }

  /// A value as its cell shows it: percents without the sign, which a caption can say once.
  func text(_ value: Double) -> String {
    format == .percent
      ? ValueFormat.number(100 * value, decimals: 1) : format.text(value)
  }

  /// The shade of a value: one hue, away from the page as values grow.
  func color(of value: Double, on theme: Theme) -> Color {
    let span = domain.upperBound - domain.lowerBound
    let share = span > 0 ? min(1, max(0, (value - domain.lowerBound) / span)) : 0.5
    let (faint, strong) = theme == .light ? (0.95, 0.42) : (0.27, 0.8)
    return Color(
      PerceptualColor(
        lightness: faint + (strong - faint) * share, chroma: 0.03 + 0.09 * share, hue: 4.45))
  }
}
