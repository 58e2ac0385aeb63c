/// The built-in world's text as a corpus.
package struct WorldCorpus: PretrainingCorpus {
  /// The kinds of document there are, as a recipe's mixture names them.
  package static let kinds = [
    "sentences", "stories", "questions", "demonstrations", "lists",
  ]

  private let text: WorldText

  /// The text that a recipe trains on.
  package init(_ recipe: PretrainingRecipe.Text) {
    self.init(seed: 2 &* recipe.seed, mixture: recipe.mixture)
  }

  /// Text of the same kinds under a seed that no recipe's text has.
  ///
  /// - Parameters:
  ///   - recipe: Gives seed and mixture.
  ///   - kind: The only kind wanted, nil for the recipe's mixture.
  package init(heldOutFrom recipe: PretrainingRecipe.Text, kind: String? = nil) {
    self.init(seed: 2 &* recipe.seed &+ 1, mixture: kind.map { [$0: 1] } ?? recipe.mixture)
  }

  private init(seed: UInt64, mixture: [String: Double]) {
    func share(_ kind: String) -> Double { mixture[kind] ?? 0 }
    let chosen =
      mixture.isEmpty
      ? WorldText.Mixture()
      : WorldText.Mixture(
        sentences: share("sentences"), stories: share("stories"),
        questions: share("questions"), demonstrations: share("demonstrations"),
        lists: share("lists"))
    text = WorldText(seed: seed, mixture: chosen)
  }

  package var name: String { "world \(World.version)" }

  package var vocabulary: [String] { World.vocabulary.filter { !$0.hasPrefix("<") } }

  package var separator: String? { DemonstrationDocument.separator }

  package func document(_ index: Int) -> [String] { text.document(at: index) }
}
