/// A rendered chart.
package struct ChartImage: Hashable, Sendable {
  /// The file's bytes; two device pixels per CSS pixel.
  package let png: [UInt8]
  /// In CSS pixels, for the `width` attribute.
  package let width: Int
  /// In CSS pixels, for the `height` attribute.
  package let height: Int
}
