import Engine

/// Text to pre-train on: an endless row of numbered documents.
///
/// A document is a function of its number, so that a stopped run can continue anywhere and
/// nothing needs to be stored.
package protocol PretrainingCorpus: Sendable {
  /// What the text is and its version, which are part of what a run is.
  var name: String { get }
  /// Every word of every document.
  var vocabulary: [String] { get }
  /// The token after the answer of a demonstration, and nowhere else; nil if there are none.
  var separator: String? { get }
  /// Words that are answers anywhere, such as remarks on a text.
  var remarks: Set<String> { get }

  /// The words of the document of a number from 0, at least one.
  func document(_ index: Int) -> [String]
}

/// Texts of a step, as token ids.
struct TokenizedTexts {
  var texts: [[Int32]] = []
  /// How much the prediction of each token after a text's first counts, text by text.
  var weights: [Float] = []

  var tokens: Int { texts.reduce(0) { $0 + $1.count } }
}

/// A corpus as token ids.
struct TokenizedCorpus {
  let corpus: any PretrainingCorpus
  let ids: [String: Int32]
  /// Most tokens of a document; what is beyond is cut off.
  let context: Int
  /// How much an answer or a remark counts, where any other token counts 1.
  let answerWeight: Float
  private let separator: Int32?
  private let remarks: Set<Int32>

  init(
    _ corpus: any PretrainingCorpus, tokenizer: WordTokenizer, context: Int,
    answerWeight: Float = 1
  ) {
    self.corpus = corpus
    ids = tokenizer.ids
    self.context = context
    self.answerWeight = answerWeight
    separator = corpus.separator.flatMap { tokenizer.ids[$0] }
    remarks = Set(corpus.remarks.compactMap { tokenizer.ids[$0] })
  }

  /// The ids of a document, begin and end included.
  private func tokens(_ index: Int) -> [Int32] {
    let words = corpus.document(index)
    var tokens = [Int32(WordTokenizer.beginToken)]
    tokens.reserveCapacity(words.count + 2)
    for word in words {
      guard let id = ids[word] else {
        preconditionFailure("document \(index) holds '\(word)', which is not in the vocabulary")
      }
      tokens.append(id)
    }
    tokens.append(Int32(WordTokenizer.endToken))
    return Array(tokens.prefix(context))
  }

  /// Documents from `first` on that have `count` tokens together, the last one whole.
  func batch(from first: Int, tokens count: Int) -> (batch: TokenizedTexts, next: Int) {
    var batch = TokenizedTexts()
    var (total, index) = (0, first)
    while total < count {
      let text = tokens(index)
      batch.texts.append(text)
      for position in 1..<text.count {
        let isAnswer =
          remarks.contains(text[position])
          || (position + 1 < text.count && text[position + 1] == separator)
        batch.weights.append(isAnswer ? answerWeight : 1)
      }
      total += text.count
      index += 1
    }
    return (batch, index)
  }
}

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
