import Crypto
import Formats
package import Foundation

/// A file's identity in the file system; equal identities mean an unchanged file.
///
/// That holds for an identity from a ``FileFingerprint``, which waits until the file's times
/// would show the next change.
package struct FileIdentity: Codable, Hashable, Sendable {
  package let path: String
  package let size: Int
  /// When the contents were last written, in nanoseconds since 1970; programs can set it.
  package let modified: Int
  /// When the contents or the attributes last changed, in nanoseconds since 1970; programs cannot
  /// set it.
  package let changed: Int
  let inode: Int
  let device: Int

  package init(
    path: String, size: Int, modified: Int, changed: Int, inode: Int, device: Int
  ) {
    self.path = path
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
    self.device = device
  }

  /// Asks the file system about a regular file, following links; nil if there is none to examine.
  package init?(of url: URL) {
    var status = stat()
    guard stat(url.path, &status) == 0 else { return nil }
    self.init(status, url)
  }

  /// Asks about a file that is open.
  fileprivate init?(of handle: FileHandle, at url: URL) {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0 else { return nil }
    self.init(status, url)
  }

  private init?(_ status: stat, _ url: URL) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    self.init(
      path: url.standardizedFileURL.path, size: Int(status.st_size),
      modified: modified.nanoseconds, changed: changed.nanoseconds, inode: Int(status.st_ino),
      device: Int(truncatingIfNeeded: status.st_dev))
  }

  /// How long to wait until a further change must show in the times, in nanoseconds.
  ///
  /// Linux takes the times of files from a clock that ticks every 1 to 10 ms, so two changes within
  /// a tick look like one. File systems that keep whole seconds, or two, show them.
  fileprivate var unsettledTime: Int {
    let second = 1_000_000_000
    let resolution = changed.isMultiple(of: second) ? 2 * second : 20_000_000
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return max(0, min(resolution, resolution - (now.nanoseconds - changed)))
  }
}

extension timespec {
  fileprivate var nanoseconds: Int { Int(tv_sec) * 1_000_000_000 + Int(tv_nsec) }
}

/// Remembers digests of files that have not changed since.
package protocol FingerprintCache: Sendable {
  /// The remembered digest of a file with exactly this identity.
  func digest(of identity: FileIdentity) -> String?
  /// Remembers the digest; forgetting it again only costs time.
  func remember(_ digest: String, of identity: FileIdentity)
}

/// The contents of a file as a digest, with the identity the file had when they were read.
package struct FileFingerprint: Codable, Hashable, Sendable {
  package let file: FileIdentity
  /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
  package let digest: String

  /// How often a file is read again that changes while it is read.
  private static let attempts = 5

  /// Reads a file, unless `cache` knows the digest of exactly this one.
  ///
  /// If the file changed in the last 20 ms, it waits until the file's times would show the next change.
  ///
  /// - Parameters:
  ///   - url: A regular file of any size; it is read in pieces.
  ///   - cache: Where digests are remembered, or nil to read always.
  /// - Throws: ``TaskError`` with ``TaskError/Reason/unreadableFile(_:)``.
  package init(of url: URL, cache: (any FingerprintCache)?) throws(TaskError) {
    func failure(_ why: String) -> TaskError { TaskError(.unreadableFile(why), file: url.path) }
    // Before it is opened, which would wait for the writer of a named pipe.
    guard FileIdentity(of: url) != nil else { throw failure("it is no regular file") }
    do {
      for _ in 0..<Self.attempts {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        guard let identity = FileIdentity(of: handle, at: url) else {
          throw failure("it is no regular file")
        }
        let wait = identity.unsettledTime
        if wait > 0 {
          usleep(UInt32((wait + 999) / 1000))
          guard FileIdentity(of: handle, at: url) == identity else { continue }
        }
        if let known = cache?.digest(of: identity) {
          (file, digest) = (identity, known)
          return
        }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
          hash.update(data: piece)
        }
        guard FileIdentity(of: handle, at: url) == identity else { continue }
        (file, digest) = (identity, hash.finalize().hexadecimal)
        cache?.remember(digest, of: identity)
        return
      }
    } catch let error as TaskError {
      throw error
    } catch {
      throw failure(error.localizedDescription)
    }
    throw failure("it keeps changing while it is read")
  }
}
