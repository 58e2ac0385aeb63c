import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Pre-training")
struct PretrainingTests {
  @Test("a recipe gives the same bits twice, a falling loss, and a model that loads")
  func twice() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let record = try #require(try Self.run(in: first.file("m")).record)
    let again = try #require(try Self.run(in: second.file("m")).record)
    #expect(record.weights == again.weights)
    #expect(record.curve == again.curve)
    #expect(record.curve.map(\.step) == [8, 16, 24, 30])
    #expect(record.steps == 30)
    #expect(record.tokens >= 30 * 64)
    let (begin, end) = (try #require(record.curve.first), try #require(record.curve.last))
    #expect(end.heldOutLoss < begin.heldOutLoss - 0.3)
    #expect(end.heldOutLosses.keys.sorted() == ["echo"])
    let folder = try ModelFolder(first.file("m"))
    #expect(folder.description.parameterCount == record.parameters)
    _ = try folder.tokenizer()
    let table = try first.text(of: "m/training.csv").split(separator: "\n")
    #expect(table[0] == "step,tokens,learning-rate,loss,held-out,echo")
    #expect(table.count == 5)
    let stored = try JSONDecoder().decode(
      PretrainingRecord.self, from: Data(try first.text(of: "m/training.json").utf8))
    #expect(stored == record)
    #expect(!PretrainingState.exists(in: folder.url))
  }

  @Test("a run that was stopped, or killed, ends with the bits of one that never was")
  func resume() throws {
    let folder = try TemporaryFolder()
    let whole = try #require(try Self.run(in: folder.file("whole")).record)
    let stopped = folder.file("stopped")
    guard case .stopped(11) = try Self.run(in: stopped, stoppingAfter: 11) else {
      Issue.record("the run did not stop")
      return
    }
    // What a kill at step 11 leaves is the state of step 10.
    let killed = folder.file("killed")
    _ = try Self.run(in: killed, stoppingAfter: 10)
    for url in [stopped, killed] {
      let error = #expect(throws: CheckpointError.self) { try Self.run(in: url) }
      #expect(error?.message == "contains a stopped run")
      let record = try #require(try Self.run(in: url, resumes: true).record)
      #expect(record.weights == whole.weights)
      #expect(record.curve == whole.curve)
      #expect(record.tokens == whole.tokens)
    }
  }

  @Test("another seed, text or rate gives other bits")
  func others() throws {
    let folder = try TemporaryFolder()
    var digests: Set<String> = []
    let changes: [(inout PretrainingRecipe) -> Void] = [
      { _ in }, { $0.seed = 9 }, { $0.learningRate = 0.01 }, { $0.schedule = .linear },
      { $0.answerWeight = 3 },
    ]
    for (index, change) in changes.enumerated() {
      var recipe = Self.recipe
      change(&recipe)
      let record = try #require(try Self.run(recipe, in: folder.file("\(index)")).record)
      digests.insert(record.weights)
    }
    #expect(digests.count == 5)
  }

  @Test("answers before the separator and remarks count more than other words")
  func answerWeights() throws {
    let corpus = SmallCorpus(seed: 0)
    let tokenized = TokenizedCorpus(
      corpus, tokenizer: WordTokenizer(words: corpus.vocabulary), context: 12, answerWeight: 3)
    let words = corpus.document(0)
    let (batch, next) = tokenized.batch(from: 0, tokens: 1)
    #expect(next == 1)
    let weights = words.indices.map { index -> Float in
      let isAnswer = index + 1 < words.count && words[index + 1] == corpus.separator
      return isAnswer || corpus.remarks.contains(words[index]) ? 3 : 1
    }
    #expect(batch.weights.prefix(words.count) == weights.prefix(11))
    #expect(batch.weights.contains(3))
  }

  @Test("a state of another recipe, a damaged state and a finished model are rejected")
  func refused() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("m")
    _ = try Self.run(in: url, stoppingAfter: 5)
    var other = Self.recipe
    other.learningRate = 0.5
    var error = #expect(throws: CheckpointError.self) {
      try Self.run(other, in: url, resumes: true)
    }
    #expect(error?.kind == .mismatched)
    #expect(error?.help == "continue with the same ones, or remove the file to start over")
    var bytes = try Data(contentsOf: PretrainingState.file(in: url))
    bytes[bytes.count - 9] ^= 1
    try bytes.write(to: PretrainingState.file(in: url))
    error = #expect(throws: CheckpointError.self) { try Self.run(in: url, resumes: true) }
    #expect(error?.message == "is damaged")
    let done = folder.file("done")
    _ = try Self.run(in: done)
    error = #expect(throws: CheckpointError.self) { try Self.run(in: done, resumes: true) }
    #expect(error?.message == "already contains a model")
  }

  @Test("a rate that breaks the training is reported with its step")
  func divergence() throws {
    var recipe = Self.recipe
    (recipe.learningRate, recipe.clipNorm, recipe.warmup) = (1e30, 0, 0)
    let folder = try TemporaryFolder()
    let error = #expect(throws: CheckpointError.self) { try Self.run(recipe, in: folder.url) }
    #expect(error?.message.hasPrefix("the loss is not a number at step ") == true)
  }

  private static let recipe = PretrainingRecipe(
    shape: DecoderShape(width: 16, layers: 1, heads: 2, feedForwardWidth: 24, context: 12),
    seed: 3, tokens: 30 * 64, batchTokens: 64, learningRate: 0.03, evaluateEvery: 8,
    checkpointEvery: 5, heldOutTokens: 100)

  @discardableResult
  private static func run(
    _ recipe: PretrainingRecipe = recipe, in folder: URL, resumes: Bool = false,
    stoppingAfter last: Int = .max
  ) throws -> Pretraining.Outcome {
    let run = Pretraining(
      recipe, corpus: SmallCorpus(seed: 0), heldOut: SmallCorpus(seed: 1),
      kinds: ["echo": SmallCorpus(seed: 2, steps: 1)])
    var step = 0
    return try run.run(
      in: folder, resumes: resumes, isCancelled: { step >= last }, progress: { step = $0.step })
  }
}

extension Pretraining.Outcome {
  fileprivate var record: PretrainingRecord? {
    guard case .finished(let record) = self else { return nil }
    return record
  }
}

/// Documents that say a word again and again, or count up by one.
private struct SmallCorpus: PretrainingCorpus {
  let seed: UInt64
  var steps = 2
  let name = "small corpus 1"
  let separator: String? = "six"
  let remarks: Set<String> = ["five"]
  let vocabulary = ["one", "two", "three", "four", "five", "six"]

  func document(_ index: Int) -> [String] {
    var random = RandomStream(seed: seed, purpose: "document \(index)")
    let first = random.index(below: vocabulary.count)
    let step = random.index(below: steps)
    return (0..<(4 + random.index(below: 12))).map {
      vocabulary[(first + step * $0) % vocabulary.count]
    }
  }
}
