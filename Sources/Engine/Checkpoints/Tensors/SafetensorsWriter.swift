package import Foundation

/// Writes a safetensors file tensor by tensor, without a copy of the weights in memory.
///
/// The bytes go to a temporary file beside the target, which ``finish()`` renames: readers see the
/// old file or the complete new one. A writer that is dropped unfinished removes its temporary file.
/// The bytes depend on the arguments alone.
package struct SafetensorsWriter: ~Copyable {
  /// The header's entry for one tensor.
  package struct Tensor: Hashable, Sendable {
    package let name: String
    let element: TensorElement
    package let shape: [Int]

    package init(name: String, element: TensorElement = .f32, shape: [Int]) {
      self.name = name
      self.element = element
      self.shape = shape
    }

    var byteCount: Int { shape.reduce(element.bits, *) / 8 }
  }

  private let target: URL
  private let temporary: String
  private let tensors: [Tensor]
  private var descriptor: Int32
  private var written = 0

  /// Opens the temporary file and writes the header.
  ///
  /// - Parameters:
  ///   - target: The file to write; its folder must exist.
  ///   - tensors: Every tensor, with distinct names, in the order in which the values will come.
  ///   - metadata: Free-form strings, such as `["format": "pt"]`, which Transformers asks for.
  /// - Throws: ``CheckpointError`` of kind `unwritable`.
  package init(
    _ target: URL, tensors: [Tensor], metadata: [String: String] = ["format": "pt"]
  ) throws(CheckpointError) {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count, "two tensors have the same name")
    self.target = target
    self.tensors = tensors
    temporary =
      target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(getpid()).partial").path
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(target, "cannot be created") }
    let header = Self.header(of: tensors, metadata: metadata)
    do throws(CheckpointError) {
      try header.withUnsafeBufferPointer { (bytes) throws(CheckpointError) in
        try write(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      close(descriptor)
      unlink(temporary)
      descriptor = -1
      throw error
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes the values of the next tensor, which was declared as F32.
  package mutating func append(_ values: UnsafeBufferPointer<Float>) throws(CheckpointError) {
    precondition(
      written < tensors.count && tensors[written].element == .f32, "no F32 tensor is due")
    try append(bytes: UnsafeRawBufferPointer(values))
  }

  /// Writes the next tensor's elements as bytes in the file's order, little-endian.
  package mutating func append(bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    precondition(written < tensors.count, "\(tensors.count) tensors were declared")
    let tensor = tensors[written]
    precondition(
      bytes.count == tensor.byteCount,
      "tensor '\(tensor.name)' was declared with \(tensor.byteCount) bytes, not \(bytes.count)")
    try write(bytes)
    written += 1
  }

  /// Puts the complete file in the target's place.
  package mutating func finish() throws(CheckpointError) {
    precondition(written == tensors.count, "\(written) of \(tensors.count) tensors were written")
    guard fsync(descriptor) == 0, rename(temporary, target.path) == 0 else {
      throw Self.failure(target, "cannot be written")
    }
    close(descriptor)
    descriptor = -1
  }
}

extension SafetensorsWriter {
  private borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let count = Foundation.write(descriptor, start, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(target, "cannot be written") }
      rest = rest.dropFirst(count)
    }
  }

  /// Length and header, padded with spaces so that the elements begin at a multiple of 8.
  private static func header(of tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(JSONValue.quoted($0.key)):\(JSONValue.quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.byteCount
      members.append(
        "\(JSONValue.quoted(tensor.name)):{\"dtype\":\"\(tensor.element.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: " ")) }
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }

  private static func failure(_ url: URL, _ what: String) -> CheckpointError {
    CheckpointError(
      .unwritable, file: url.path, "\(what): \(String(cString: strerror(errno)))",
      help: "check that the folder exists, is writable and has enough space")
  }
}
