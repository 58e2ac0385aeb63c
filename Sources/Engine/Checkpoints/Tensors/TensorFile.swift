package import Foundation

/// The element types the safetensors format names.
package enum TensorElement: String, Hashable, Sendable, CaseIterable {
  case bool = "BOOL"
  case f4 = "F4"
  case f6E2M3 = "F6_E2M3"
  case f6E3M2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8E4M3 = "F8_E4M3"
  case f8E5M2 = "F8_E5M2"
  case f8E8M0 = "F8_E8M0"
  case f8E4M3FNUZ = "F8_E4M3FNUZ"
  case f8E5M2FNUZ = "F8_E5M2FNUZ"
  case u16 = "U16"
  case i16 = "I16"
  case f16 = "F16"
  case bf16 = "BF16"
  case u32 = "U32"
  case i32 = "I32"
  case f32 = "F32"
  case u64 = "U64"
  case i64 = "I64"
  case f64 = "F64"
  case c64 = "C64"

  /// Bits of one element; several share a byte where there are fewer than eight.
  var bits: Int {
    switch self {
    case .f4: 4
    case .f6E2M3, .f6E3M2: 6
    case .bool, .u8, .i8, .f8E4M3, .f8E5M2, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ: 8
    case .u16, .i16, .f16, .bf16: 16
    case .u32, .i32, .f32: 32
    case .u64, .i64, .f64, .c64: 64
    }
  }

  /// Bytes of one element, if it takes whole ones.
  package var size: Int { bits / 8 }
}

/// One tensor's entry in the table of contents of a file.
package struct TensorRecord: Hashable, Sendable {
  package let name: String
  let element: TensorElement
  /// Sizes from the slowest to the fastest varying dimension; empty for a scalar.
  package let shape: [Int]
  /// Where the elements lie in the file, in bytes; row-major, little-endian, without gaps.
  package let range: Range<Int>

  /// Number of elements.
  package var count: Int { range.count * 8 / element.bits }
}

extension Sequence where Element == Int {
  /// The product of whole numbers from a file, or nil where it does not fit `Int`.
  var checkedProduct: Int? {
    var result = 1
    for factor in self {
      let (value, overflow) = result.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      result = value
    }
    return result
  }
}

