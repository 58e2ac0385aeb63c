import Testing

@testable import Engine

@Suite("Weights that a pre-training begins with")
struct InitialWeightsTests {
  private static let description = ModelDescription(
    family: .neox, vocabularySize: 40, width: 64, layers: 2, heads: 4, feedForwardWidth: 64,
    isGated: false, activation: .gelu, normalization: .layer(epsilon: 1e-5),
    hasParallelResidual: true, positions: .rotary(base: 10_000, width: 8), maximumPositions: 32,
    attentionBias: true, attentionOutputBias: true, feedForwardBias: true, tiesEmbeddings: false)

  private func weight(_ slot: WeightSlot, rows: Int, columns: Int) -> [Float] {
    InitialWeights(seed: 3, for: Self.description)
      .tensor(slot, rows: rows, columns: columns, in: MemoryLedger()).values
  }

  @Test("keys begin as queries, and words are scored with what they are read with")
  func equal() {
    for layer in 0..<2 {
      let query = weight(.layer(layer, .query), rows: 64, columns: 64)
      #expect(query == weight(.layer(layer, .key), rows: 64, columns: 64))
    }
    #expect(
      weight(.output, rows: 40, columns: 64) == weight(.tokenEmbedding, rows: 40, columns: 64))
  }

  @Test("attention begins by adding a copy of what it attends to")
  func copies() {
    let value = weight(.layer(1, .value), rows: 64, columns: 64)
    let output = weight(.layer(1, .output), rows: 64, columns: 64)
    for i in 0..<64 {
      for j in 0..<64 {
        // Divided by √(2 · 2 layers).
        #expect(abs(output[i * 64 + j] - value[j * 64 + i] / 2) < 1e-6)
      }
    }
  }

  @Test("one head of each layer begins at the token before")
  func previous() {
    let query = weight(.bias(.layer(1, .query)), rows: 1, columns: 64)
    let key = weight(.bias(.layer(1, .key)), rows: 1, columns: 64)
    let table = RotaryTable<Float>(RotaryPositions(base: 10_000, width: 8), headWidth: 16)
    func turned(_ bias: [Float], to position: Int) -> [Float] {
      var values = bias
      table.grow(to: 32)
      values.withUnsafeMutableBufferPointer { values in
        guard let start = values.baseAddress else { return }
        table.turn(start, positions: [position], heads: 4, back: false)
      }
      return values
    }
    let asked = turned(query, to: 20)
    let scores = (0...20).map { position in
      zip(asked, turned(key, to: position)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(scores.indices.max { scores[$0] < scores[$1] } == 19)
    #expect(query[16...].allSatisfy { $0 == 0 } && key[16...].allSatisfy { $0 == 0 })
  }
}
