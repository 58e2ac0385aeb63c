import Crypto
package import Foundation

/// What the file system says about a file; equal identities mean an unchanged file.
package struct FileIdentity: Hashable, Sendable {
  package let path: String
  package let size: Int
  /// Nanoseconds since 1970.
  package let modified: Int
  package let inode: Int

  package init(path: String, size: Int, modified: Int, inode: Int) {
    self.path = path
    self.size = size
    self.modified = modified
    self.inode = inode
  }

  /// Asks the file system about a regular file, following links; nil if there is none to examine.
  package init?(of url: URL) {
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Darwin)
      let modified = status.st_mtimespec
    #else
      let modified = status.st_mtim
    #endif
    self.init(
      path: url.standardizedFileURL.path, size: Int(status.st_size),
      modified: Int(modified.tv_sec) * 1_000_000_000 + Int(modified.tv_nsec),
      inode: Int(status.st_ino))
  }
}

/// Remembers digests of files that have not changed since.
package protocol FingerprintCache: Sendable {
  /// The remembered digest of a file with exactly this identity.
  func digest(of identity: FileIdentity) -> String?
  /// Remembers the digest; forgetting it again only costs time.
  func remember(_ digest: String, of identity: FileIdentity)
}

/// SHA-256 of files, in lower-case hexadecimal.
package enum FileFingerprint {
  /// The digest of a file's bytes, from `cache` if the file has not changed since it was hashed.
  ///
  /// - Parameters:
  ///   - url: A regular file of any size; it is read in pieces.
  ///   - cache: Where digests are remembered, or nil to hash always.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: ``TaskError`` with ``TaskError/Reason/unreadableFile(_:)``.
  package static func digest(
    of url: URL, cache: (any FingerprintCache)?
  ) throws(TaskError) -> String {
    guard let identity = FileIdentity(of: url) else {
      throw TaskError(.unreadableFile("it is no regular file"), file: url.path)
    }
    if let known = cache?.digest(of: identity) { return known }
    var hash = SHA256()
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
    } catch {
      throw TaskError(.unreadableFile(error.localizedDescription), file: url.path)
    }
    let digest = hash.finalize().hexadecimal
    cache?.remember(digest, of: identity)
    return digest
  }
}

extension SHA256.Digest {
  /// The digest as 64 lower-case hexadecimal digits.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
