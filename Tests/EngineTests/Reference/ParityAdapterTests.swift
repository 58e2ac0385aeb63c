import Foundation
import Testing

@testable import Engine

@Suite("Adapters as PEFT saved them after training")
struct ParityAdapterTests {
  private static let saved = ParityRun.all.filter { run in
    let folder = run.fixture.adapterFolder(run.course.name)
    return FileManager.default.fileExists(atPath: folder.path)
  }

  private func answers(_ model: Transformer<Float>, _ fixture: ParityFixture) throws -> [Float] {
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = try fixture.firstBatch(virtualTokens: model.prompt?.rows ?? 0)
    return model.logits(model.hiddenStates(batch, .lastTokens, on: tape), on: tape).values
  }

  @Test("OPT's and GPT-2's are in the fixtures")
  func present() {
    #expect(
      Self.saved.map(\.testDescription) == [
        "opt, lora", "opt, rslora", "opt, dora", "opt, ia3", "opt, prompt", "opt, prefix",
        "gpt2, lora", "gpt2, dora", "gpt2, ia3", "gpt2, prompt", "gpt2, prefix",
      ])
  }

  @Test("a model that reads one answers as PEFT's to 2e-5", arguments: saved)
  func reading(run: ParityRun) throws {
    let (fixture, name) = (run.fixture, run.course.name)
    let model = try fixture.model()
    let recorded = try fixture.answers(after: run.course).values
    #expect(largestDifference(try answers(model, fixture), recorded) > 0.1, "the base alone")
    let adapter = try AdapterFolder(fixture.adapterFolder(name), for: model.description).read()
    model.attach(adapter)
    let beside = try answers(model, fixture)
    #expect(largestDifference(beside, recorded) < 2e-5)
    let scratch = try ScratchFolder()
    let copy = try #require(model.adapter())
    try model.save(copy, to: scratch.url, baseModel: "base")
    let again = try fixture.model()
    again.attach(try AdapterFolder(scratch.url, for: model.description).read())
    #expect(largestDifference(try answers(again, fixture), beside) < 1e-5)
  }

  @Test(
    "merged into the weights, and saved with them, it answers the same to 2e-5",
    arguments: saved.filter { !["prompt", "prefix"].contains($0.course.name) })
  func merging(run: ParityRun) throws {
    let fixture = run.fixture
    let model = try fixture.model()
    let recorded = try fixture.answers(after: run.course).values
    model.attach(
      try AdapterFolder(fixture.adapterFolder(run.course.name), for: model.description).read())
    model.mergeAdapters()
    let merged = try answers(model, fixture)
    #expect(model.adapter() == nil)
    #expect(largestDifference(merged, recorded) < 2e-5)
    let scratch = try ScratchFolder()
    try model.save(with: ModelWriter(like: try ModelFolder(fixture.folder)), to: scratch.url)
    let folder = try ModelFolder(scratch.url)
    let loaded = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    #expect(try answers(loaded, fixture) == merged)
  }
}
