import Engine

/// A task whose texts have a given number of tokens, to try a method on without data.
struct SyntheticTask {
  /// Tokens of a text, before what a method adds to it.
  let length: Int

  var definition: TaskDefinition {
    TaskDefinition(
      name: "synthetic", labels: ["no", "yes"], fields: ["text"], files: [], evaluations: [],
      patterns: [PatternDefinition("words", "{text}", labelWords: ["no", "yes"])],
      defaultPattern: "words")
  }

  /// Texts whose words are all different, if the vocabulary is large enough.
  func examples(_ count: Int) -> [Example] {
    (0..<count).map { index in
      let words = (0..<length).map { "w\(index * length + $0)" }
      return Example(fields: [words.joined(separator: " ")], label: index % 2)
    }
  }
}

/// A tokenizer that gives every word between blanks one token.
struct SyntheticTokenizer: Tokenizer {
  let vocabularySize: Int
  /// Words that follow each other are so far apart in the vocabulary; coprime to its size, so that
  /// different words keep different tokens.
  private let step: Int
  let beginToken: Int32? = nil
  let endToken: Int32? = nil
  let unknownToken: Int32? = nil
  /// A word like others, apart from those beside it.
  let maskToken: String? = " w1 "

  /// - Parameters:
  ///   - vocabularySize: Tokens that there are.
  ///   - isScattered: Whether words that follow each other are far apart in the vocabulary, as those
  ///     of a text are, so that few of them share a page of the embedding.
  init(vocabularySize: Int, isScattered: Bool = false) {
    self.vocabularySize = vocabularySize
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    let golden = Int((0.618_033_988_7 * Double(vocabularySize)).rounded())
    let steps = isScattered ? max(1, golden)...max(1, vocabularySize) : 1...1
    step = steps.first { divisor($0, vocabularySize) == 1 } ?? 1
  }

  func encode(_ text: String, addingSpecialTokens: Bool) -> [Int32] {
    text.split(whereSeparator: \.isWhitespace).map { id(ofWord: $0) }
  }

  func encode(_ first: String, pair second: String, addingSpecialTokens: Bool) -> EncodedPair {
    let (a, b) = (
      encode(first, addingSpecialTokens: false), encode(second, addingSpecialTokens: false)
    )
    return EncodedPair(
      ids: a + b, typeIDs: (a + b).map { _ in 0 }, first: 0..<a.count,
      second: a.count..<(a.count + b.count))
  }

  func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
    ids.map { "w\($0)" }.joined(separator: " ")
  }

  func id(of token: String) -> Int32? { encode(token, addingSpecialTokens: false).first }

  /// `no` and `yes` are the first two, `w17` is the seventeenth after them.
  private func id(ofWord word: Substring) -> Int32 {
    if let known = ["no", "yes"].firstIndex(of: word) { return Int32(known) }
    let number = Int(word.drop { !$0.isNumber }) ?? 0
    // Shifted in each turn, so that texts whose lengths divide the vocabulary have no common prefix.
    return Int32((2 + (number + number / vocabularySize) % vocabularySize * step) % vocabularySize)
  }
}
