package import Engine
package import Foundation

/// A model as Hugging Face's hub names it: `org/name`, or `org/name@revision`.
package struct HubModel: Hashable, Sendable {
  /// `org/name`; old models have no organisation.
  package let id: String
  /// A branch, a tag or a commit.
  package let revision: String

  package static let defaultRevision = "main"

  /// Reads a name; nil for what the hub would not take for one, such as an absolute path.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = names.allSatisfy { name in
      let bytes = name.utf8
      guard let first = bytes.first, let last = bytes.last else { return false }
      return !".-".utf8.contains(first) && !".-".utf8.contains(last)
        && bytes.allSatisfy { Self.isNameByte($0) }
    }
    guard (1...2).contains(names.count), isPlain else { return nil }
    let revision = parts.count == 2 ? String(parts[1]) : Self.defaultRevision
    let isRevision = revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(Self.isNameByte)
    }
    guard isRevision else { return nil }
    id = String(parts[0])
    self.revision = revision
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  /// Whether the name has an organisation, so that it is hardly meant as anything else.
  package var hasOrganisation: Bool { id.contains("/") }

  /// The name as a user writes it.
  package var name: String { revision == Self.defaultRevision ? id : "\(id)@\(revision)" }

  /// The name of the model's folder in the cache.
  var folderName: String { "models--" + id.split(separator: "/").joined(separator: "--") }
}

/// Where Transformers keeps the models that it has downloaded.
package struct HubCache: Hashable, Sendable {
  package let folder: URL

  package init(folder: URL) { self.folder = folder }

  /// The cache that Transformers uses: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else in
  /// `huggingface` in `XDG_CACHE_HOME` or `~/.cache`.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let own = environment["HF_HUB_CACHE"] ?? environment["HUGGINGFACE_HUB_CACHE"]
    folder =
      own.flatMap { $0.isEmpty ? nil : Self.expanded($0, environment) }
      ?? Self.home(environment).appendingPathComponent("hub", isDirectory: true)
  }

  /// The folder of the cache and the token: `HF_HOME`.
  static func home(_ environment: [String: String]) -> URL {
    if let home = environment["HF_HOME"], !home.isEmpty { return expanded(home, environment) }
    let caches = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "~/.cache"
    return expanded(caches, environment).appendingPathComponent("huggingface", isDirectory: true)
  }

  static func expanded(_ path: String, _ environment: [String: String]) -> URL {
    let home = environment["HOME"] ?? NSHomeDirectory()
    let isBelowHome = path == "~" || path.hasPrefix("~/")
    return URL(
      fileURLWithPath: isBelowHome ? home + path.dropFirst() : path, isDirectory: true)
  }

  /// The folder of everything that is kept of a model.
  func root(of model: HubModel) -> URL {
    folder.appendingPathComponent(model.folderName, isDirectory: true)
  }

  /// The files of a model's revision, if they have been downloaded.
  package func snapshot(of model: HubModel) -> URL? {
    Self.snapshot(in: root(of: model), revision: model.revision)
  }

  /// The files of a revision in a model's folder of the cache.
  static func snapshot(in root: URL, revision: String) -> URL? {
    let reference = root.appendingPathComponent("refs/\(revision)")
    let commit = (try? String(contentsOf: reference, encoding: .utf8)).map {
      $0.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let name = commit ?? revision
    guard !name.isEmpty, !name.contains("/"), name != ".." else { return nil }
    let folder = root.appendingPathComponent("snapshots/\(name)", isDirectory: true)
    return isFolder(folder) ? folder : nil
  }

  fileprivate static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

extension HubCache {
  /// The model's files behind what a user named, if that is not the folder itself.
  ///
  /// - Parameters:
  ///   - name: As written: a path, or a name on the hub.
  ///   - folder: Where the path leads, whether or not anything is there.
  /// - Returns: The folder itself; a snapshot where it is the root of a model in a cache, or where
  ///   nothing is there and the name is that of a model in this cache.
  /// - Throws: `CheckpointError` for a model of the hub that is not in the cache, with the command that
  ///   fetches it.
  package func place(of name: String, at folder: URL) throws(CheckpointError) -> URL {
    if FileManager.default.fileExists(atPath: folder.path) { return try Self.inner(folder) }
    guard let model = HubModel(name) else { return folder }
    if let snapshot = snapshot(of: model) { return snapshot }
    guard model.hasOrganisation else { return folder }
    throw CheckpointError(
      .missing, file: name, "there is no such folder, and the model is not in \(self.folder.path)",
      help: "'ftreport model fetch \(model.name)' downloads it from the hub")
  }

  private static func inner(_ folder: URL) throws(CheckpointError) -> URL {
    let snapshots = folder.appendingPathComponent("snapshots", isDirectory: true)
    let config = folder.appendingPathComponent("config.json")
    guard isFolder(snapshots), !FileManager.default.fileExists(atPath: config.path) else {
      return folder
    }
    if let snapshot = snapshot(in: folder, revision: HubModel.defaultRevision) { return snapshot }
    let all = ((try? FileManager.default.contentsOfDirectory(atPath: snapshots.path)) ?? [])
      .sorted()
    if all.count == 1 { return snapshots.appendingPathComponent(all[0], isDirectory: true) }
    throw CheckpointError(
      .missing, file: folder.path,
      "is a model's folder of the hub's cache with \(all.count) snapshots, none of them 'main'",
      help: all.isEmpty
        ? "fetch the model again: ftreport model fetch ID"
        : "name one of them: \(folder.path)/snapshots/\(all[0])")
  }
}
