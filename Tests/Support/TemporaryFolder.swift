package import Foundation

/// A folder of its own for one test, removed with its last reference.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("ftreport-tests-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Where a file of the folder is or would be.
  package func file(_ path: String) -> URL { url.appendingPathComponent(path) }

  /// Writes a file and the folders above it.
  package func write(_ bytes: Data, to path: String) throws {
    let file = file(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
  }

  package func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  package func text(of path: String) throws -> String {
    try String(contentsOf: file(path), encoding: .utf8)
  }

  /// Replaces a text that a file must have.
  package func replace(_ old: String, with new: String, in path: String) throws {
    let text = try text(of: path)
    precondition(text.contains(old), "\(path) does not contain '\(old)'")
    try write(text.replacingOccurrences(of: old, with: new), to: path)
  }
}
