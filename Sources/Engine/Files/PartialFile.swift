package import Foundation

/// A file that is written piece by piece and appears complete or not at all.
///
/// The bytes go to a temporary file beside the target, which ``finish()`` renames: readers see the
/// old file or the complete new one. One that is dropped unfinished removes its temporary file.
package struct PartialFile: ~Copyable {
  private let target: URL
  private let temporary: String
  private var descriptor: Int32

  /// Opens the temporary file.
  ///
  /// - Parameter target: The file to write; its folder must exist.
  /// - Throws: ``CheckpointError`` of kind `unwritable`.
  package init(_ target: URL) throws(CheckpointError) {
    self.target = target
    temporary =
      target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(getpid()).partial").path
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(target, "cannot be created") }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes bytes after those written so far.
  package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let count = Foundation.write(descriptor, start, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(target, "cannot be written") }
      rest = rest.dropFirst(count)
    }
  }

  /// The same for an array.
  package borrowing func write(_ bytes: [UInt8]) throws(CheckpointError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(CheckpointError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Puts the complete file in the target's place.
  package mutating func finish() throws(CheckpointError) {
    guard fsync(descriptor) == 0, rename(temporary, target.path) == 0 else {
      throw Self.failure(target, "cannot be written")
    }
    close(descriptor)
    descriptor = -1
  }

  private static func failure(_ url: URL, _ what: String) -> CheckpointError {
    CheckpointError(
      .unwritable, file: url.path, "\(what): \(String(cString: strerror(errno)))",
      help: "check that the folder exists, is writable and has enough space")
  }
}
