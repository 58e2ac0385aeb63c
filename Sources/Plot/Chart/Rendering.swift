extension Chart {
  /// Draws the chart.
  ///
  /// The same chart, theme, width and ``rendererVersion`` give the same bytes on one machine; another
  /// version of FreeType or of the font may move a few pixels.
  ///
  /// - Parameters:
  ///   - theme: The page it is for; the background is solid and equal to the page's.
  ///   - width: In CSS pixels, 240 to 2400. Below 520, panels go below each other.
  /// - Returns: A PNG of at most 256 colours, two device pixels per CSS pixel.
  /// - Throws: ``PlotError`` for a chart that has no picture, or a machine without fonts.
  package func rendered(theme: Theme, width: Int = 720) throws(PlotError) -> ChartImage {
    let typesetter = try Typesetter(scale: Double(Canvas.density))
    let list = try displayList(theme: theme, width: width, metrics: typesetter.metrics)
    let png = try Canvas(typesetter: typesetter).png(of: list)
    return ChartImage(png: png, width: width, height: Int(list.height))
  }

  /// The pure stages: scales, layout, display list.
  func displayList(
    theme: Theme, width: Int, metrics: TextMetrics
  ) throws(PlotError) -> DisplayList {
    try ChartLayout(self, theme: theme, width: width, metrics: metrics).displayList()
  }
}

/// A rendered chart.
package struct ChartImage: Hashable, Sendable {
  /// The file's bytes; two device pixels per CSS pixel.
  package let png: [UInt8]
  /// In CSS pixels, for the `width` attribute.
  package let width: Int
  /// In CSS pixels, for the `height` attribute.
  package let height: Int
}

/// The version of everything between a chart and its pixels.
///
/// A cache of rendered charts keys on it beside ``Chart/canonicalText``; it is raised whenever the
/// same chart would come out as other bytes.
package let rendererVersion = 1
