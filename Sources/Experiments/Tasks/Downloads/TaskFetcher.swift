import Formats
package import Foundation

/// Downloads the files of tasks into a data folder.
package struct TaskFetcher {
  /// What happened, in order.
  package enum Event: Hashable, Sendable {
    /// Nothing of a download is missing.
    case present([String])
    /// A transfer is about to begin.
    case begins(String)
    /// A file is in its place; its checksum was known before, or is now recorded.
    case fetched(path: String, isVerified: Bool)
    /// Something that only a person can do is left.
    case byHand(String, files: [String])
  }

  private let folder: URL
  private let downloader: Downloader
  private let report: (Event) -> Void

  package init(
    into folder: URL, using downloader: Downloader, report: @escaping (Event) -> Void
  ) {
    self.folder = folder
    self.downloader = downloader
    self.report = report
  }

  /// Fetches what a task lacks.
  ///
  /// - Parameter task: A task with downloads.
  /// - Returns: Whether nothing is left to do by hand.
  /// - Throws: ``FetchError`` at the first download that fails; earlier ones are kept.
  package func fetch(_ task: TaskDefinition) throws(FetchError) -> Bool {
    var isComplete = true
    for download in task.about.downloads {
      if !isNeeded(download, by: task) {
        report(.present(download.files))
        continue
      }
      switch download.source {
      case .byHand(let words):
        isComplete = false
        report(.byHand(words, files: download.files))
      case .address(let address, let sha256):
        report(.begins(address))
        try fetch(download, from: address, sha256: sha256)
      }
    }
    return isComplete
  }

  /// Whether a role the download serves has no file, or only one that differs from the release.
  private func isNeeded(_ download: Download, by task: TaskDefinition) -> Bool {
    task.files.contains { file in
      file.candidates.contains { download.files.contains($0.path) }
        && !file.candidates.contains {
          $0.note == nil && FileIdentity(of: $0.url(in: folder)) != nil
        }
    }
  }

  private func fetch(
    _ download: Download, from address: String, sha256: String?
  ) throws(FetchError) {
    guard download.isArchive else {
      for path in download.files {
        let digest = try downloader.fetch(
          address, to: try place(path, address), expected: sha256.map { .sha256($0) })
        try record(digest, of: path, address)
        report(.fetched(path: path, isVerified: sha256 != nil))
      }
      return
    }
    let last = address.split(atByte: "/").last.map(String.init)
    let name = last.flatMap { Download.isInside($0) ? $0 : nil } ?? "archive.zip"
    let archive = try place(name, address)
    try downloader.fetch(address, to: archive, expected: sha256.map { .sha256($0) })
    defer { try? FileManager.default.removeItem(at: archive) }
    for member in download.files {
      try unpack(member, of: archive, address)
      let digest: String
      do {
        digest = try FileFingerprint(of: folder.appendingPathComponent(member), cache: nil).digest
      } catch {
        throw FetchError(.unwritable(path: member, detail: error.message), address: address)
      }
      try record(digest, of: member, address)
      report(.fetched(path: member, isVerified: sha256 != nil))
    }
  }

  /// Writes a member of the archive to the path of its own name, whole or not at all.
  private func unpack(
    _ member: String, of archive: URL, _ address: String
  ) throws(FetchError) {
    let file = try place(member, address)
    let part = file.appendingPathExtension("part")
    defer { try? FileManager.default.removeItem(at: part) }
    let output: FileHandle
    do {
      try Data().write(to: part)
      output = try FileHandle(forWritingTo: part)
    } catch {
      throw FetchError(
        .unwritable(path: part.path, detail: error.localizedDescription), address: address)
    }
    let outcome = try SystemProgram(name: "unzip")
      .run(["-p", archive.path, member], output: output, for: address)
    try? output.close()
    guard outcome.status == 0 else {
      let detail =
        outcome.complaint.isEmpty ? "unzip ends with \(outcome.status)" : outcome.complaint
      throw FetchError(.brokenArchive(member: member, detail: detail), address: address)
    }
    guard rename(part.path, file.path) == 0 else {
      throw FetchError(
        .unwritable(path: file.path, detail: String(cString: strerror(errno))), address: address)
    }
  }

  /// A path below the folder, whose own folder is made.
  ///
  /// Nothing below the folder is a symbolic link on the way there, so nothing is written elsewhere.
  private func place(_ path: String, _ address: String) throws(FetchError) -> URL {
    guard Download.isInside(path) else {
      throw FetchError(.outside(path: path, link: nil), address: address)
    }
    var place = folder
    try makeFolder(place, address)
    for part in path.split(atByte: "/").dropLast() {
      place.appendPathComponent(String(part), isDirectory: true)
      try refuseLink(place, path: path, address)
      try makeFolder(place, address)
    }
    let file = folder.appendingPathComponent(path)
    let part = file.appendingPathExtension("part")
    for written in [file, part, part.appendingPathExtension("headers")] {
      try refuseLink(written, path: path, address)
    }
    return file
  }

  private func makeFolder(_ place: URL, _ address: String) throws(FetchError) {
    do {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    } catch {
      throw FetchError(
        .unwritable(path: place.path, detail: error.localizedDescription), address: address)
    }
  }

  private func refuseLink(_ place: URL, path: String, _ address: String) throws(FetchError) {
    var status = stat()
    // The path must not end in a slash, after which a link would be followed.
    guard lstat(place.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    throw FetchError(.outside(path: path, link: place.path), address: address)
  }

  private func record(_ digest: String, of path: String, _ address: String) throws(FetchError) {
    var record = ChecksumRecord(of: folder)
    do {
      try record.add(digest, of: path)
    } catch {
      throw FetchError(
        .unwritable(
          path: folder.appendingPathComponent(ChecksumRecord.name).path,
          detail: error.localizedDescription), address: address)
    }
  }
}

/// The digests of files as they were when they were fetched: `SHA256SUMS` in the data folder.
///
/// Lines are those of `sha256sum`, so `sha256sum --check SHA256SUMS` reads them too.
struct ChecksumRecord {
  package static let name = "SHA256SUMS"

  private let file: URL
  private var digests: [String: String] = [:]

  /// Reads the record of a folder; one without it has an empty one.
  package init(of folder: URL) {
    file = folder.appendingPathComponent(Self.name)
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    for line in text.split(atByte: "\n") {
      let line = line.ends(withBytes: "\r") ? line.dropping(lastBytes: 1) : line
      let parts = line.split(atByte: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].utf8.count == 64 else { continue }
      let path = parts[1].utf8.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "*") }
      digests[String(Substring(path))] = parts[0].lowercasedASCII
    }
  }

  /// The digest a path below the folder had.
  package subscript(path: String) -> String? { digests[path] }

  /// Writes down a digest.
  ///
  /// - Throws: When the record cannot be written.
  mutating func add(_ digest: String, of path: String) throws {
    digests[path] = digest
    let lines = digests.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
    try Data(lines.joined().utf8).write(to: file, options: .atomic)
  }
}

