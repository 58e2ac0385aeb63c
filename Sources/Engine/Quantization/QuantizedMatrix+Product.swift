extension QuantizedMatrix {
  /// Writes the weights of a range of rows as floats, row-major without gaps.
  ///
  /// - Parameters:
  ///   - rows: Which rows.
  ///   - y: `[rows.count, columns]`.
  func dequantize(rows: Range<Int>, into y: UnsafeMutablePointer<Float>) {
    dequantize(rows: rows, columns: 0..<columns, into: y)
  }

  /// Writes a rectangle of the weights as floats, row-major without gaps.
  ///
  /// - Parameters:
  ///   - rows: Which rows.
  ///   - columns: Which columns.
  ///   - y: `[rows.count, columns.count]`.
  func dequantize(
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

/// Products with a matrix that is never whole in memory as floats: a tile of rows at a time is
/// dequantized and multiplied.
///
/// Two threads share a product without locks: each takes a range and a workspace of its own.
extension QuantizedMatrix {
  /// Rows dequantized at once: BLAS packs the other operand again for every tile, which shows below
  /// 128 rows, and tiles of more rows than these only cost memory.
  private static let tileRows = 192

  /// Floats of workspace a product needs on each thread.
  var workspaceCount: Int { min(rows, Self.tileRows) * columns }

  /// Computes some outputs of a linear layer: `y = x Wᵀ`, or `y += x Wᵀ`.
  ///
  /// - Parameters:
  ///   - x: `[tokens, columns]`, without gaps.
  ///   - tokens: Rows of `x` and `y`.
  ///   - y: Output 0 of the first token; only the outputs in `rows` are written.
  ///   - stride: Floats from one token of `y` to the next.
  ///   - rows: Which outputs, which are rows of `W`; all by default.
  ///   - adding: Whether to add to what `y` holds; if not, `y` may be uninitialized.
  ///   - workspace: ``workspaceCount`` floats.
  package func multiply(
    _ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>, stride: Int,
    rows: Range<Int>? = nil, adding: Bool, workspace: UnsafeMutablePointer<Float>
  ) {
    for tile in Self.tiles(of: rows ?? 0..<self.rows) {
      dequantize(rows: tile, into: workspace)
      Float.multiply(
        MatrixView(x, stride: columns), MatrixView(workspace, .transposed, stride: columns),
        rows: tokens, columns: tile.count, inner: columns, alpha: 1, beta: adding ? 1 : 0,
        into: y + tile.lowerBound, stride: stride)
    }
  }

  /// Computes some input gradients of a linear layer: `dx = dy W`, or `dx += dy W`.
  ///
  /// - Parameters:
  ///   - dy: `[tokens, rows]`.
  ///   - tokens: Rows of `dy` and `dx`.
  ///   - stride: Floats from one token of `dy` to the next.
  ///   - dx: `[tokens, self.columns]`, without gaps; only the inputs in `columns` are written.
  ///   - columns: Which inputs, which are columns of `W`; all by default. Ranges that begin and end
  ///     at multiples of 64 are decoded fastest.
  ///   - adding: Whether to add to what `dx` holds; if not, `dx` may be uninitialized.
  ///   - workspace: ``workspaceCount`` floats.
  func multiplyTransposed(
    _ dy: UnsafePointer<Float>, tokens: Int, stride: Int, into dx: UnsafeMutablePointer<Float>,
    columns: Range<Int>? = nil, adding: Bool, workspace: UnsafeMutablePointer<Float>
  ) {
    let columns = columns ?? 0..<self.columns
    for tile in Self.tiles(of: 0..<rows) {
      dequantize(rows: tile, columns: columns, into: workspace)
      Float.multiply(
        MatrixView(dy + tile.lowerBound, stride: stride),
        MatrixView(workspace, stride: columns.count), rows: tokens, columns: columns.count,
        inner: tile.count, alpha: 1, beta: adding || tile.lowerBound > 0 ? 1 : 0,
        into: dx + columns.lowerBound, stride: self.columns)
    }
  }

  private static func tiles(of rows: Range<Int>) -> some Sequence<Range<Int>> {
    Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: tileRows).lazy.map {
      $0..<min($0 + tileRows, rows.upperBound)
    }
  }
}
