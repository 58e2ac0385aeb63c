import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("stories260K against Hugging Face", .enabled(if: SharedData.isPresent))
struct HuggingFaceStoriesTests {
  private func load() throws -> (Transformer<Float>, any Tokenizer) {
    let url = SharedData.data("models/stories260K")
    let folder = try ModelFolder(url)
    let model = try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    return (model, try TokenizerLoader.load(from: url))
  }

  @Test("sixty greedy tokens equal those of generate()", arguments: 0..<3)
  func greedy(index: Int) throws {
    let recorded = try #require(Reference.recorded).stories.greedy[index]
    let (model, tokenizer) = try load()
    let prompt = tokenizer.encode(recorded.prompt, addingSpecialTokens: true)
    #expect(model.greedyContinuation(of: prompt, count: 60) == recorded.added)
  }

  @Test("logits after twenty CoLA sentences agree to 1e-3")
  func sentences() throws {
    let recorded = try #require(Reference.recorded).stories.sentences
    let (model, tokenizer) = try load()
    let table = try String(contentsOf: SharedData.data("cola/in_domain_dev.tsv"), encoding: .utf8)
    let texts = table.split(separator: "\n").prefix(20).map { line in
      String(line.split(separator: "\t", omittingEmptySubsequences: false)[3])
    }
    let prompts = texts.map { tokenizer.encode($0, addingSpecialTokens: true) }
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(prompts), .lastTokens, on: tape)
    let logits = model.logits(hidden, on: tape)
    #expect(recorded.count == 20 && logits.rows == 20)
    for (row, expected) in recorded.enumerated() {
      let all = Array(logits.values[row * logits.columns..<(row + 1) * logits.columns])
      #expect(Double(prompts[row].count) == expected[0])
      let sum = all.reduce(0.0) { $0 + Double.exp(Double($1)) }
      let own = [3, 261, 400].map { Double(all[$0]) } + [Double.log(sum)]
      for (a, b) in zip(own, expected.dropFirst()) { #expect(abs(a - b) < 1e-3, "row \(row)") }
    }
  }
}
