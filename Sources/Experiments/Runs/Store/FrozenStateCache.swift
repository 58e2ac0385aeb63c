import Formats
package import Foundation
import Synchronization

/// Keeps frozen states in a folder of bounded size; what was kept longest ago makes room.
package final class FrozenStateCache: KeptStates {
  private let folder: URL
  private let files: StateFolder
  /// Bytes of all files together.
  private let limit: Int
  /// Bytes kept since the folder's size was last looked at.
  private let added: Mutex<Int>

  /// Of an all-layer MiniLM about 50,000 short texts.
  package static let usualLimit = 512 << 20
  private static let pathExtension = "states"

  /// - Parameters:
  ///   - folder: Made when the first states are kept.
  ///   - limit: Most bytes of all files.
  package init(_ folder: URL, limit: Int = usualLimit) {
    self.folder = folder
    self.limit = limit
    // Damaged states are computed again.
    files = StateFolder(folder, pathExtension: Self.pathExtension) { _ in }
    // So that the first keeper looks.
    added = Mutex(limit)
  }

  package func contents(for key: String) -> Data? { files.contents(for: key) }

  package func keep(_ contents: Data, for key: String) {
    guard contents.count < limit / 2 else { return }
    let isDue = added.withLock { added in
      added += contents.count
      guard added > limit / 16 else { return false }
      added = 0
      return true
    }
    if isDue { makeRoom(for: contents.count) }
    files.keep(contents, for: key)
  }

  /// Removes the oldest files until a sixteenth of the limit is free.
  private func makeRoom(for bytes: Int) {
    let keys: [URLResourceKey] = [.fileSizeKey, .contentModificationDateKey]
    let found =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: keys))
      ?? []
    var kept: [(url: URL, date: Date, size: Int)] = []
    for url in found where url.pathExtension == Self.pathExtension {
      guard let values = try? url.resourceValues(forKeys: Set(keys)), let size = values.fileSize
      else { continue }
      kept.append((url, values.contentModificationDate ?? .distantPast, size))
    }
    var total = kept.reduce(bytes + limit / 16) { $0 + $1.size }
    for file in kept.sorted(by: { ($0.date, $0.url.path) < ($1.date, $1.url.path) }) {
      guard total > limit else { break }
      try? FileManager.default.removeItem(at: file.url)
      total -= file.size
    }
  }
}
