/// How one name looks wherever it appears.
package struct SeriesStyle: Hashable, Sendable {
  /// Its colour on a light page.
  package let light: Color
  /// Its colour on a dark page.
  package let dark: Color
  /// The shape of its points.
  package let marker: MarkerShape

  /// The colour on a page of this theme.
  package func color(_ theme: Theme) -> Color { theme == .light ? light : dark }

  /// A member of the style's family: the same hue, shaded, with a marker of its own.
  ///
  /// - Parameters:
  ///   - level: 0 (nearest the page) to 1 (farthest from it).
  ///   - marker: The member's marker.
  /// - Returns: The member's style.
  func variant(level: Double, marker: MarkerShape) -> SeriesStyle {
    SeriesStyle(
      light: Self.shaded(light, lightness: 0.70 - 0.40 * level, turn: 1.3 * (0.5 - level)),
      dark: Self.shaded(dark, lightness: 0.50 + 0.40 * level, turn: 1.3 * (0.5 - level)),
      marker: marker)
  }

  /// The hue turns a little with the shade, as in sequential scales, to widen the differences.
  private static func shaded(_ color: Color, lightness: Double, turn: Double) -> Color {
    var shade = color.perceptual
    shade.lightness = lightness
    shade.hue += turn
    return Color(shade)
  }
}
