/// How the frozen weights of a matrix are stored in fewer bits.
package enum QuantizedFormat: Hashable, Sendable {
  /// A byte per weight and a scale per row: `round(127 w / absmax)`, ties to even.
  ///
  /// Dettmers et al. 2022, "LLM.int8()", arXiv:2208.07339, section 2.1, with the rows of
  /// `[outputs, inputs]`; features with outliers are not stored separately.
  case int8
  /// Half a byte per weight and a scale for every 64 weights of the flattened matrix.
  ///
  /// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3. With double quantization the
  /// scales are bytes themselves, with a second scale for every 256 of them and one mean.
  case nf4(doubleQuantization: Bool)
}

/// A frozen weight matrix in 8 or 4 bits per weight, converted to floats one tile at a time.
///
/// `[rows, columns]` is `[outputs, inputs]`, row-major, as Hugging Face stores a linear layer. A
/// matrix never changes, so threads may read it at once; it is created and freed by one thread.
package final class QuantizedMatrix {
  package let rows: Int
  package let columns: Int
  package let format: QuantizedFormat
  let layout: Layout
  private let storage: ByteStorage

  /// Quantizes weights that are handed over a few rows at a time.
  ///
  /// Besides the result only 64 rows of floats are held, as workspace, and with double quantization
  /// a float for every 64 weights. `rows · columns` must not overflow.
  ///
  /// - Parameters:
  ///   - rows: Outputs, at least 1.
  ///   - columns: Inputs, at least 1.
  ///   - format: How weights are stored.
  ///   - ledger: Counts the result as weights.
  ///   - filling: Writes the finite weights of a range of rows, row-major without gaps, to the
  ///     address; called for ascending ranges.
  /// - Throws: What `filling` throws.
  package init<Failure: Error>(
    rows: Int, columns: Int, format: QuantizedFormat, in ledger: MemoryLedger,
    filling: (Range<Int>, UnsafeMutablePointer<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(rows > 0 && columns > 0, "a quantized matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.format = format
    layout = Layout(rows: rows, columns: columns, format: format)
    storage = ByteStorage(layout.bytes, .weights, in: ledger)
    // As many rows as a block has weights, so that every slice but the last ends with a block.
    let slice = NormalFloat4.blockSize
    let floats = Storage<Float>(slice * columns, .workspace, in: ledger)
    var blockScales: Storage<Float>?
    if format == .nf4(doubleQuantization: true) {
      blockScales = Storage(layout.blocks, .workspace, in: ledger)
    }
    try ledger.compute { () throws(Failure) in
      for first in stride(from: 0, to: rows, by: slice) {
        let range = first..<min(first + slice, rows)
        try filling(range, floats.start)
        switch format {
        case .int8: quantizeRows(range, floats.start)
        case .nf4:
          (floats.start + range.count * columns).update(
            repeating: 0, count: floats.count - range.count * columns)
          quantizeBlocks(
            first * columns / slice, weights: range.count * columns, floats.start,
            scales: blockScales?.start ?? scales)
        }
      }
      if let blockScales { quantizeScales(blockScales.start) }
    }
    withExtendedLifetime((floats, blockScales)) {}
  }

  /// The bytes a matrix holds: codes and scales of every level.
  package static func bytes(rows: Int, columns: Int, format: QuantizedFormat) -> Int {
    Layout(rows: rows, columns: columns, format: format).bytes
  }

  /// The bytes this matrix holds, as the ledger counts them.
  package var bytes: Int { storage.count }

  var scales: UnsafeMutablePointer<Float> {
    storage.start.assumingMemoryBound(to: Float.self)
  }

  var blockCodes: UnsafeMutablePointer<UInt8> {
    (storage.start + layout.scales).assumingMemoryBound(to: UInt8.self)
  }

  var codes: UnsafeMutablePointer<UInt8> {
    (storage.start + layout.scales + layout.blockCodes).assumingMemoryBound(to: UInt8.self)
  }

  /// The mean of all blocks' scales, with double quantization only.
  var meanScale: UnsafeMutablePointer<Float> {
    scales + (layout.scales / MemoryLayout<Float>.stride - 1)
  }
}

extension QuantizedMatrix {
  private func quantizeRows(_ range: Range<Int>, _ weights: UnsafePointer<Float>) {
    for row in range {
      scales[row] = Int8Row.encode(
        weights + (row - range.lowerBound) * columns, into: codes + row * columns, count: columns)
    }
  }

  private func quantizeBlocks(
    _ first: Int, weights count: Int, _ weights: UnsafePointer<Float>,
    scales: UnsafeMutablePointer<Float>
  ) {
    let size = NormalFloat4.blockSize
    for (index, start) in stride(from: 0, to: count, by: size).enumerated() {
      scales[first + index] = NormalFloat4.encode(
        weights + start, into: codes + (first + index) * size / 2,
        byteCount: (min(size, count - start) + 1) / 2)
    }
  }

  /// Quantizes the scales of all blocks, as distances from their mean.
  private func quantizeScales(_ scales: UnsafeMutablePointer<Float>) {
    let blocks = layout.blocks
    let sum = UnsafeBufferPointer(start: scales, count: blocks).reduce(0.0) { $0 + Double($1) }
    let mean = Float(sum / Double(blocks))
    meanScale.pointee = mean
    let groupScales = self.scales
    for (group, start) in stride(from: 0, to: blocks, by: ScaleCode.groupSize).enumerated() {
      let range = start..<min(start + ScaleCode.groupSize, blocks)
      for block in range { scales[block] -= mean }
      let largest = max(
        Magnitude.largest(scales + start, count: range.count), .leastNormalMagnitude)
      groupScales[group] = largest
      for block in range {
        blockCodes[block] = ScaleCode.nearest(to: scales[block] / largest)
      }
    }
  }
}

extension QuantizedMatrix {
  /// How many bytes each part of a matrix takes; they follow one another.
  ///
  /// Scales come first, since they are aligned to four bytes.
  struct Layout {
    /// Scales of rows or blocks or, with double quantization, of groups of blocks, and the mean of
    /// all blocks' scales after them.
    let scales: Int
    /// Codes of the blocks' scales, with double quantization only.
    let blockCodes: Int
    /// The weights' codes.
    let codes: Int
    /// Blocks of 64 weights; none with int8.
    let blocks: Int

    var bytes: Int { scales + blockCodes + codes }

    init(rows: Int, columns: Int, format: QuantizedFormat) {
      let weights = rows * columns
      let float = MemoryLayout<Float>.stride
      switch format {
      case .int8:
        (blocks, scales, blockCodes, codes) = (0, rows * float, 0, weights)
      case .nf4(let doubleQuantization):
        blocks = (weights + NormalFloat4.blockSize - 1) / NormalFloat4.blockSize
        codes = (weights + 1) / 2
        let groups = (blocks + ScaleCode.groupSize - 1) / ScaleCode.groupSize
        scales = (doubleQuantization ? groups + 1 : blocks) * float
        blockCodes = doubleQuantization ? blocks : 0
      }
    }
  }
}
