extension QuantizedMatrix {
  /// Writes the weights of a range of rows as floats, row-major without gaps.
  ///
  /// - Parameters:
  ///   - rows: Which rows.
  ///   - y: `[rows.count, columns]`.
  package func dequantize(rows: Range<Int>, into y: UnsafeMutablePointer<Float>) {
    dequantize(rows: rows, columns: 0..<columns, into: y)
  }

  /// Writes a rectangle of the weights as floats, row-major without gaps.
  ///
  /// - Parameters:
  ///   - rows: Which rows.
  ///   - columns: Which columns.
  ///   - y: `[rows.count, columns.count]`.
  package func dequantize(
    rows: Range<Int>, columns: Range<Int>, into y: UnsafeMutablePointer<Float>
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0
        && columns.upperBound <= self.columns,
      "dequantize: rows \(rows), columns \(columns) of \(self.rows) × \(self.columns)")
    defer { withExtendedLifetime(self) {} }  // pointers do not keep the matrix alive
    switch format {
    case .int8:
      let (codes, scales) = (codes, scales)
      for row in rows {
        Int8Row.decode(
          codes + (row * self.columns + columns.lowerBound), count: columns.count,
          scale: scales[row], into: y + (row - rows.lowerBound) * columns.count)
      }
    case .nf4(let isDouble):
      let scales =
        isDouble
        ? BlockScales(first: self.scales, codes: blockCodes, mean: meanScale.pointee)
        : BlockScales(first: self.scales, codes: nil, mean: 0)
      // Blocks run on over the ends of rows, so whole rows are one run.
      if columns.count == self.columns {
        decode(
          from: rows.lowerBound * columns.count, count: rows.count * columns.count, scales, into: y)
      } else {
        for row in rows {
          decode(
            from: row * self.columns + columns.lowerBound, count: columns.count, scales,
            into: y + (row - rows.lowerBound) * columns.count)
        }
      }
    }
  }

  /// Decodes a run of the flattened matrix, block after block.
  private func decode(
    from first: Int, count: Int, _ scales: BlockScales, into y: UnsafeMutablePointer<Float>
  ) {
    let (size, codes) = (NormalFloat4.blockSize, codes)
    NormalFloat4.pairs.withUnsafeBufferPointer { pairs in
      ScaleCode.values.withUnsafeBufferPointer { scaleValues in
        guard let pairs = pairs.baseAddress, let scaleValues = scaleValues.baseAddress else {
          return
        }
        var i = first
        while i < first &+ count {
          let block = i / size
          let end = min(first &+ count, (block &+ 1) &* size)
          NormalFloat4.decode(
            codes, from: i, count: end &- i, scale: scales.scale(of: block, scaleValues),
            pairs: pairs, into: y + (i &- first))
          i = end
        }
      }
    }
  }
}

/// The scales of an nf4 matrix's blocks, plain or quantized themselves.
private struct BlockScales {
  let first: UnsafePointer<Float>
  let codes: UnsafePointer<UInt8>?
  let mean: Float

  @inline(__always)
  func scale(of block: Int, _ values: UnsafePointer<Float>) -> Float {
    guard let codes else { return first[block] }
    return values[Int(codes[block])] * first[block / ScaleCode.groupSize] + mean
  }
}
