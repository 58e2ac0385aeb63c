/// A generated English: a lexicon with features, a grammar that uses them, and text made of both.
///
/// Everything in it is a function of a seed, so a model's pre-training text and the builtin tasks need
/// no file. A word is what stands between two blanks, lower case; punctuation is a word of its own.
///
/// ```swift
/// let text = World.text(seed: 1)
/// let words = text.document(at: 0)  // ["question", ":", "who", "found", …]
/// ```
enum World {
  /// Raised whenever a seed gives other sentences than before: a model's recipe names it.
  static let version = 4

  /// Stands for what is not in the vocabulary, so for nothing that the world itself says.
  static let unknownToken = "<unk>"
  /// Stands before a document.
  static let beginToken = "<s>"
  /// Stands behind a document.
  static let endToken = "</s>"
  /// Fills a batch of unequal lengths.
  static let paddingToken = "<pad>"

  /// Every word the world can say, behind the four special tokens; the order is fixed.
  package static let vocabulary: [String] =
    [paddingToken, beginToken, endToken, unknownToken] + Lexicon.words.sorted()

  /// Text to train a language model on; other seeds give other texts, to hold out for instance.
  package static func text(seed: UInt64, mixture: WorldText.Mixture = .standard) -> WorldText {
    WorldText(seed: seed, mixture: mixture)
  }
}
