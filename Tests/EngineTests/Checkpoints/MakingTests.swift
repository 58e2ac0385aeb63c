import Foundation
import Testing

@testable import Engine

@Suite("Models made here")
struct MakingTests {
  private static let shape = DecoderShape(
    width: 8, layers: 2, heads: 2, feedForwardWidth: 12, context: 16)
  private static let tokenizer = WordTokenizer(words: ["a", "b", "c"])

  @Test("a model that was made is read with the same bits")
  func roundTrip() throws {
    let scratch = try ScratchFolder()
    let url = scratch.url.appendingPathComponent("new/model")
    let description = try Self.shape.description(for: Self.tokenizer, name: "recipe")
    let made = Transformer(
      description, from: InitialWeights(seed: 4, for: description), in: MemoryLedger())
    try ModelFolder.make(made, shape: Self.shape, tokenizer: Self.tokenizer, at: url)
    let folder = try ModelFolder(url)
    try folder.checkShapes()
    _ = try folder.tokenizer()
    #expect(folder.description == description)
    #expect(folder.description.parameterCount == 8 * 7 + 2 * (4 * 72 + 12 * 8 * 2 + 20 + 32) + 16)
    let read = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    #expect(read.weights.map(\.tensor.values) == made.weights.map(\.tensor.values))
  }

  @Test("a shape that cannot be is reported with its field")
  func impossible() {
    var shape = Self.shape
    shape.heads = 3
    let error = #expect(throws: CheckpointError.self) {
      try shape.description(for: Self.tokenizer, name: "recipe.yml")
    }
    #expect(
      error?.description.hasPrefix("recipe.yml: the width 8 is not a multiple of the 3 heads")
        == true)
  }

  @Test("initial matrices keep the size of what they multiply, those before a sum are smaller")
  func initial() throws {
    let description = try DecoderShape(
      width: 64, layers: 2, heads: 2, feedForwardWidth: 128, context: 16
    ).description(for: Self.tokenizer, name: "recipe")
    let model = Transformer(
      description, from: InitialWeights(seed: 4, for: description), in: MemoryLedger())
    func deviation(_ tensor: Tensor<Float>?) -> Double {
      let values = tensor?.values ?? []
      return (values.reduce(0.0) { $0 + Double($1 * $1) } / Double(values.count)).squareRoot()
    }
    let layer = model.layers[1]
    #expect(abs(deviation(layer.up.weight) * 8 - 1) < 0.05)
    #expect(abs(deviation(layer.down.weight) * 128.0.squareRoot() - 0.5) < 0.03)
    #expect(abs(deviation(layer.output.weight) * 8 - 0.5) < 0.03)
    #expect(layer.up.bias?.values.allSatisfy { $0 == 0 } == true)
    #expect(layer.attentionNorm?.weight.values.allSatisfy { $0 == 1 } == true)
  }
}
