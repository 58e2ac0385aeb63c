import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments
@testable import Formats

@Suite("Pre-training recipes")
struct PretrainingRecipeTests {
  private func read(_ yaml: String) throws -> (PretrainingRecipe?, [String]) {
    let folder = try TemporaryFolder()
    try folder.write(yaml, to: "r.yml")
    let (recipe, diagnostics) = PretrainingRecipe.read(
      folder.file("r.yml"), file: "r.yml", kinds: ["narrative", "questions"])
    return (recipe, diagnostics.map(\.description))
  }

  private static let shape =
    "shape: {width: 16, layers: 1, heads: 2, feed-forward: 24, context: 32}"

  @Test("a recipe says what is not the default")
  func reading() throws {
    let (recipe, problems) = try read(
      """
      \(Self.shape)
      tokens: 5000
      seed: 7
      text: {seed: 3, mixture: {narrative: 0.25}, opening: {documents: 9, mixture: {questions: 1}}}
      schedule: linear
      learning-rate: 2e-3
      warmup: 0
      threads: 2
      """)
    #expect(problems == [])
    let found = try #require(recipe)
    #expect(found.shape.feedForwardWidth == 24 && found.shape.rotaryShare == 0.5)
    #expect(
      found.text
        == .init(
          seed: 3, mixture: ["narrative": 0.25], openingDocuments: 9,
          openingMixture: ["questions": 1]))
    #expect(found.seed == 7 && found.schedule == .linear && found.warmup == 0)
    #expect(found.learningRate == 2e-3 && found.threads == 2)
    #expect(found.batchTokens == 4096 && found.steps == 1)
  }

  @Test(
    "a mistake is reported at its place",
    arguments: [
      (
        "\(shape)\ntokens: 10\nlearn-rate: 1",
        "r.yml:3:1: error[FT010]: unknown key 'learn-rate' in the recipe\n"
          + "  help: did you mean 'learning-rate'?"
      ),
      (
        "tokens: 10",
        "r.yml:1:1: error[FT011]: the recipe has no 'shape'\n"
          + "  help: write 'shape: {width: 128, layers: 4, heads: 4, …}'"
      ),
      (
        "shape: {width: 16, layers: 0, heads: 2, feed-forward: 24, context: 32}\ntokens: 10",
        "r.yml:1:28: error[FT012]: 'layers' must be a whole number of at least 1, not '0'"
      ),
      (
        "\(shape)\ntokens: 10\ntext: {mixture: {narratives: 1}}",
        "r.yml:3:18: error[FT010]: unknown key 'narratives' in the 'mixture' map\n"
          + "  help: did you mean 'narrative'?"
      ),
      (
        "\(shape)\ntokens: 10\nschedule: cosin",
        "r.yml:3:11: error[FT012]: 'schedule' must be one of linear, constant, cosine, not 'cosin'\n"
          + "  help: did you mean 'cosine'?"
      ),
    ])
  func mistakes(yaml: String, message: String) throws {
    let (recipe, problems) = try read(yaml)
    #expect(recipe == nil)
    #expect(problems == [message])
  }

  @Test("the recipe that ships is the one the built-in model's record names")
  func shipped() throws {
    let (recipe, diagnostics) = PretrainingRecipe.read(
      try BuiltinModel.small.recipe(), file: "recipe", kinds: WorldCorpus.kinds)
    #expect(diagnostics == [])
    let record = try BuiltinModel.small.folder().appendingPathComponent("training.json")
    let stored = try JSONDecoder().decode(
      PretrainingRecord.self, from: Data(contentsOf: record))
    #expect(stored.recipe == recipe)
  }
}
