import Engine

/// The rate of a float32 matrix product: what the machine can do at best.
struct ProductRate: Encodable {
  /// The largest rate of all shapes, in operations per second.
  let operationsPerSecond: Double
  /// The shape that had it, rows × columns × inner.
  let shape: [Int]
  let threads: Int
  let library = BLAS.name

  /// Squares, and the shapes of OPT-125M's layers with a batch of CoLA and of MNLI.
  private static let shapes = [
    [1024, 1024, 1024], [2048, 2048, 2048], [4096, 4096, 4096], [332, 768, 768],
    [332, 3072, 768], [332, 768, 3072], [1206, 3072, 768], [1206, 768, 3072],
  ]

  /// Multiplies matrices of each shape several times and takes the fastest.
  static func measured(threads: Int) -> ProductRate {
    var best = (rate: 0.0, shape: [0, 0, 0])
    for shape in shapes {
      let rate = rate(rows: shape[0], columns: shape[1], inner: shape[2])
      if rate > best.rate { best = (rate, shape) }
    }
    return ProductRate(operationsPerSecond: best.rate, shape: best.shape, threads: threads)
  }

  private static func rate(rows: Int, columns: Int, inner: Int) -> Double {
    let a = [Float](repeating: 0.5, count: rows * inner)
    let b = [Float](repeating: 0.25, count: columns * inner)
    var c = [Float](repeating: 0, count: rows * columns)
    let operations = 2 * Double(rows) * Double(columns) * Double(inner)
    // About half a second for each shape on a core of 100 GFLOP/s.
    let runs = max(4, Int(5e10 / operations))
    var least = Double.infinity
    for _ in 0..<runs {
      let time = ContinuousClock().measure {
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            c.withUnsafeMutableBufferPointer { c in
              guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
                return
              }
              Product.multiply(
                MatrixView(a, stride: inner), MatrixView(b, .transposed, stride: inner),
                rows: rows, columns: columns, inner: inner, beta: 0, into: c, stride: columns)
            }
          }
        }
      }
      least = min(least, time / .seconds(1))
    }
    precondition(c.allSatisfy(\.isFinite), "the product of finite matrices is not finite")
    return operations / least
  }
}