/// A file of tensors open for reading: safetensors, or what `torch.save` writes.
///
/// Opening checks the whole table of contents, so reading can fail only for what the caller asks or for
/// what happens to the file meanwhile.
package struct TensorFile: Sendable {
  package let url: URL
  /// Tensors in the order of their bytes in the file.
  package let tensors: [TensorRecord]
  /// A safetensors file's free-form strings; empty for the other format.
  package let metadata: [String: String]

  let file: FileBytes
  private let indices: [String: Int]

  /// Bytes converted at a time, small enough to stay in the second-level cache.
  static let chunk = 1 << 18

  /// Opens a file in the format its name ends with and checks its table of contents.
  ///
  /// - Parameter url: `.bin`, `.pt` and `.pth` are PyTorch's, anything else is safetensors.
  /// - Throws: ``CheckpointError`` that names the tensor and the problem.
  package init(_ url: URL) throws(CheckpointError) {
    let file = try FileBytes(url)
    let isTorch = ["bin", "pt", "pth"].contains(url.pathExtension)
    if isTorch {
      tensors = try TorchArchive(file).tensors
      metadata = [:]
    } else {
      let header = try SafetensorsHeader(of: file)
      tensors = header.tensors
      metadata = header.metadata
    }
    self.url = url
    self.file = file
    indices = Dictionary(
      tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry of a tensor, or nil where the file has none of this name.
  package subscript(name: String) -> TensorRecord? { indices[name].map { tensors[$0] } }

  /// Reads a tensor, or a run of its elements, as it lies in the file, row-major.
  ///
  /// - Parameters:
  ///   - record: A tensor of this file.
  ///   - elements: Which of its elements, nil for all.
  ///   - target: Receives the values; room for exactly as many.
  /// - Throws: ``CheckpointError`` where the elements are no floating-point numbers or the file was cut
  ///   short after it was opened.
  package func read(
    _ record: TensorRecord, elements: Range<Int>? = nil,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let elements = elements ?? 0..<record.count
    precondition(
      elements.upperBound <= record.count && elements.count == target.count,
      "\(elements) of \(record.count) elements into \(target.count)")
    try checkConvertible(record)
    let size = record.element.size
    let start = record.range.lowerBound + elements.lowerBound * size
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

  /// Reads columns of a matrix `[rows, columns]` as its transpose, as GPT-2's `Conv1D` needs.
  ///
  /// - Parameters:
  ///   - record: A matrix of this file.
  ///   - columns: Which of its columns.
  ///   - target: Receives the transpose, row-major; room for exactly as many values.
  /// - Throws: ``CheckpointError`` as ``read(_:elements:into:)``.
  func readTransposed(
    _ record: TensorRecord, columns: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    precondition(
      record.shape.count == 2 && columns.upperBound <= record.shape[1]
        && target.count == record.shape[0] * columns.count,
      "columns \(columns) of shape \(record.shape) into \(target.count)")
    let (rows, stored) = (record.shape[0], record.shape[1])
    guard rows > 0, !columns.isEmpty, let base = target.baseAddress else { return }
    let step = max(1, min(rows, Self.chunk / 4 / stored))
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: step * stored)
    defer { scratch.deallocate() }
    for first in stride(from: 0, to: rows, by: step) {
      let count = min(step, rows - first)
      let block = UnsafeMutableBufferPointer(rebasing: scratch[..<(count * stored)])
      try read(record, elements: first * stored..<(first + count) * stored, into: block)
      for (index, column) in columns.enumerated() {
        let line = base + (index * rows + first)
        for row in 0..<count { line[row] = block[row &* stored &+ column] }
      }
    }
  }

  /// Rejects a tensor that contains a NaN or an infinity, reading it block by block.
  package func checkFinite(_ record: TensorRecord) throws(CheckpointError) {
    let step = Self.chunk / 4
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(step, record.count))
    defer { scratch.deallocate() }
    for first in stride(from: 0, to: record.count, by: step) {
      let elements = first..<min(first + step, record.count)
      let block = UnsafeMutableBufferPointer(rebasing: scratch[..<elements.count])
      try read(record, elements: elements, into: block)
      try checkFinite(UnsafeBufferPointer(block), of: record, from: first)
    }
  }

  /// Rejects values of a tensor if they include a NaN or an infinity.
  func checkFinite(
    _ values: UnsafeBufferPointer<Float>, of record: TensorRecord, from first: Int = 0
  ) throws(CheckpointError) {
    guard let index = Self.firstNonFinite(in: values) else { return }
    throw CheckpointError(
      .corrupt, file: url.path,
      "tensor '\(record.name)' holds \(values[index]) at element \((first + index).grouped)",
      help: "the model diverged before it was saved, or the file is damaged")
  }

  /// Rejects a tensor of whole numbers or of another element type that cannot be a weight.
  func checkConvertible(_ record: TensorRecord) throws(CheckpointError) {
    guard FloatConversion.isPossible(from: record.element) else {
      throw CheckpointError(
        .unsupported, file: url.path,
        "tensor '\(record.name)' is stored as \(record.element.rawValue)",
        help: "F32, F16, BF16 and F64 are supported; convert the checkpoint")
    }
  }

  /// The first index of a NaN or an infinity, or nil where all values are finite.
  static func firstNonFinite(in values: UnsafeBufferPointer<Float>) -> Int? {
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

extension TensorFile {
  /// All values of a tensor.
  package func floats(_ record: TensorRecord) throws(CheckpointError) -> [Float] {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: record.count)
    defer { buffer.deallocate() }
    try read(record, into: buffer)
    return Array(buffer)
  }
}
