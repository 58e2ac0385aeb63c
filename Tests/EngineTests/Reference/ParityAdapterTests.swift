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
    try adapter.attach(to: model)
    #expect(largestDifference(try answers(model, fixture), recorded) < 2e-5)
  }
}
