/// The built-in world's text as a corpus.
package struct WorldCorpus: PretrainingCorpus {
  /// The kinds of document there are, as a recipe's mixture names them.
  package static let kinds = [
    "sentences", "stories", "questions", "demonstrations", "lists", "remarks", "marks",
  ]

  private let text: WorldText
  private let opening: WorldText
  private let openingDocuments: Int

  /// The text that a recipe trains on.
  package init(_ recipe: PretrainingRecipe.Text) {
    self.init(
      seed: 2 &* recipe.seed, mixture: recipe.mixture, opening: recipe.openingMixture,
      documents: recipe.openingDocuments)
  }

  /// Text of the same kinds under a seed that no recipe's text has.
  ///
  /// - Parameters:
  ///   - recipe: Gives seed and mixture.
  ///   - kind: The only kind wanted, nil for the recipe's mixture.
  package init(heldOutFrom recipe: PretrainingRecipe.Text, kind: String? = nil) {
    self.init(
      seed: 2 &* recipe.seed &+ 1, mixture: kind.map { [$0: 1] } ?? recipe.mixture, opening: [:],
      documents: 0)
  }

  private init(
    seed: UInt64, mixture: [String: Double], opening: [String: Double], documents: Int
  ) {
    text = WorldText(seed: seed, mixture: Self.chosen(mixture))
    self.opening = WorldText(seed: seed, mixture: Self.chosen(opening))
    openingDocuments = documents
  }

  private static func chosen(_ mixture: [String: Double]) -> WorldText.Mixture {
    func share(_ kind: String) -> Double { mixture[kind] ?? 0 }
    return mixture.isEmpty
      ? .standard
      : WorldText.Mixture(
        sentences: share("sentences"), stories: share("stories"),
        questions: share("questions"), demonstrations: share("demonstrations"),
        lists: share("lists"), remarks: share("remarks"),
        marks: share("marks"))
  }

  package var name: String { "world \(World.version)" }

  package var vocabulary: [String] { World.vocabulary.filter { !$0.hasPrefix("<") } }

  package var separator: String? { DemonstrationDocument.separator }
  package var remarks: Set<String> { Set(Lexicon.remarkWords) }

  package func document(_ index: Int) -> [String] {
    (index < openingDocuments ? opening : text).document(at: index)
  }
}
