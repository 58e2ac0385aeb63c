import Testing

@testable import Engine

@Suite struct QuantizedProductTests {
  /// Rows below, at and above the rows of a tile.
  static let shapes = [(5, 1), (191, 63), (192, 64), (200, 65), (400, 100), (193, 320)]

  @Test("a product is that of the dequantized matrix", arguments: shapes)
  func product(rows: Int, columns: Int) {
    for format in QuantizationSamples.formats {
      let trial = ProductCase(rows: rows, columns: columns, format: format)
      for adding in [false, true] {
        let expected = trial.expectedOutputs(adding: adding)
        #expect(ProductCase.agree(trial.outputs([0..<rows], adding: adding), expected))
        let halves = [rows / 2..<rows, 0..<rows / 2]
        #expect(ProductCase.agree(trial.outputs(halves, adding: adding), expected))
      }
    }
  }

  @Test("a transposed product is that of the dequantized matrix", arguments: shapes)
  func transposedProduct(rows: Int, columns: Int) {
    for format in QuantizationSamples.formats {
      let trial = ProductCase(rows: rows, columns: columns, format: format)
      for adding in [false, true] {
        let expected = trial.expectedInputs(adding: adding)
        #expect(ProductCase.agree(trial.inputs([0..<columns], adding: adding), expected))
        let halves = [columns / 2..<columns, 0..<columns / 2]
        #expect(ProductCase.agree(trial.inputs(halves, adding: adding), expected))
      }
    }
  }

  @Test("the same product has the same bits", arguments: QuantizationSamples.formats)
  func determinism(format: QuantizedFormat) {
    let first = ProductCase(rows: 400, columns: 100, format: format)
    let second = ProductCase(rows: 400, columns: 100, format: format)
    #expect(first.outputs([0..<400], adding: false) == second.outputs([0..<400], adding: false))
    #expect(first.inputs([0..<100], adding: true) == second.inputs([0..<100], adding: true))
  }
}

/// A quantized matrix, operands for it, and its products in plain loops.
private struct ProductCase {
  static let tokens = 3
  /// Floats between the outputs of two tokens, which nothing may touch.
  static let gap = 5
  let matrix: QuantizedMatrix
  let weights: [Float]
  let x: [Float]
  let dy: [Float]
  var stride: Int { matrix.rows + Self.gap }

  init(rows: Int, columns: Int, format: QuantizedFormat) {
    matrix = QuantizationSamples.matrix(
      QuantizationSamples.weights(rows * columns), rows: rows, columns: columns, format: format)
    weights = matrix.dequantized()
    x = QuantizationSamples.weights(Self.tokens * columns)
    dy = QuantizationSamples.weights(Self.tokens * (rows + Self.gap))
  }

  func outputs(_ ranges: [Range<Int>], adding: Bool) -> [Float] {
    var y = [Float](repeating: 0.5, count: Self.tokens * stride)
    var workspace = [Float](repeating: .nan, count: matrix.workspaceCount)
    for rows in ranges {
      matrix.multiply(
        x, tokens: Self.tokens, into: &y, stride: stride, rows: rows, adding: adding,
        workspace: &workspace)
    }
    return y
  }

  func inputs(_ ranges: [Range<Int>], adding: Bool) -> [Float] {
    var dx = [Float](repeating: 0.5, count: x.count)
    var workspace = [Float](repeating: .nan, count: matrix.workspaceCount)
    for columns in ranges {
      matrix.multiplyTransposed(
        dy, tokens: Self.tokens, stride: stride, into: &dx, columns: columns, adding: adding,
        workspace: &workspace)
    }
    return dx
  }

  func expectedOutputs(adding: Bool) -> [Double] {
    (0..<Self.tokens * stride).map { index in
      let (token, row) = (index / stride, index % stride)
      guard row < matrix.rows else { return 0.5 }
      return (0..<matrix.columns).reduce(adding ? 0.5 : 0) {
        $0 + Double(x[token * matrix.columns + $1]) * Double(weights[row * matrix.columns + $1])
      }
    }
  }

  func expectedInputs(adding: Bool) -> [Double] {
    (0..<x.count).map { index in
      let (token, column) = (index / matrix.columns, index % matrix.columns)
      return (0..<matrix.rows).reduce(adding ? 0.5 : 0) {
        $0 + Double(dy[token * stride + $1]) * Double(weights[$1 * matrix.columns + column])
      }
    }
  }

  /// Whether the values differ by the rounding of float sums only: terms are below 0.02 and partial
  /// sums below 1.
  static func agree(_ values: [Float], _ expected: [Double]) -> Bool {
    values.count == expected.count
      && zip(values, expected).allSatisfy { abs(Double($0) - $1) < 2e-6 }
  }
}
