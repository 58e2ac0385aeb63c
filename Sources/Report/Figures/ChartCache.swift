import Experiments
package import Foundation

/// Keeps drawn charts between builds.
package protocol ChartCache: Sendable {
  /// The PNG file kept under a key; nil if there is none.
  func picture(for key: String) -> Data?

  /// Keeps a PNG file. A cache that cannot may forget it: the next build draws it again.
  func keep(_ picture: Data, for key: String)
}

/// Charts as files named by their keys.
package struct FolderChartCache: ChartCache {
  private let files: StateFolder

  /// A cache in a folder, which is made when the first chart is kept.
  ///
  /// - Parameters:
  ///   - folder: Of the charts.
  ///   - damaged: Called with a chart's file that is not as it was written; the chart is drawn again.
  package init(_ folder: URL, damaged: @escaping @Sendable (URL) -> Void = { _ in }) {
    files = StateFolder(folder, pathExtension: "png", damaged: damaged)
  }

  package func picture(for key: String) -> Data? { files.contents(for: key) }

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
    // IHDR stands first: its width and height are big-endian at bytes 16 and 20.
    func number(at offset: Int) -> Int {
      data.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    width = number(at: 16)
    height = number(at: 20)
  }
}
