import Crypto
import Experiments
package import Formats
package import Foundation
import Plot

/// A picture that could not be drawn.
package struct RenderingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Of the chart block.
  package let label: String
  package let position: SourcePosition
  /// What went wrong and what to do about it.
  package let reason: String

  package var description: String { "\(position): error: figure '\(label)': \(reason)" }
}

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
    return SHA256.hash(data: Data(text.utf8)).hexadecimal
  }
}

/// Keeps drawn charts between builds.
package protocol ChartCache: Sendable {
  /// The PNG file kept under a key; nil if there is none.
  func picture(for key: String) -> Data?

  /// Keeps a PNG file. A cache that cannot may drop it: the next build draws it again.
  func keep(_ picture: Data, for key: String)
}

/// Charts as files named by their keys.
struct FolderChartCache: ChartCache {
  private let files: StateFolder

  /// A cache in a folder, which is made when the first chart is kept.
  ///
  /// - Parameters:
  ///   - folder: Of the charts.
  ///   - damaged: Called with a chart's file that is not as it was written; the chart is drawn again.
  package init(_ folder: URL, damaged: @escaping @Sendable (URL) -> Void = { _ in }) {
    files = StateFolder(folder, pathExtension: "chart", damaged: damaged)
  }

  func picture(for key: String) -> Data? { files.contents(for: key) }

  package func keep(_ picture: Data, for key: String) { files.keep(picture, for: key) }
}

/// Width and height of a complete PNG file, in its own pixels.
struct PictureSize: Hashable, Sendable {
  let width: Int
  let height: Int

  /// Reads the header; nil for anything but a PNG file with both its ends.
  init?(ofPNG data: Data) {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let end: [UInt8] = [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]
    guard data.count >= 33, data.starts(with: signature), data.suffix(8).elementsEqual(end) else {
      return nil
    }
    // IHDR is first: its width and height are big-endian at bytes 16 and 20.
    func number(at offset: Int) -> Int {
      data.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    width = number(at: 16)
    height = number(at: 20)
  }
}
