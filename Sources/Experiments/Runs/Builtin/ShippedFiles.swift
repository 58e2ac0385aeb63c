import Foundation

/// The files that ship with the program.
///
/// Looked for by hand, because `Bundle.module` ends the process where there are none.
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
