import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("The real checkpoint stories260K", .enabled(if: SharedData.isPresent))
struct StoriesTests {
  private let folder = SharedData.data("models/stories260K")

  private func model() throws -> Transformer<Float> {
    let folder = try ModelFolder(folder)
    return try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  @Test("logits after “Once upon a time” match the recorded ones to 1e-3")
  func logits() throws {
    let (model, tokenizer) = (try model(), try TokenizerLoader.load(from: folder))
    let ids = tokenizer.encode("Once upon a time", addingSpecialTokens: true)
    #expect(ids == [1, 403, 407, 261, 378])
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch([ids]), .lastTokens, on: tape)
    let logits = model.logits(hidden, on: tape).values
    for (id, expected) in zip(259...263, [5.9240, 2.7173, 7.6304, 4.1877, 6.8410] as [Float]) {
      #expect(abs(logits[id] - expected) < 1e-3)
    }
    #expect(logits.firstIndex(of: logits.max() ?? 0) == 432)
  }

  @Test("greedy text from the begin token matches the recorded one")
  func greedy() throws {
    let (model, tokenizer) = (try model(), try TokenizerLoader.load(from: folder))
    let text = tokenizer.decode(model.greedyContinuation(of: [1], count: 60))
    #expect(
      text.trimmingCharacters(in: .whitespaces).hasPrefix(
        "Once upon a time, there was a little girl named Lily. She loved to play outside in the "
          + "park. One day, she saw a big, red ball."))
  }

  @Test("mean loss of a HANS sentence matches the recorded one")
  func sentenceLoss() throws {
    let (model, tokenizer) = (try model(), try TokenizerLoader.load(from: folder))
    let ids = tokenizer.encode("The lawyer was advised by the actor.", addingSpecialTokens: true)
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch([Array(ids.dropLast())]), on: tape)
    let losses = tape.crossEntropy(
      model.logits(hidden, on: tape), targets: ids.dropFirst().map(Int.init))
    #expect(abs(losses.values.reduce(0, +) / Float(losses.count) - 3.02688) < 1e-4)
  }
}
