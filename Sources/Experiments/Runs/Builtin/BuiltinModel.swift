package import Engine
package import Foundation

/// The models that ship with the program.
package enum BuiltinModel: String, CaseIterable, Sendable {
  case small = "builtin"

  /// The folder of a model's name or path on a command line.
  ///
  /// - Parameters:
  ///   - name: `builtin`, the path of a Hugging Face folder, or the name of a model of the hub that
  ///   has been downloaded; `./builtin` is a folder of that name.
  ///   - folder: Where a path leads; nil for the current folder.
  /// - Returns: The folder.
  /// - Throws: `CheckpointError` when the built-in model is not there, or the hub's is not downloaded.
  package static func folder(
    of name: String, at folder: URL? = nil
  ) throws(CheckpointError) -> URL {
    if let builtin = BuiltinModel(rawValue: name) { return try builtin.folder() }
    return try HubCache().place(
      of: name, at: folder ?? URL(fileURLWithPath: name, isDirectory: true))
  }

  /// The Hugging Face folder of the model.
  ///
  /// - Throws: `CheckpointError` when it is not there.
  package func folder() throws(CheckpointError) -> URL {
    guard let folder = ShippedFiles.url("models/\(rawValue)") else {
      throw CheckpointError(
        .missing, file: rawValue, "the built-in model is not installed",
        help:
          "keep ftreport_Experiments.resources beside the program, or name a Hugging Face folder")
    }
    return folder
  }

  /// The text of the recipe the model was made by.
  ///
  /// - Throws: `CheckpointError` when it is not there.
  package func recipe() throws(CheckpointError) -> URL {
    guard let file = ShippedFiles.url("recipes/\(rawValue).yml") else {
      throw CheckpointError(
        .missing, file: rawValue, "the recipe of the built-in model is not installed",
        help: "keep ftreport_Experiments.resources beside the program, or give a --recipe")
    }
    return file
  }
}

/// The files that ship with the program.
///
/// Looked up here, because `Bundle.module` ends the process if there are none.
enum ShippedFiles {
  private static let bundle = "ftreport_Experiments.resources"

  /// A file or folder that ships, wherever the program was started from; nil where it is missing.
  static func url(_ path: String) -> URL? {
    folders.lazy.map { $0.appendingPathComponent(path) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Beside the executable, in `share` of where it is installed, and in the checkout it was built from.
  private static let folders: [URL] = {
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    let beside = URL(fileURLWithPath: program).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    return [
      beside.appendingPathComponent("\(bundle)/Resources"),
      Bundle.main.bundleURL.appendingPathComponent("\(bundle)/Resources"),
      beside.deletingLastPathComponent().appendingPathComponent("share/ftreport"),
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Resources"),
    ]
  }()
}
