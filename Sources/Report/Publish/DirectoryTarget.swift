import Formats
package import Foundation

/// Publishes to a folder of this machine.
///
/// The new version is written beside the old one, with everything else that the folder holds, and takes
/// its place in one step, so that readers and a kill at any moment find the old or the new version.
package struct DirectoryTarget: Sendable {
  private let folder: URL
  /// What messages call the folder.
  private let name: String
  private let version: String

  /// - Parameters:
  ///   - folder: Need not exist; a symbolic link is followed.
  ///   - name: As the user wrote it.
  ///   - version: Of this program.
  package init(_ folder: URL, name: String, version: String) {
    self.folder = URL(
      fileURLWithPath: RealPath.of(folder.path) ?? folder.standardizedFileURL.path,
      isDirectory: true)
    self.name = name
    self.version = version
  }

  /// Publishes reports.
  ///
  /// - Parameters:
  ///   - reports: With different names.
  ///   - sources: The sources' folders, which the target must not be or contain.
  ///   - isDry: Whether nothing is written.
  /// - Returns: The folder as it is then.
  /// - Throws: ``PublicationRefused``; the folder is as it was.
  package func publish(
    _ reports: [PublishableReport], sources: [URL], isDry: Bool
  ) throws(PublicationRefused) -> PublishedFolder {
    try check(sources)
    guard !isDry else { return try plan(reports) }
    let parent = folder.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw failed("its parent cannot be made: \(error.localizedDescription)")
    }
    // Two publications at once would each put back what the other has replaced. A kill frees the lock.
    let lock = open(parent.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw failed("its parent cannot be opened: \(Self.reason)") }
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      // A network file system may have no locks; publications to it must not overlap.
      guard errno == EINTR else { break }
    }
    removeLeftovers()
    let plan = try plan(reports)
    guard plan.hasChanges else { return plan }
    let copy = parent.appendingPathComponent("\(prefix)\(getpid())", isDirectory: true)
    do {
      try write(plan, to: copy)
      try swap(copy)
    } catch let error as FileError {
      try? FileManager.default.removeItem(at: copy)
      throw failed(error.message)
    } catch {
      try? FileManager.default.removeItem(at: copy)
      throw failed(error.localizedDescription)
    }
    fsync(lock)
    // The old version, after the swap.
    try? FileManager.default.removeItem(at: copy)
    return plan
  }

  /// What unfinished versions beside the folder begin with.
  private var prefix: String { ".\(folder.lastPathComponent).ftreport-" }

  private func plan(_ reports: [PublishableReport]) throws(PublicationRefused) -> PublishedFolder {
    let root = folder
    let contents = PublishedContents(
      names: (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? [],
      data: { path in
        let file = root.appendingPathComponent(path)
        return Self.isFile(file) ? try? Data(contentsOf: file) : nil
      },
      isBlocked: { path in
        let parts = path.split(atByte: "/")
        for count in 1...max(1, parts.count) {
          let place = root.appendingPathComponent(parts.prefix(count).joined(separator: "/"))
          guard let kind = Self.kind(of: place) else { return false }
          if kind != (count == parts.count ? S_IFREG : S_IFDIR) { return true }
        }
        return false
      })
    return try PublishedFolder(
      reports, over: contents, target: name, version: version, isSite: true)
  }

  /// Refuses folders that a swap would take away from under someone.
  private func check(_ sources: [URL]) throws(PublicationRefused) {
    let path = folder.path
    let here = FileManager.default.currentDirectoryPath
    let inside = (sources.map(\.path) + [here]).compactMap(RealPath.of).first {
      $0 == path || $0.starts(withBytes: path.ends(withBytes: "/") ? path : path + "/")
    }
    if inside != nil {
      throw PublicationRefused(
        at: name, "the folder contains the source or the current folder",
        help: "name a folder for published reports only, such as site")
    }
    if Self.kind(of: folder.appendingPathComponent(".git")) != nil {
      throw PublicationRefused(
        at: name, "the folder is a git working tree",
        help: "name a folder in it, or publish to a branch with --to git:BRANCH")
    }
    if let kind = Self.kind(of: folder), kind != S_IFDIR {
      throw PublicationRefused(at: name, "this is no folder", help: "name a folder")
    }
  }

  private func failed(_ why: String) -> PublicationRefused {
    PublicationRefused(
      at: name, "nothing was published: \(why)",
      help: "what was published before is as it was; check space and permissions")
  }

  private static var reason: String { String(cString: strerror(errno)) }
}

extension DirectoryTarget {
  private struct FileError: Error {
    let message: String

    /// What the system says about a path.
    init(_ path: String) { message = "\(path): \(DirectoryTarget.reason)" }
  }

  /// Of a version that is out of the way while another takes its place.
  private static let oldSuffix = "-old"

