/// Endless text of the world, one document after another.
///
/// Document `i` is a function of seed, mixture and `i` alone, so training that was stopped goes on at
/// any place without what came before.
package struct WorldText: Sendable {
  package let seed: UInt64
  package let mixture: Mixture

  /// No document has more words, special tokens not counted.
  package static let longestDocument = 480

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
  package struct Mixture: Codable, Hashable, Sendable {
    /// Unconnected sentences of every construction.
    package var sentences: Double
    package var stories: Double
    /// Stories with questions and answers.
    package var questions: Double
    /// Sorted examples; about three times as long as the others.
    package var demonstrations: Double
    /// Words that follow one another in an order of the document's own.
    package var lists: Double
    /// Texts with a remark on each.
    package var remarks: Double
    /// Texts with words that are in them or not, a remark on each word.
    package var marks: Double

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
