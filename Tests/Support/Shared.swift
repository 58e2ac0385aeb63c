package import Foundation

/// The folder of real data that some tests read; absent on a machine without it.
package enum SharedData {
  /// `../shared` beside the checkout, or nil where there is none.
  package static let folder: URL? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared = root.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: shared.appendingPathComponent("data").path)
      ? shared : nil
  }()

  /// Whether the real data is here; use in `.enabled(if: SharedData.isPresent)`.
  package static var isPresent: Bool { folder != nil }

  /// A file or folder below `../shared/data`.
  package static func data(_ path: String) -> URL {
    (folder ?? URL(fileURLWithPath: "/nonexistent")).appendingPathComponent("data/\(path)")
  }
}