  /// Versions that a killed publication left; the lock says that none is being written.
  private func removeLeftovers() {
    let parent = folder.deletingLastPathComponent()
    let old = (try? FileManager.default.contentsOfDirectory(atPath: parent.path))?.first {
      $0.starts(withBytes: prefix) && $0.ends(withBytes: Self.oldSuffix)
    }
    if let old, Self.kind(of: folder) == nil {
      rename(parent.appendingPathComponent(old).path, folder.path)
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    where name.starts(withBytes: prefix) {
      try? FileManager.default.removeItem(at: parent.appendingPathComponent(name))
    }
  }

  /// Writes the whole new version, down to the disk.
  private func write(_ plan: PublishedFolder, to copy: URL) throws {
    let mode = Self.mode(of: folder) ?? 0o777 & ~Self.mask
    guard mkdir(copy.path, 0o700) == 0 else { throw FileError(copy.path) }
    let replaced = Set(plan.changes.filter { $0.value != .unchanged }.keys)
    try link(folder, to: copy, below: "", except: replaced)
    var folders: Set<String> = [copy.path]
    for file in plan.files where replaced.contains(file.path) {
      let target = copy.appendingPathComponent(file.path)
      let parent = target.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      folders.insert(parent.path)
      try Self.write(file.contents, to: target.path)
    }
    for path in folders.sorted().reversed() { try Self.sync(path) }
    guard chmod(copy.path, mode) == 0 else { throw FileError(copy.path) }
  }

  /// Puts what stays into the new version: the same files by other names, or copies of them.
  private func link(
    _ old: URL, to new: URL, below path: String, except replaced: Set<String>
  ) throws {
    guard Self.kind(of: old) == S_IFDIR else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: old.path) {
      let relative = path.isEmpty ? name : "\(path)/\(name)"
      guard !replaced.contains(relative) else { continue }
      let (from, to) = (old.appendingPathComponent(name), new.appendingPathComponent(name))
      if Self.kind(of: from) == S_IFDIR {
        guard mkdir(to.path, 0o700) == 0 else { throw FileError(to.path) }
        try link(from, to: to, below: relative, except: replaced)
        guard chmod(to.path, Self.mode(of: from) ?? 0o755) == 0 else { throw FileError(to.path) }
        try Self.sync(to.path)
      } else if Foundation.link(from.path, to.path) != 0 {
        try FileManager.default.copyItem(at: from, to: to)
      }
    }
  }

  /// Puts the new version in the old one's place.
  private func swap(_ copy: URL) throws {
    // An empty folder can be replaced, one that is not there can be made.
    if rename(copy.path, folder.path) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw FileError(folder.path) }
    if Exchange.exchange(copy.path, folder.path) { return }
    // A file system that cannot exchange: for a moment there is no folder.
    let old = copy.path + Self.oldSuffix
    guard rename(folder.path, old) == 0 else { throw FileError(folder.path) }
    guard rename(copy.path, folder.path) == 0 else {
      let error = FileError(folder.path)
      rename(old, folder.path)
      throw error
    }
    try? FileManager.default.removeItem(atPath: old)
  }

  private static func write(_ contents: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path) }
    defer { close(descriptor) }
    try contents.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Foundation.write(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileError(path) }
        rest = rest.dropFirst(count)
      }
    }
    guard fsync(descriptor) == 0 else { throw FileError(path) }
  }

  private static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(folder) }
    defer { close(descriptor) }
    // Some file systems cannot do this for folders.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError(folder) }
  }

  private static func status(of url: URL) -> stat? {
    var status = stat()
    return lstat(url.path, &status) == 0 ? status : nil
  }

  /// The kind of file at a path, links not followed; nil for nothing.
  private static func kind(of url: URL) -> mode_t? { status(of: url).map { $0.st_mode & S_IFMT } }

  private static func isFile(_ url: URL) -> Bool { kind(of: url) == S_IFREG }

  private static func mode(of url: URL) -> mode_t? { status(of: url).map { $0.st_mode & 0o7777 } }

  /// The process's mask for new files, which can only be read by setting it.
  private static let mask: mode_t = {
    let mask = umask(0o022)
    umask(mask)
    return mask
  }()
}

/// Linux's `renameat2` with `RENAME_EXCHANGE`, which swaps two paths in one step.
private enum Exchange {
  private static let flag: UInt32 = 2

  /// Whether the paths were exchanged.
  static func exchange(_ first: String, _ second: String) -> Bool {
    typealias Function =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    // Foundation's C library does not declare it.
    guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "renameat2") else {
      return false
    }
    let function = unsafeBitCast(symbol, to: Function.self)
    return function(AT_FDCWD, first, AT_FDCWD, second, flag) == 0
  }
}