/// A program of the system that does one thing for this one.
struct SystemProgram {
  let name: String

  struct Outcome {
    let status: Int32
    /// Its standard error, on one line.
    let complaint: String
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: Passed as they are; no shell reads them.
  ///   - output: Where standard output goes; nowhere if nil.
  ///   - address: What is being fetched, for errors.
  ///   - whileRunning: Called several times a second.
  /// - Returns: How it ended.
  /// - Throws: ``FetchError`` if the program is not installed, or the task was cancelled, in which case
  ///   the program has ended too.
  func run(
    _ arguments: [String], output: FileHandle? = nil, for address: String,
    whileRunning: () -> Void = {}
  ) throws(FetchError) -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw FetchError(.missingProgram(name), address: address)
    }
    while process.isRunning {
      guard !Task.isCancelled else {
        // A child inherits that this program ignores SIGINT and SIGTERM while it catches them.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw FetchError(.interrupted, address: address)
      }
      whileRunning()
      usleep(50_000)
    }
    let said = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    // `env` exits with 127 for a program that it does not find.
    guard process.terminationStatus != 127 else {
      throw FetchError(.missingProgram(name), address: address)
    }
    let lines = String(decoding: said, as: UTF8.self).split(atByte: "\n")
    return Outcome(
      status: process.terminationStatus,
      complaint: lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "; "))
  }
}
