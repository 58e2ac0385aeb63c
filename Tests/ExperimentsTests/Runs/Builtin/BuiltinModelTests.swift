import Foundation
import Testing

@testable import Engine
@testable import Experiments

@Suite("The built-in model")
struct BuiltinModelTests {
  private static let folder = Result { try BuiltinModel.small.folder() }

  @Test("what ships is sound, small, and what its record says")
  func sound() throws {
    let folder = try ModelFolder(Self.folder.get())
    try folder.checkShapes()
    try folder.checkFinite()
    let data = try Data(contentsOf: folder.url.appendingPathComponent("training.json"))
    let record = try JSONDecoder().decode(PretrainingRecord.self, from: data)
    let weights = folder.url.appendingPathComponent("model.safetensors")
    #expect(try FileFingerprint(of: weights, cache: nil).digest == record.weights)
    #expect(try Data(contentsOf: weights).count <= 8 << 20)
    #expect(record.parameters == folder.description.parameterCount)
    #expect(record.corpus == "world \(World.version)")
    #expect(record.steps == record.recipe.steps && record.tokens >= record.recipe.tokens)
    #expect(record.curve.last?.step == record.steps)
  }

  @Test("its tokenizer knows every word of the world by one token")
  func words() throws {
    let tokenizer = try TokenizerLoader.load(from: Self.folder.get())
    #expect(tokenizer.vocabularySize == World.vocabulary.count)
    for (id, word) in World.vocabulary.enumerated() {
      #expect(tokenizer.encode(word, addingSpecialTokens: false) == [Int32(id)])
    }
  }

  @Test("it has learnt the world's text and to say again what it has read")
  func losses() throws {
    let folder = try ModelFolder(Self.folder.get())
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    let ids = WordTokenizer(words: WorldCorpus(.init()).vocabulary).ids
    func loss(_ kind: String) -> Double {
      let corpus = WorldCorpus(heldOutFrom: .init(seed: 77), kind: kind)
      let texts = (0..<6).map { number in
        [Int32(WordTokenizer.beginToken)] + corpus.document(number).compactMap { ids[$0] }
      }
      let losses = model.languageModelLosses(texts, on: Tape(ledger: model.ledger)).values
      return losses.reduce(0.0) { $0 + Double($1) } / Double(losses.count)
    }
    // Where nothing is known a word costs log 427 = 6.06 nats.
    #expect(loss("stories") < 2)
    #expect(loss("sentences") < 3)
  }

  @Test("a name means what ships, a path a folder")
  func names() throws {
    #expect(try BuiltinModel.folder(of: "builtin") == Self.folder.get())
    #expect(try BuiltinModel.folder(of: "./builtin").path.hasSuffix("/builtin"))
    #expect(try BuiltinModel.folder(of: "./builtin") != Self.folder.get())
  }
}
