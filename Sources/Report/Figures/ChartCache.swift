package import Foundation

/// Keeps drawn charts between builds.
package protocol ChartCache: Sendable {
  /// The PNG file kept under a key; nil if there is none.
  func picture(for key: String) -> Data?

  /// Keeps a PNG file. A cache that cannot may forget it: the next build draws it again.
  func keep(_ picture: Data, for key: String)
}

/// Charts as files named by their keys.
///
/// Files are written whole or not at all, so that builds may share a folder; one that is cut short
/// or is no PNG counts as absent.
package struct FolderChartCache: ChartCache {
  private let folder: URL

  /// A cache in a folder, which is made when the first chart is kept.
  package init(_ folder: URL) { self.folder = folder }

  package func picture(for key: String) -> Data? {
    guard let data = try? Data(contentsOf: file(key)), PictureSize(ofPNG: data) != nil else {
      return nil
    }
    return data
  }

  package func keep(_ picture: Data, for key: String) {
    let files = FileManager.default
    try? files.createDirectory(at: folder, withIntermediateDirectories: true)
    try? picture.write(to: file(key), options: .atomic)
  }

  private func file(_ key: String) -> URL { folder.appendingPathComponent("\(key).png") }
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
