import Crypto
package import Foundation

/// Files by key in a folder beside the results, each with a digest of its key and contents at its end.
///
/// Readers of pictures ignore what follows one. Files are written whole or not at all, so
/// that builds may share a folder. One that is not as it was written counts as missing.
package struct StateFolder: Sendable {
  private let folder: URL
  private let pathExtension: String
  private let damaged: @Sendable (URL) -> Void

  /// The text before the digest.
  private static let mark = Data("ftreport sha256 ".utf8)

  /// - Parameters:
  ///   - folder: Made when the first file is kept.
  ///   - pathExtension: Of all files.
  ///   - damaged: Called with a file that is not as it was written.
  package init(
    _ folder: URL, pathExtension: String, damaged: @escaping @Sendable (URL) -> Void
  ) {
    self.folder = folder
    self.pathExtension = pathExtension
    self.damaged = damaged
  }

  /// What programs keep beside the sources or the data that they are about.
  package static let name = ".ftreport"

  /// The nearest folder above a file that has state already; nil where none has.
  package static func nearest(above file: URL) -> URL? {
    var folder = file.standardizedFileURL.deletingLastPathComponent()
    while true {
      let candidate = folder.appendingPathComponent(name, isDirectory: true)
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
      let parent = folder.deletingLastPathComponent().standardizedFileURL
      guard parent.path != folder.path else { return nil }
      folder = parent
    }
  }

  /// What was kept under a key; nil if there is nothing.
  package func contents(for key: String) -> Data? {
    let file = file(key)
    guard let data = try? Data(contentsOf: file) else { return nil }
    let tail = data.suffix(Self.mark.count + SHA256.byteCount)
    let contents = data.dropLast(tail.count)
    guard tail == Self.mark + Self.digest(key, contents) else {
      damaged(file)
      return nil
    }
    return Data(contents)
  }

  /// Keeps contents under a key; where that fails they are made again another time.
  package func keep(_ contents: Data, for key: String) {
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? (contents + Self.mark + Self.digest(key, contents)).write(
      to: file(key), options: .atomic)
  }

  private func file(_ key: String) -> URL {
    folder.appendingPathComponent("\(key).\(pathExtension)")
  }

  private static func digest(_ key: String, _ contents: Data) -> Data {
    var hash = SHA256()
    hash.update(data: Data("\(key)\n".utf8))
    hash.update(data: contents)
    return Data(hash.finalize())
  }
}
