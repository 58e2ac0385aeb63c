import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("The published checkpoint stories260K", .enabled(if: SharedData.isPresent))
struct StoriesTests {
  /// What Transformers computes from the checkpoint.
  private struct Expected: Decodable {
    /// A continuation by `generate()`.
    struct Greedy: Decodable {
      let prompt: String
      let added: [Int32]
    }

    /// What follows the last token of a sentence of CoLA's.
    struct Sentence: Decodable {
      let tokens: Int
      /// Of the words ``Expected/columns``.
      let logits: [Float]
      let logSumExp: Float
    }

    let columns: [Int]
    let greedy: [Greedy]
    let sentences: [Sentence]
  }

  private let expected: Expected
  private let model: Transformer<Float>
  private let tokenizer: any Tokenizer

  init() throws {
    let json = ParityFixture.root.appendingPathComponent("stories260K/expected.json")
    expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: json))
    let url = SharedData.data("models/stories260K")
    let folder = try ModelFolder(url)
    model = try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    tokenizer = try TokenizerLoader.load(from: url)
  }

  @Test("sixty greedy tokens equal those of generate()", arguments: 0..<3)
  func greedy(index: Int) throws {
    let recorded = expected.greedy[index]
    let prompt = tokenizer.encode(recorded.prompt, addingSpecialTokens: true)
    #expect(model.greedyContinuation(of: prompt, count: 60) == recorded.added)
  }

  @Test("logits after twenty CoLA sentences agree to 1e-4")
  func sentences() throws {
    let table = try String(contentsOf: SharedData.data("cola/in_domain_dev.tsv"), encoding: .utf8)
    let prompts = table.split(separator: "\n").prefix(20).map { line in
      let text = line.split(separator: "\t", omittingEmptySubsequences: false)[3]
      return tokenizer.encode(String(text), addingSpecialTokens: true)
    }
    #expect(prompts.map(\.count) == expected.sentences.map(\.tokens))
    let tape = Tape<Float>(ledger: model.ledger)
    let logits = model.logits(
      model.hiddenStates(PackedBatch(prompts), .lastTokens, on: tape), on: tape)
    for (row, sentence) in expected.sentences.enumerated() {
      let all = Array(logits.values[row * logits.columns..<(row + 1) * logits.columns])
      let sum = all.reduce(0.0) { $0 + Double.exp(Double($1)) }
      let own = expected.columns.map { all[$0] } + [Float(Double.log(sum))]
      #expect(
        largestDifference(own, sentence.logits + [sentence.logSumExp]) < 1e-4, "row \(row)")
    }
  }
}
