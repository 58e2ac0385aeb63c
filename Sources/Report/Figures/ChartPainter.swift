import Crypto
import Foundation
import Plot

/// Draws charts for light and dark pages, unless a cache has them.
struct ChartPainter {
  /// Fits the text column of a wide page, in CSS pixels.
  static let wideWidth = 780
  /// Fits a phone, in CSS pixels.
  static let narrowWidth = 350

  let cache: (any ChartCache)?

  /// One chart in both themes.
  ///
  /// - Parameters:
  ///   - chart: What to draw.
  ///   - width: In CSS pixels.
  /// - Returns: Both pictures with their size.
  /// - Throws: `PlotError` for a chart that has no picture, or a machine without fonts.
  func picture(of chart: Chart, width: Int) throws -> FigureComponent.Picture {
    let light = try drawn(chart, .light, width: width)
    let dark = try drawn(chart, .dark, width: width)
    let size = PictureSize(ofPNG: light)
    // Files hold two pixels for each of the page's.
    return FigureComponent.Picture(
      light: light, dark: dark, width: width, height: (size?.height ?? 0) / 2)
  }

  private func drawn(_ chart: Chart, _ theme: Theme, width: Int) throws -> Data {
    let key = Self.key(chart, theme, width: width)
    if let known = cache?.picture(for: key) { return known }
    let picture = Data(try chart.rendered(theme: theme, width: width).png)
    cache?.keep(picture, for: key)
    return picture
  }

  /// SHA-256 of everything that can change the picture, in hexadecimal.
  static func key(_ chart: Chart, _ theme: Theme, width: Int) -> String {
    let text = "chart \(rendererVersion) \(theme.rawValue) \(width)\n\(chart.canonicalText)"
    return SHA256.hash(data: Data(text.utf8)).map { String(hexByte: $0) }.joined()
  }
}

extension String {
  fileprivate init(hexByte byte: UInt8) {
    self = (byte < 16 ? "0" : "") + Self(byte, radix: 16)
  }
}
