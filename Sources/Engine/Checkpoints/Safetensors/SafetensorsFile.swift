package import Foundation

/// A safetensors file open for reading.
///
/// Opening checks the header completely, so reading can fail only for what the caller asks or for
/// what happens to the file meanwhile.
package struct SafetensorsFile: Sendable {
  package let url: URL
  /// Tensors in the order of their bytes in the file.
  package let tensors: [TensorRecord]
  /// The file's free-form string metadata.
  package let metadata: [String: String]

  private let file: FileBytes
  private let dataStart: Int
  private let indices: [String: Int]

  /// Bytes converted at a time, small enough to stay in the second-level cache.
  private static let chunk = 1 << 18

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``CheckpointError`` that says what is wrong with which tensor.
  package init(_ url: URL) throws(CheckpointError) {
    let file = try FileBytes(url)
    let header = try SafetensorsHeader(of: file)
    self.url = url
    self.file = file
    tensors = header.tensors
    metadata = header.metadata
    dataStart = header.dataStart
    indices = Dictionary(
      header.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry of a tensor, or nil where the file has none of this name.
  package subscript(name: String) -> TensorRecord? { indices[name].map { tensors[$0] } }

  /// Reads a tensor as it lies in the file, row-major.
  ///
  /// - Parameters:
  ///   - name: The tensor's name.
  ///   - shape: The shape it must have, or nil to take any.
  ///   - target: Receives the values; as many as the tensor has.
  ///   - rejectingNonFinite: Whether a NaN or an infinity is an error.
  /// - Throws: ``CheckpointError`` if the tensor is missing, of another shape, not of a floating-point
  ///   type, or not finite where that is asked.
  package func read(
    _ name: String, shape: [Int]? = nil, into target: UnsafeMutableBufferPointer<Float>,
    rejectingNonFinite: Bool = false
  ) throws(CheckpointError) {
    let record = try readable(name, shape: shape, count: target.count)
    try readRows(of: record, rows: 0..<record.count, width: 1, into: target)
    if rejectingNonFinite { try checkFinite(record, UnsafeBufferPointer(target)) }
  }

  /// Reads a matrix `[rows, columns]` as its transpose `[columns, rows]`, as GPT-2's `Conv1D` needs.
  ///
  /// - Parameters:
  ///   - name: The tensor's name.
  ///   - shape: The shape it must have in the file, or nil to take any matrix.
  ///   - target: Receives the transpose, row-major; as many values as the tensor has.
  ///   - rejectingNonFinite: Whether a NaN or an infinity is an error.
  /// - Throws: ``CheckpointError`` as ``read(_:shape:into:rejectingNonFinite:)``, and where the tensor
  ///   is not a matrix.
  package func readTransposed(
    _ name: String, shape: [Int]? = nil, into target: UnsafeMutableBufferPointer<Float>,
    rejectingNonFinite: Bool = false
  ) throws(CheckpointError) {
    let record = try readable(name, shape: shape, count: target.count)
    guard record.shape.count == 2 else {
      throw CheckpointError(
        .mismatched, file: url.path,
        "tensor '\(name)' has the shape \(record.shape); only a matrix can be transposed")
    }
    let (rows, columns) = (record.shape[0], record.shape[1])
    guard rows > 0, columns > 0, let base = target.baseAddress else { return }
    let step = max(1, min(rows, Self.chunk / 4 / columns))
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: step * columns)
    defer { scratch.deallocate() }
    for first in stride(from: 0, to: rows, by: step) {
      let count = min(step, rows - first)
      let block = UnsafeMutableBufferPointer(rebasing: scratch[..<(count * columns)])
      try readRows(of: record, rows: first..<first + count, width: columns, into: block)
      for column in 0..<columns {
        let line = base + (column * rows + first)
        for row in 0..<count { line[row] = block[row &* columns &+ column] }
      }
    }
    if rejectingNonFinite { try checkFinite(record, UnsafeBufferPointer(target)) }
  }

  /// The first index of a NaN or an infinity, or nil where all values are finite.
  package static func firstNonFinite(in values: UnsafeBufferPointer<Float>) -> Int? {
    let exponent: UInt32 = 0x7F80_0000
    // A block without a branch vectorises; only a block with a find is walked a second time.
    for start in stride(from: 0, to: values.count, by: 4096) {
      let block = start..<min(start + 4096, values.count)
      var found: UInt32 = 0
      for i in block { found |= values[i].bitPattern & exponent == exponent ? 1 : 0 }
      if found != 0 { return block.first { !values[$0].isFinite } }
    }
    return nil
  }
}

extension SafetensorsFile {
  private func readable(
    _ name: String, shape: [Int]?, count: Int
  ) throws(CheckpointError) -> TensorRecord {
    guard let record = self[name] else {
      throw CheckpointError(.missing, file: url.path, "has no tensor '\(name)'")
    }
    if let shape, shape != record.shape {
      throw CheckpointError(
        .mismatched, file: url.path,
        "tensor '\(name)' has the shape \(record.shape) where \(shape) is expected",
        help: "config.json and the weights do not belong to the same model")
    }
    guard FloatConversion.isPossible(from: record.element) else {
      throw CheckpointError(
        .unsupported, file: url.path,
        "tensor '\(name)' is stored as \(record.element.rawValue)",
        help: "weights are read from F32, F16, BF16 and F64; convert the checkpoint")
    }
    guard record.count == count else {
      throw CheckpointError(
        .mismatched, file: url.path,
        "tensor '\(name)' has \(record.count.grouped) elements where \(count.grouped) are expected",
        help: "config.json and the weights do not belong to the same model")
    }
    return record
  }

  /// Reads rows of `width` elements each, converting block by block.
  private func readRows(
    of record: TensorRecord, rows: Range<Int>, width: Int,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let size = record.element.size
    let start = dataStart + record.range.lowerBound + rows.lowerBound * width * size
    if record.element == .f32 {  // the bytes as they are: Swift's machines are little-endian
      return try file.read(into: UnsafeMutableRawBufferPointer(target), at: start)
    }
    let step = Self.chunk / size
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(step, target.count) * size, alignment: 64)
    defer { scratch.deallocate() }
    for first in stride(from: 0, to: target.count, by: step) {
      let count = min(step, target.count - first)
      let block = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(count * size)])
      try file.read(into: block, at: start + first * size)
      FloatConversion.convert(
        UnsafeRawBufferPointer(block), record.element,
        into: UnsafeMutableBufferPointer(rebasing: target[first..<first + count]))
    }
  }

  private func checkFinite(
    _ record: TensorRecord, _ values: UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    guard let index = Self.firstNonFinite(in: values) else { return }
    throw CheckpointError(
      .corrupt, file: url.path,
      "tensor '\(record.name)' holds \(values[index]) at element \(index.grouped)",
      help: "the model diverged before it was saved, or the file is damaged")
  }
}
