package import Foundation

/// Writes a safetensors file tensor by tensor, without a copy of the weights in memory.
///
/// See ``PartialFile`` for how the file appears. The bytes depend on the arguments alone.
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

  private let tensors: [Tensor]
  private var file: PartialFile
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
    self.tensors = tensors
    let file = try PartialFile(target)
    try file.write(Self.header(of: tensors, metadata: metadata))
    self.file = file
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
    try file.write(bytes)
    written += 1
  }

  /// Puts the complete file in the target's place.
  package mutating func finish() throws(CheckpointError) {
    precondition(written == tensors.count, "\(written) of \(tensors.count) tensors were written")
    try file.finish()
  }
}

extension SafetensorsWriter {
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
}
