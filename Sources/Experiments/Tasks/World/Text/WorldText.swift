/// Endless text of the world, one document after another.
///
/// Document `i` is a function of seed, mixture and `i` alone, so training that was stopped goes on at
/// any place without what came before.
struct WorldText: Sendable {
  package let seed: UInt64
  package let mixture: Mixture

  /// No document has more words, special tokens not counted.
  static let longestDocument = 480

  package init(seed: UInt64, mixture: Mixture = .standard) {
    self.seed = seed
    self.mixture = mixture
  }

  /// The words of the document at `index`, without special tokens.
  package func document(at index: Int) -> [String] {
    var composer = Composer(seed: seed, purpose: "world text, document \(index)")
    let kinds: [(weight: Double, write: (inout Composer) -> [String])] = [
      (mixture.sentences, SentenceDocument.words), (mixture.stories, StoryDocument.narrative),
      (mixture.questions, StoryDocument.questions),
      (mixture.demonstrations, DemonstrationDocument.words), (mixture.lists, ListDocument.words),
      (mixture.remarks, RemarkDocument.words), (mixture.marks, MarkDocument.words),
    ]
    var rest = composer.share() * kinds.reduce(0) { $0 + $1.weight }
    for kind in kinds {
      rest -= kind.weight
      if rest < 0 { return Array(kind.write(&composer).prefix(Self.longestDocument)) }
    }
    return SentenceDocument.words(&composer)
  }

  /// How often each kind of document comes, in any unit.
  struct Mixture: Codable, Hashable, Sendable {
    /// Unconnected sentences of every construction.
    var sentences: Double
    var stories: Double
    /// Stories with questions and answers.
    var questions: Double
    /// Sorted examples; about three times as long as the others.
    package var demonstrations: Double
    /// Words that follow one another in an order of the document's own.
    var lists: Double
    /// Texts with a remark on each.
    var remarks: Double
    /// Texts with words that are in them or not, a remark on each word.
    var marks: Double

    /// Where a recipe says nothing else.
    package static let standard = Mixture(
      sentences: 0.18, stories: 0.05, questions: 0.05, demonstrations: 0.25, lists: 0.12,
      remarks: 0.3, marks: 0.08)

    package init(
      sentences: Double = 0, stories: Double = 0, questions: Double = 0,
      demonstrations: Double = 0, lists: Double = 0, remarks: Double = 0, marks: Double = 0
    ) {
      self.sentences = sentences
      self.stories = stories
      self.questions = questions
      self.demonstrations = demonstrations
      self.lists = lists
      self.remarks = remarks
      self.marks = marks
    }
  }
}

/// Words that follow one another in an order of the document's own: what has been read decides what
/// comes next.
///
/// It teaches looking up what followed a word before, on which learning from examples builds. Where
/// the text goes on is drawn anew all the time: in a list that is said again as it was, a model learns
/// to count words instead of reading them.
enum ListDocument {
  private static let words =
    Lexicon.words.subtracting([".", ",", "?", ":", ";"] + Lexicon.remarkWords).sorted()

  static func words(_ composer: inout Composer) -> [String] {
    composer.chance(0.5) ? chain(&composer) : pairs(&composer)
  }

  /// A round of words, entered and left anywhere.
  private static func chain(_ composer: inout Composer) -> [String] {
    let round = Array(composer.permuted(words).prefix(composer.number(4...16)))
    var index = 0
    return (0..<(round.count * composer.number(3...6))).map { _ in
      index =
        composer.chance(0.2)
        ? composer.number(0...(round.count - 1)) : (index + 1) % round.count
      return round[index]
    }
  }

  /// Words with what belongs to each, in any order.
  private static func pairs(_ composer: inout Composer) -> [String] {
    let count = composer.number(2...8)
    let chosen = composer.permuted(words)
    let keys = Array(chosen.prefix(count))
    // As answers do, values come again: two for all keys, or one for each.
    let hasTwoValues = composer.chance(0.5)
    let values = (0..<count).map { index in
      chosen[count + (hasTwoValues && index > 1 ? composer.number(0...1) : index)]
    }
    let marks: (inner: [String], outer: String) = composer.pick([
      ([], "."), ([], ","), (["?"], "."), ([":"], "."),
    ])
    return (0..<(count * composer.number(3...8))).flatMap { _ in
      let index = composer.number(0...(count - 1))
      return [keys[index]] + marks.inner + [values[index], marks.outer]
    }
  }
}

/// Sentences one after another, of every construction the world knows; all of them good.
enum SentenceDocument {
  /// A paragraph of up to twelve sentences.
  static func words(_ composer: inout Composer) -> [String] {
    var words: [String] = []
    for _ in 0..<composer.number(4...12) {
      words += composer.chance(0.5) ? composer.anySentence() : instance(&composer)
    }
    return words
  }

  /// The good half of a pair, at times as what somebody says.
  private static func instance(_ composer: inout Composer) -> [String] {
    let good = composer.pick(variants).pair(&composer).good
    guard good.last == ".", composer.chance(0.25) else { return good }
    return composer.report() + good
  }

  private static let variants = PhenomenonRegistry.standard.variants
}
