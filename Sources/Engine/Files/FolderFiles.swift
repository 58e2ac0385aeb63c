import Foundation

/// The small files of a model's folder, each of which is written complete or not at all.
enum FolderFiles {
  /// What a model's architecture is read from.
  static let configurationName = "config.json"

  static func makeFolder(_ folder: URL) throws(CheckpointError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw failure(folder, error)
    }
  }

  static func write(_ text: String, to file: URL) throws(CheckpointError) {
    try write(Array(text.utf8), to: file)
  }

  /// Copies files under their names, except a file onto itself.
  static func copy(_ files: [URL], to folder: URL) throws(CheckpointError) {
    for file in files {
      let target = folder.appendingPathComponent(file.lastPathComponent)
      guard target.standardizedFileURL != file.standardizedFileURL else { continue }
      try write(try FileBytes.read(file), to: target)
    }
  }

  private static func write(_ bytes: [UInt8], to file: URL) throws(CheckpointError) {
    do {
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw failure(file, error)
    }
  }

  private static func failure(_ url: URL, _ error: any Error) -> CheckpointError {
    CheckpointError(
      .unwritable, file: url.path, "cannot be written: \(error.localizedDescription)",
      help: "check that the folder exists, is writable and has enough space")
  }
}
