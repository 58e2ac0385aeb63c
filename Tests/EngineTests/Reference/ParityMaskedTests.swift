import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Masked words as Transformers predicts them")
struct ParityMaskedTests {
  static let families = [
    "bert", "distilbert", "roberta", "xlm-roberta", "electra", "albert", "modernbert",
  ]

  /// What `Tests/Parity/make_masked.py` recorded.
  private struct Recorded: Decodable {
    struct Text: Decodable {
      let tokens: [Int32]
      let masks: [Int]
      let targets: [Int]
    }

    struct Gradients: Decodable {
      /// The norm of each row.
      let embedding: [Double]
      /// Of the head's dense layer.
      let dense: [Double]
    }

    let texts: [Text]
    let rate: Double
    let weightDecay: Double
    /// At the masks, text by text.
    let logits: [Double]
    let gradients: Gradients
    let losses: [Double]
    let norms: [Double]

    var sequences: [TokenSequence] { texts.map { TokenSequence($0.tokens, masks: $0.masks) } }
    var targets: [Int] { texts.flatMap(\.targets) }
  }

  private static func recorded(_ family: String) throws -> (Recorded, URL) {
    let folder = ParityFixture.root.appendingPathComponent("masked/\(family)")
    let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
    return (try JSONDecoder().decode(Recorded.self, from: data), folder)
  }

  /// The encoder together with its head, in two files.
  private static func folder(_ family: String, in files: TemporaryFolder) throws -> ModelFolder {
    let (_, head) = try recorded(family)
    let body = ParityFixture.root.appendingPathComponent(family)
    for (source, name) in [
      (body, "config.json"), (head, "head.safetensors"), (head, "model.safetensors.index.json"),
    ] {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: files.file(name))
    }
    // A file of the usual name would be read without its index.
    try FileManager.default.copyItem(
      at: body.appendingPathComponent("model.safetensors"), to: files.file("body.safetensors"))
    try RenamedTensors.giveUp(
      namesOf: files.file("head.safetensors"), in: files.file("body.safetensors"))
    return try ModelFolder(files.url)
  }

  @Test(
    "logits, gradients and twenty steps, and the model that is saved afterwards",
    arguments: families)
  func course(family: String) throws {
    let files = try TemporaryFolder()
    let (recorded, _) = try Self.recorded(family)
    let folder = try Self.folder(family, in: files)
    #expect(folder.description.readout == nil && folder.description.whyNoMaskedWords == nil)
    let whole = folder.predictingMasks
    try whole.checkShapes()
    let ledger = MemoryLedger()
    let model = try Transformer<Float>(
      whole.description, from: CheckpointWeights(whole), in: ledger)
    let batch = model.packed(recorded.sequences)
    let found = model.logits(
      model.hiddenStates(batch, .maskedTokens, on: Tape(ledger: ledger)), on: Tape(ledger: ledger)
    ).values
    #expect(found.count == recorded.logits.count)
    for (a, b) in zip(found, recorded.logits) { #expect(abs(Double(a) - b) < 2e-4 * (1 + abs(b))) }

    model.setTrainable(true)
    func losses(_ tape: Tape<Float>) -> Tensor<Float> {
      model.maskedLanguageModelLosses(recorded.sequences, targets: recorded.targets, on: tape)
    }
    let tape = Tape<Float>(ledger: ledger)
    let first = losses(tape)
    tape.backward(from: [(first, 1 / Float(first.rows))])
    let rows = try #require(model.tokenEmbedding.gradient)
    let width = model.tokenEmbedding.columns
    for (row, norm) in recorded.gradients.embedding.enumerated() {
      let own = rows[(row * width)..<((row + 1) * width)]
      let square = own.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(square.squareRoot() - norm) < 1e-3 * (1 + norm), "row \(row)")
    }
    let dense = try #require(model.readout?.weight.gradient)
    for (a, b) in zip(dense, recorded.gradients.dense) { #expect(abs(Double(a) - b) < 1e-3) }
    for parameter in model.parameters { parameter.tensor.discardGradient() }

    let optimizer = AdamW<Float>(
      model.parameters.map { AdamW.Group($0.tensor) },
      options: .init(weightDecay: recorded.weightDecay, clipNorm: 1), in: ledger)
    for (step, loss) in recorded.losses.enumerated() {
      let tape = Tape<Float>(ledger: ledger)
      let found = losses(tape)
      let mean = found.values.reduce(0.0) { $0 + Double($1) } / Double(found.rows)
      #expect(abs(mean - loss) < 2e-3 * (1 + loss), "step \(step)")
      tape.backward(from: [(found, 1 / Float(found.rows))])
      let norm = optimizer.step(learningRate: recorded.rate)
      #expect(abs(norm - recorded.norms[step]) < 1e-2 * (1 + norm), "step \(step)")
    }

    let saved = files.file("saved")
    try model.save(with: ModelWriter(like: whole), to: saved)
    let again = try ModelFolder(saved).predictingMasks
    let other = try Transformer<Float>(
      again.description, from: CheckpointWeights(again), in: MemoryLedger())
    let states = { (model: Transformer<Float>) in
      model.logits(
        model.hiddenStates(batch, .maskedTokens, on: Tape(ledger: model.ledger)),
        on: Tape(ledger: model.ledger)
      ).values
    }
    #expect(states(other) == states(model))
  }

  @Test("an encoder without a head for masked words says so, and one whose scores are untied")
  func withoutHead() throws {
    for family in ["bert", "albert", "xlm-roberta"] {
      let folder = try ModelFolder(ParityFixture.root.appendingPathComponent(family))
      #expect(folder.description.whyNoMaskedWords != nil)
      #expect(folder.predictingMasks.description == folder.description)
    }
    let files = try TemporaryFolder()
    let folder = try Self.folder("bert", in: files)
    let configuration = files.file("config.json")
    let text = try String(contentsOf: configuration, encoding: .utf8)
    try text.replacingOccurrences(
      of: #""tie_word_embeddings": true"#, with: #""tie_word_embeddings": false"#
    ).write(to: configuration, atomically: true, encoding: .utf8)
    #expect(folder.description.whyNoMaskedWords == nil)
    #expect(try ModelFolder(files.url).description.whyNoMaskedWords != nil)
  }

  @Test("several masks of a text are those of every token's states")
  func selection() throws {
    let files = try TemporaryFolder()
    let folder = try Self.folder("modernbert", in: files)
    let model = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    let (recorded, _) = try Self.recorded("modernbert")
    let batch = model.packed(recorded.sequences)
    let tape = Tape<Float>(ledger: model.ledger)
    let all = model.hiddenStates(batch, .everyToken, on: tape)
    let picked = tape.gathered(all, rows: batch.maskedRows).values
    for (a, b) in zip(model.hiddenStates(batch, .maskedTokens, on: tape).values, picked) {
      #expect(abs(a - b) < 1e-5)
    }
  }
}
