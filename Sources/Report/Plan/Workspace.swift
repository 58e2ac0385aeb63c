import Formats
package import Foundation

/// Where a source keeps its results and finds what it names.
package struct Workspace: Hashable, Sendable {
  /// The folder of the source, which its paths are relative to.
  package let sourceFolder: URL
  /// The folder the command runs in.
  let currentFolder: URL
  /// `.ftreport`: the results database, the chart cache and what is known of tasks' examples.
  let stateFolder: URL
  /// Folders besides the source's that pictures may come from.
  let allowedFolders: [URL]

  /// Finds the state of a source.
  ///
  /// State lies in the nearest folder above the source that has some already; else in the current
  /// folder when the source is below it, and beside the source otherwise.
  package init(source: URL, currentFolder: URL, allowedFolders: [URL] = []) {
    self.allowedFolders = allowedFolders
    sourceFolder = source.standardizedFileURL.deletingLastPathComponent()
    self.currentFolder = currentFolder.standardizedFileURL
    let isBelow = (sourceFolder.path + "/").starts(withBytes: self.currentFolder.path + "/")
    stateFolder =
      StateFolder.nearest(above: source)
      ?? (isBelow ? self.currentFolder : sourceFolder)
      .appendingPathComponent(StateFolder.name, isDirectory: true)
  }

  package var database: URL { stateFolder.appendingPathComponent("results.sqlite") }
  package var chartCache: URL { stateFolder.appendingPathComponent("charts", isDirectory: true) }
  package var frozenStates: URL { stateFolder.appendingPathComponent("states", isDirectory: true) }
  var taskFacts: URL { stateFolder.appendingPathComponent("tasks", isDirectory: true) }

  /// The folder a source's path means: relative to the source, or to the current folder as on a
  /// command line.
  ///
  /// - Parameter path: As written.
  /// - Returns: The first that exists, else the one beside the source.
  package func folder(_ path: String) -> URL { place(path, isFolder: true) }

  /// The file a source's path means, found as a folder is.
  package func file(_ path: String) -> URL { place(path, isFolder: false) }

  /// A file's path for messages: relative to the current folder if it is below that.
  func shownPath(_ url: URL) -> String {
    let prefix = currentFolder.path + "/"
    return url.path.starts(withBytes: prefix)
      ? String(url.path.dropping(firstBytes: prefix.utf8.count)) : url.path
  }

  /// What a command in the current folder calls something that a source names: the path of a file or
  /// folder that is there, else the name itself.
  package func shownName(_ name: String) -> String {
    let url = file(name)
    return FileManager.default.fileExists(atPath: url.path) ? shownPath(url) : name
  }

  private func place(_ path: String, isFolder: Bool) -> URL {
    let candidates = [sourceFolder, currentFolder].map {
      URL(fileURLWithPath: path, isDirectory: isFolder, relativeTo: $0).standardizedFileURL
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates[0]
  }
}

/// Paths as the file system sees them.
enum RealPath {
  /// A path without symbolic links, `.` and `..`; nil for one that leads nowhere.
  static func of(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether a path without links is below a folder.
  static func isInside(_ path: String, _ folder: URL) -> Bool {
    guard let root = of(folder.path) else { return false }
    return path.starts(withBytes: root.ends(withBytes: "/") ? root : root + "/")
  }
}
