import Foundation

/// Read access to a file at any offset, for as long as the value lives.
///
/// `pread` for all that is parsed or converted: a file that shrinks while it is read then gives a short
/// count and an error. Only weights that are used as they are stored are mapped; see ``MappedFile``.
final class FileBytes: Sendable {
  let url: URL
  /// Bytes in the file when it was opened.
  let count: Int
  private let descriptor: Int32

  /// Where the file is, for messages.
  var path: String { url.path }

  /// Opens an ordinary file for reading.
  init(_ url: URL) throws(CheckpointError) {
    self.url = url
    // Not blocking, so that a named pipe is rejected below instead of blocking.
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(url, "cannot be opened", errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.failure(url, "cannot be examined", code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CheckpointError(.corrupt, file: url.path, "is not a file")
    }
    count = Int(status.st_size)
    guard !isPointer() else {
      throw CheckpointError(
        .corrupt, file: url.path, "is a git-lfs pointer in place of the file",
        help: "run 'git lfs pull' in the folder, or fetch the model with 'ftreport model fetch'")
    }
  }

  /// Whether the file is what git-lfs leaves where it did not fetch the contents.
  private func isPointer() -> Bool {
    let start = Array("version https://git-lfs.github.com/spec/".utf8)
    guard (start.count..<1024).contains(count) else { return false }
    var buffer = [UInt8](repeating: 0, count: start.count)
    return pread(descriptor, &buffer, start.count, 0) == start.count && buffer == start
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Throws: ``CheckpointError`` if the file ends before the buffer is full or cannot be read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(CheckpointError) {
    guard let start = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let got = pread(descriptor, start + done, buffer.count - done, off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.failure(url, "cannot be read", errno) }
      guard got > 0 else {
        throw CheckpointError(
          .corrupt, file: url.path,
          "ends at byte \((offset + done).grouped) while \((offset + buffer.count).grouped) are"
            + " needed",
          help: "the file shrank while it was read; fetch it again")
      }
      done += got
    }
  }

  /// Maps the first `length` bytes privately, or returns nil and leaves the reason in `errno`.
  func map(_ length: Int) -> UnsafeMutableRawPointer? {
    let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
    return start == MAP_FAILED ? nil : start
  }

  /// Bytes `offset ..< offset + length` in an array.
  func bytes(at offset: Int, count length: Int) throws(CheckpointError) -> [UInt8] {
    // Swift would set the length of the empty array that all threads share.
    guard length > 0 else { return [] }
    var problem: CheckpointError?
    let result = [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
      do throws(CheckpointError) {
        let region = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: length)
        try read(into: region, at: offset)
        initialized = length
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return result
  }

  /// The whole file, which should be small: text, not weights.
  static func read(_ url: URL) throws(CheckpointError) -> [UInt8] {
    let file = try FileBytes(url)
    let limit = 1 << 28
    guard file.count <= limit else {
      throw CheckpointError(
        .corrupt, file: url.path,
        "has \(file.count.grouped) bytes; a text of more than \(limit.grouped) is not read")
    }
    return try file.bytes(at: 0, count: file.count)
  }

  private static func failure(_ url: URL, _ what: String, _ code: Int32) -> CheckpointError {
    if code == ENOENT, let target = danglingTarget(of: url) {
      return CheckpointError(
        .missing, file: url.path, "is a link to \(target), which is not there",
        help: "fetch the file again, for example with 'ftreport model fetch'")
    }
    let help =
      code == ENOENT
      ? "check the path; a Hugging Face folder contains config.json, *.safetensors and a tokenizer"
      : nil
    return CheckpointError(
      code == ENOENT ? .missing : .corrupt, file: url.path,
      "\(what): \(String(cString: strerror(code)))", help: help)
  }
}

/// Where a symbolic link leads that leads nowhere; nil for anything else.
func danglingTarget(of url: URL) -> String? {
  let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
  return FileManager.default.fileExists(atPath: url.path) ? nil : target
}

/// Whether an ordinary file is at `url`.
func isFile(_ url: URL) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    && !isFolder.boolValue
}
