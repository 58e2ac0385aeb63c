import Testing

@testable import Engine

@Suite struct QuantizedMatrixTests {
  static let widths = [1, 63, 64, 65, 100, 768]

  @Test("agrees with bitsandbytes to the bit", arguments: RecordedQuantization.all)
  func reference(recorded: RecordedQuantization) {
    let count = recorded.rows * recorded.columns
    let values = QuantizationSamples.matrix(
      QuantizationSamples.weights(count), rows: recorded.rows, columns: recorded.columns,
      format: recorded.format
    ).dequantized()
    #expect((0..<5).map { values[$0 * (count - 1) / 4] } == recorded.samples)
    let digest = values.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3
    }
    #expect(digest == recorded.digest)
  }

  /// Codes are the nearest, so an error is at most half a scale, plus what floats round off.
  ///
  /// 127 scales are a row's largest magnitude, so that rounding is within a few 127 · 2⁻²³ of a scale.
  @Test("int8 is off by half a scale at most", arguments: widths)
  func int8Error(width: Int) {
    let weights = QuantizationSamples.weights(5 * width)
    let values = QuantizationSamples.matrix(weights, rows: 5, columns: width, format: .int8)
      .dequantized()
    for row in 0..<5 {
      let range = row * width..<(row + 1) * width
      let scale = Self.largest(weights[range]) / 127
      for i in range { #expect(abs(weights[i] - values[i]) <= scale * (0.5 + 0x1p-15)) }
    }
  }

  /// `|a c - a ĉ| ≤ a g / 2` for a weight `a c`, where `a` is its block's largest magnitude.
  ///
  /// The widest gap `g` lies between -1 and its neighbour; `ĉ` is the value nearest to `c`.
  @Test("nf4 is off by half the widest gap of its values", arguments: widths)
  func nf4Error(width: Int) {
    let weights = QuantizationSamples.weights(5 * width)
    let values = QuantizationSamples.matrix(
      weights, rows: 5, columns: width, format: .nf4(doubleQuantization: false)
    ).dequantized()
    for block in Self.blocks(weights) {
      let bound = Self.largest(weights[block]) * Self.halfGap(NormalFloat4.values)
      for i in block { #expect(abs(weights[i] - values[i]) <= bound * (1 + 0x1p-20)) }
    }
  }

  /// Double quantization replaces `a` by `â`: `|a c - â ĉ| ≤ |a c - a ĉ| + |a - â|`, as `|ĉ| ≤ 1`.
  ///
  /// `|a - â|` is at most half the widest gap of the scales' values times the largest distance of the
  /// group's scales from the mean of all.
  @Test("double quantization adds the error of the scales", arguments: widths)
  func doubleError(width: Int) {
    let weights = QuantizationSamples.weights(30 * width)
    let values = QuantizationSamples.matrix(
      weights, rows: 30, columns: width, format: .nf4(doubleQuantization: true)
    ).dequantized()
    let blocks = Self.blocks(weights)
    let scales = blocks.map { Self.largest(weights[$0]) }
    let mean = scales.reduce(0, +) / Float(scales.count)
    for (index, block) in blocks.enumerated() {
      let group = index / 256 * 256
      let distance =
        scales[group..<min(group + 256, scales.count)].map { abs($0 - mean) }.max() ?? 0
      let bound =
        scales[index] * Self.halfGap(NormalFloat4.values)
        + distance * Self.halfGap(ScaleCode.values) + mean * 0x1p-20
      for i in block { #expect(abs(weights[i] - values[i]) <= bound) }
    }
  }

  @Test("holds the bytes that are predicted, and nothing else stays", arguments: widths)
  func memory(width: Int) {
    for format in QuantizationSamples.formats {
      let ledger = MemoryLedger()
      do {
        let matrix = QuantizationSamples.matrix(
          QuantizationSamples.weights(70 * width), rows: 70, columns: width, format: format,
          in: ledger)
        let predicted = QuantizedMatrix.bytes(rows: 70, columns: width, format: format)
        withExtendedLifetime(matrix) {
          #expect(ledger.bytes(.weights) == predicted)
          #expect(ledger.total == predicted)
        }
      }
      #expect(ledger.total == 0)
    }
  }

  @Test("a large matrix takes the bytes a weight that the papers say")
  func bytesPerWeight() {
    func perWeight(_ format: QuantizedFormat) -> Double {
      Double(QuantizedMatrix.bytes(rows: 4096, columns: 4096, format: format)) / (4096 * 4096)
    }
    #expect(perWeight(.int8) == 1 + 4.0 / 4096)
    #expect(perWeight(.nf4(doubleQuantization: false)) == 0.5 + 4.0 / 64)
    // A byte a block, four a group of 256 blocks, and a mean of four.
    let doubled = 0.5 + 1.0 / 64 + 4.0 / 16384 + 0x1p-22
    #expect(perWeight(.nf4(doubleQuantization: true)) == doubled)
  }

  @Test("a rectangle is cut from the whole", arguments: QuantizationSamples.formats)
  func rectangles(format: QuantizedFormat) {
    for width in [63, 65, 100, 768] {
      let matrix = QuantizationSamples.matrix(
        QuantizationSamples.weights(70 * width), rows: 70, columns: width, format: format)
      let whole = matrix.dequantized()
      for (rows, columns) in [
        (0..<1, 0..<1), (3..<68, 1..<width), (69..<70, 7..<58), (5..<5, 2..<9),
      ] {
        let cut = rows.flatMap { row in columns.map { whole[row * width + $0] } }
        #expect(matrix.dequantized(rows: rows, columns: columns) == cut)
      }
      #expect(matrix.dequantized(rows: 3..<68) == Array(whole[3 * width..<68 * width]))
    }
  }

  @Test("zeros stay zeros beside other weights", arguments: QuantizationSamples.formats)
  func zeros(format: QuantizedFormat) {
    var weights = QuantizationSamples.weights(6 * 128)
    for i in 128..<384 { weights[i] = 0 }
    let values = QuantizationSamples.matrix(weights, rows: 6, columns: 128, format: format)
      .dequantized()
    #expect(values[128..<384].allSatisfy { $0 == 0 })
    #expect(
      QuantizationSamples.matrix([0, 0], rows: 1, columns: 2, format: format).dequantized()
        == [0, 0])
  }

  @Test("a constant is kept", arguments: QuantizationSamples.formats)
  func constants(format: QuantizedFormat) {
    for constant in [0.37, -0.37, 1e30, -1e-30] as [Float] {
      let values = QuantizationSamples.matrix(
        [Float](repeating: constant, count: 130), rows: 2, columns: 65, format: format
      ).dequantized()
      for value in values { #expect(abs(value - constant) <= abs(constant) * 0x1p-22) }
    }
  }

  @Test(
    "weights below the normal range lose no more than that", arguments: QuantizationSamples.formats)
  func denormals(format: QuantizedFormat) {
    let tiny: [Float] = [.leastNonzeroMagnitude, -.leastNormalMagnitude / 3, 2e-38, -3e-37]
    for largest in tiny {
      let weights = (0..<64).map { largest * Float(1 - $0 % 3) }
      let values = QuantizationSamples.matrix(weights, rows: 1, columns: 64, format: format)
        .dequantized()
      let bound = max(abs(largest), .leastNormalMagnitude) * Self.halfGap(NormalFloat4.values)
      for i in 0..<64 { #expect(abs(values[i] - weights[i]) <= max(bound, .leastNormalMagnitude)) }
    }
  }

  @Test("an error of the source reaches the caller and leaves nothing behind")
  func failure() {
    struct Missing: Error {}
    let ledger = MemoryLedger()
    #expect(throws: Missing.self) {
      try QuantizedMatrix(rows: 130, columns: 3, format: .int8, in: ledger) { rows, _ in
        if rows.lowerBound > 0 { throw Missing() }
      }
    }
    #expect(ledger.total == 0)
  }

  private static func blocks(_ weights: [Float]) -> [Range<Int>] {
    stride(from: 0, to: weights.count, by: 64).map { $0..<min($0 + 64, weights.count) }
  }

  private static func largest(_ weights: ArraySlice<Float>) -> Float {
    weights.map(abs).max() ?? 0
  }

  private static func halfGap(_ values: [Float]) -> Float {
    zip(values, values.dropFirst()).map { ($1 - $0) / 2 }.max() ?? 0
  }
}
