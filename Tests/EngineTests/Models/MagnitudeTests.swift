import Testing

@testable import Engine

@Suite("Magnitudes of rows (DoRA)")
struct MagnitudeTests {
  @Test("the layer is m (W + sBA) / ‖W + sBA‖ by rows, plus its bias", arguments: [1, 7, 8, 9, 17])
  func definition(width: Int) throws {
    var check = GradientCheck()
    let weight = check.input(5, width)
    let bias = check.input(1, 5)
    let x = check.input(3, width)
    for tensor in [weight, bias, x] { tensor.requiresGradient = false }
    let layer = LinearLayer(.dense(weight), bias: bias)
    layer.attachLowRank(
      rank: 2, scale: 0.7, dropout: 0, random: RandomStream(seed: 1, purpose: "a"),
      withMagnitude: true, in: check.ledger)
    let base = Tape<Double>(ledger: check.ledger).linear(x, weight, bias: bias).values
    for (a, b) in zip(layer(x, on: Tape(ledger: check.ledger)).values, base) {
      #expect(abs(a - b) < 1e-12)
    }
    let lowRank = try #require(layer.lowRank)
    let lengths = try #require(lowRank.magnitude?.lengths)
    for i in 0..<lowRank.b.count { lowRank.b.elements[i] = Double(i % 3) - 0.7 }
    for i in 0..<5 { lengths.elements[i] = Double(i) + 0.5 }
    let values = layer(x, on: Tape(ledger: check.ledger)).values
    for output in 0..<5 {
      let row = (0..<width).map { j in
        weight.elements[output * width + j]
          + 0.7
          * (0..<2).reduce(0) {
            $0 + lowRank.b.elements[output * 2 + $1] * lowRank.a.elements[$1 * width + j]
          }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for token in 0..<3 {
        let product = (0..<width).reduce(0) { $0 + row[$1] * x.elements[token * width + $1] }
        let expected = (Double(output) + 0.5) * product / length + bias.elements[output]
        #expect(abs(values[token * 5 + output] - expected) < 1e-10)
      }
    }
  }
}
