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
