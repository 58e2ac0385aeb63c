import Foundation
import Testing

@testable import Experiments

@Suite("Recipe differences")
struct RecipeDifferenceTests {
  private func words(_ change: (inout CellRecipe) -> Void) -> [String] {
    RecipeDifference.between(StoreSamples.recipe(), StoreSamples.recipe(change: change))
      .map(\.description)
  }

  @Test("changes are named in words")
  func naming() {
    #expect(words { _ in }.isEmpty)
    #expect(
      words { $0.methodOptions["learning-rate"] = .number(2e-5) } == ["learning-rate 1e-5 → 2e-5"])
    #expect(words { $0.methodOptions["alpha"] = .integer(16) }.isEmpty)
    #expect(words { $0.methodOptions["dropout"] = .number(0.1) } == ["dropout added: 0.1"])
    #expect(words { $0.methodOptions["rank"] = nil } == ["rank left out: was 8"])
    #expect(
      words { $0.methodOptions["targets"] = .list([.text("q")]) } == ["targets [q, v] → [q]"])
    #expect(
      words {
        $0.modelFingerprint = "0123456789abcdef"
        $0.dataFingerprints["ood"] = "ood-b"
        $0.dataFingerprints["hans"] = "h"
        $0.numericsVersion = 2
        $0.taskOptions["pattern"] = .text("gpt-3")
      } == [
        "numerics version 1 → 2", "model changed (model → 01234567)", "data 'hans' added",
        "data 'ood' changed (ood-a → ood-b)", "pattern minimal → gpt-3",
      ])
  }

  @Test("cells that a cell reads are in its key; a cell that reads none has the key it had before")
  func inputs() throws {
    let (none, one) = (StoreSamples.recipe(), StoreSamples.recipe(inputs: ["0123456789"]))
    #expect(try !none.canonicalJSON().contains("inputs"))
    #expect(
      try none.key == "ba55dfd5cabe9bd8bd396158a21d63a8380bbb345da2a6d726076c3b69a97037")
    #expect(try one.key != none.key)
    #expect(
      RecipeDifference.between(none, one).map(\.description) == ["cells it reads added"]
    )
    let decoded = try JSONDecoder().decode(
      CellRecipe.self, from: Data(try one.canonicalJSON().utf8))
    #expect(decoded.inputs == one.inputs)
  }

  @Test("the nearest stored recipe has the same place and the fewest differences")
  func nearest() throws {
    let store = try ResultStore.inMemory()
    let recipes = [
      StoreSamples.recipe(learningRate: 1e-3) { $0.threads = 2 },
      StoreSamples.recipe(learningRate: 1e-4),
      StoreSamples.recipe(seed: 1),
    ]
    for (i, recipe) in recipes.enumerated() {
      try store.append(
        StoreSamples.result("k\(i)"), cell: StoreSamples.cell("k\(i)", recipe), method: "lora",
        recorded: 0)
    }
    let new = StoreSamples.recipe(learningRate: 2e-5)
    let nearest = try #require(try store.nearestRecipe(to: new, method: "lora"))
    #expect(
      RecipeDifference.between(nearest, new).map(\.description) == ["learning-rate 0.0001 → 2e-5"])
    #expect(try store.nearestRecipe(to: new, method: "vanilla") == nil)
    #expect(try store.nearestRecipe(to: StoreSamples.recipe(shots: 2), method: "lora") == nil)
  }
}
