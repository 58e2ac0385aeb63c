import Foundation
import Testing

@testable import Engine

@Suite("Adapters in PEFT's folders")
struct ParityAdapterTests {
  private static let saved = ParityRun.all.filter { run in
    let folder = run.fixture.adapterFolder(run.course.name)
    return FileManager.default.fileExists(atPath: folder.path)
  }

  private func answers(_ model: Transformer<Float>, _ fixture: ParityFixture) throws -> [Float] {
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = try fixture.firstBatch(virtualTokens: model.prompt?.rows ?? 0)
    let states = model.hiddenStates(batch, .lastTokens, on: tape)
    // ELECTRA and ALBERT score words from narrower states than a head reads.
    let isWider = model.description.stateWidth != model.description.embeddingWidth
    return isWider ? states.values : model.logits(states, on: tape).values
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
    model.attach(
      try AdapterFolder(fixture.adapterFolder(name), for: model.description).read())
    #expect(largestDifference(try answers(model, fixture), recorded) < 2e-5)
  }

  @Test(
    "what was trained answers the same once it is saved, read and attached, or merged",
    arguments: ParityRun.all.filter { $0.course.targets != nil || $0.course.virtualTokens != nil })
  func saving(run: ParityRun) throws {
    let learner = try ParityLearner(run)
    for step in 0..<4 { _ = try learner.step(step, learningRate: 1e-2) }
    let (fixture, model) = (run.fixture, learner.model)
    let trained = try answers(model, fixture)
    let adapter = try #require(model.adapter())
    let scratch = try ScratchFolder()
    try model.save(adapter, to: scratch.url, baseModel: fixture.name)
    let other = try fixture.model()
    #expect(largestDifference(try answers(other, fixture), trained) > 0.01, "the base alone")
    other.attach(try AdapterFolder(scratch.url, for: model.description).read())
    #expect(try answers(other, fixture) == trained)
    other.mergeAdapters()
    #expect((other.adapter() == nil) == (run.course.targets != nil))
    #expect(largestDifference(try answers(other, fixture), trained) < 2e-5)
  }

  @Test(
    "what is merged and saved as a model answers as PEFT's to 2e-5",
    arguments: saved.filter { $0.course.targets != nil })
  func merging(run: ParityRun) throws {
    let fixture = run.fixture
    let model = try fixture.model()
    model.attach(
      try AdapterFolder(fixture.adapterFolder(run.course.name), for: model.description).read())
    model.mergeAdapters()
    let scratch = try ScratchFolder()
    try model.save(with: ModelWriter(like: try ModelFolder(fixture.folder)), to: scratch.url)
    let folder = try ModelFolder(scratch.url)
    let loaded = try Transformer<Float>(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    let recorded = try fixture.answers(after: run.course).values
    #expect(largestDifference(try answers(loaded, fixture), recorded) < 2e-5)
  }
}
