import Foundation
import Testing

@testable import Engine

@Suite("Adapters that change weights of the model, as PEFT saves them")
struct AdapterLayoutTests {
  /// A folder that `Tests/Parity/make_adapters.py` wrote.
  struct Fixture {
    private struct Answers: Decodable {
      let model: String
      let answers: [[Float]]
    }

    let folder: URL
    let base: ParityFixture
    let answers: [Float]

    init(_ name: String) throws {
      folder = ParityFixture.root.appendingPathComponent("adapters/\(name)")
      let file = try Data(contentsOf: folder.appendingPathComponent("answers.json"))
      let recorded = try JSONDecoder().decode(Answers.self, from: file)
      base = try ParityFixture(recorded.model)
      answers = recorded.answers.flatMap { $0 }
    }

    func computed(by model: Transformer<Float>) throws -> [Float] {
      let tape = Tape<Float>(ledger: model.ledger)
      let batch = try base.firstBatch(virtualTokens: 0)
      return model.logits(model.hiddenStates(batch, .lastTokens, on: tape), on: tape).values
    }

    func adapter() throws -> Adapter {
      try AdapterFolder(folder, for: base.model().description).read()
    }
  }

  static let merged = [
    "saved-modules", "saved-table-tied", "saved-table-kept-tied", "tables", "table-tied",
    "output-tied", "tokens", "tokens-tied", "biases", "product-biases", "projections",
    "saved-fused",
  ]

  @Test(
    "a model that reads one answers as PEFT's to 2e-5", arguments: merged + ["projected-prefix"])
  func reading(name: String) throws {
    let fixture = try Fixture(name)
    let model = try fixture.base.model()
    #expect(largestDifference(try fixture.computed(by: model), fixture.answers) > 0.05)
    model.attach(try fixture.adapter())
    #expect(largestDifference(try fixture.computed(by: model), fixture.answers) < 2e-5)
  }

  @Test(
    "what is merged and saved as a model answers as PEFT's to 2e-5",
    arguments: merged)
  func merging(name: String) throws {
    let fixture = try Fixture(name)
    let model = try fixture.base.model()
    model.attach(try fixture.adapter())
    model.mergeAdapters()
    let scratch = try ScratchFolder()
    try model.save(with: ModelWriter(like: ModelFolder(fixture.base.folder)), to: scratch.url)
    let folder = try ModelFolder(scratch.url)
    let loaded = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    #expect(largestDifference(try fixture.computed(by: loaded), fixture.answers) < 2e-5)
  }
}
