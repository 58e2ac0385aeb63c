@testable import Engine

/// Weights that Python computes to the same bits: `weights` in `Tests/Parity/make_quantized.py`.
enum QuantizationSamples {
  static let formats: [QuantizedFormat] = [
    .int8, .nf4(doubleQuantization: false), .nf4(doubleQuantization: true),
  ]

  /// A hash of the index in ±1/64 … ±7/64, wider in some places than in others.
  static func weights(_ count: Int) -> [Float] {
    (0..<count).map { index in
      var x = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9 &+ 0x811C_9DC5
      x ^= x >> 16
      x &*= 0x85EB_CA6B
      x ^= x >> 13
      x &*= 0xC2B2_AE35
      x ^= x >> 16
      let unit = Float(x >> 8) / 8_388_608 - 1
      return unit * Float(1 + index / 50 % 7) / 64
    }
  }

  static func matrix(
    _ weights: [Float], rows: Int, columns: Int, format: QuantizedFormat,
    in ledger: MemoryLedger = MemoryLedger()
  ) -> QuantizedMatrix {
    QuantizedMatrix(rows: rows, columns: columns, format: format, in: ledger) { range, address in
      for i in 0..<range.count * columns {
        address[i] = weights[range.lowerBound * columns + i]
      }
    }
  }
}

extension QuantizedMatrix {
  /// A rectangle of the weights as floats, by default all.
  func dequantized(rows: Range<Int>? = nil, columns: Range<Int>? = nil) -> [Float] {
    let (rows, columns) = (rows ?? 0..<self.rows, columns ?? 0..<self.columns)
    var floats = [Float](repeating: 0, count: rows.count * columns.count)
    floats.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress {
        dequantize(rows: rows, columns: columns, into: start)
      }
    }
    return floats
  }
}
