package import Foundation

/// A file that a cell reads and that is no longer what the cell's key was made from.
package struct ChangedFile: Error, Hashable, Sendable {
  package enum Change: Hashable, Sendable {
    case contents
    /// The file is gone or can no longer be read.
    case gone
    /// The file was not there, and would now be read too.
    case appeared
  }

  package let path: String
  package let change: Change
}

extension ChangedFile: CustomStringConvertible {
  /// What happened and what to do, on one line.
  package var description: String {
    switch change {
    case .contents: "\(path) changed after the build was planned; run the build again"
    case .gone:
      "\(path) was removed after the build was planned; restore it and run the build again"
    case .appeared: "\(path) appeared after the build was planned; run the build again"
    }
  }
}

/// Makes sure that what is read is what a plan was made from.
///
/// A file whose identity differs is read again, once: the same contents, as of a file that was only
/// touched or copied, are fine.
package final class InputCheck {
  /// Digests of files that differ from a plan's in identity.
  private var digests: [FileIdentity: String] = [:]

  package init() {}

  /// Compares files with what they were.
  ///
  /// - Parameters:
  ///   - files: As they were when the plan was made.
  ///   - opened: What has been opened since and must be among them.
  /// - Throws: ``ChangedFile`` for the first that differs.
  package func check(
    _ files: [FileFingerprint], opened: [URL] = []
  ) throws(ChangedFile) {
    for file in files where try digest(at: file.file) ?? file.digest != file.digest {
      throw ChangedFile(path: file.file.path, change: .contents)
    }
    let planned = Set(files.map(\.file.path))
    for path in opened.map(\.standardizedFileURL.path) where !planned.contains(path) {
      throw ChangedFile(path: path, change: .appeared)
    }
  }

  /// The digest of what is now at a file's path; nil if it is the same file.
  private func digest(at planned: FileIdentity) throws(ChangedFile) -> String? {
    let url = URL(fileURLWithPath: planned.path)
    guard let now = FileIdentity(of: url) else {
      throw ChangedFile(path: planned.path, change: .gone)
    }
    if now == planned { return nil }
    if let known = digests[now] { return known }
    guard let fingerprint = try? FileFingerprint(of: url, cache: nil) else {
      throw ChangedFile(path: planned.path, change: .gone)
    }
    digests[fingerprint.file] = fingerprint.digest
    return fingerprint.digest
  }
}
