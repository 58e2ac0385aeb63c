import Engine

/// Words that an encoder predicts at masked tokens of a text.
///
/// The answer of pattern-exploiting training (Schick and Schütze 2021, arXiv:2001.07676): a pattern puts a
/// mask where the label word would be, at `{mask}` or else at the end of the text, and the model's head
/// for masked words scores what stands there. A label word of several tokens takes as many masks; every
/// text has as many as the longest word needs, and a word's score is the mean over its tokens of their
/// log-probabilities (Schick and Schütze 2021, "It's not just size that matters", arXiv:2009.07118,
/// equation 3, has their sum, which prefers short words).
struct MaskedWords {
  /// Tokens of each class's word.
  let words: [[Int]]
  /// Masks in every text.
  let masks: Int
  private let encoder: PromptEncoder
  private let maskText: String
  private let maskToken: Int32

  /// Finds the words' tokens.
  ///
  /// - Parameter encoder: Of an encoder's texts, whose pattern names the words.
  /// - Throws: ``MethodError`` where the tokenizer has no mask, or does not know or distinguish the words.
  init(_ encoder: PromptEncoder) throws(MethodError) {
    let tokenizer = encoder.tokenizer
    words = try Self.words(of: encoder.pattern, tokenizer: tokenizer)
    masks = words.map(\.count).max() ?? 1
    guard let maskText = tokenizer.maskToken, let maskToken = tokenizer.id(of: maskText) else {
      throw MethodError(.noMaskToken)
    }
    (self.encoder, self.maskText, self.maskToken) = (encoder, maskText, maskToken)
  }

  /// The tokens of a pattern's words, as they follow a blank.
  static func words(
    of pattern: Pattern, tokenizer: any Tokenizer
  ) throws(MethodError) -> [[Int]] {
    let words = pattern.labelWords
    guard !words.isEmpty else {
      throw MethodError(.patternHasNoLabelWords(pattern.name), option: PatternChoice.option.name)
    }
    let tokens = pattern.continuations.map { tokenizer.continuation($0).map(Int.init) }
    if let unknown = tokenizer.unknownToken,
      let index = tokens.firstIndex(where: { $0.contains(Int(unknown)) })
    {
      throw MethodError(.unknownLabelWord(words[index]), option: PatternChoice.option.name)
    }
    guard !tokens.contains([]), Set(tokens).count == tokens.count else {
      throw MethodError(.indistinctLabelWords(words), option: PatternChoice.option.name)
    }
    return tokens
  }

  /// An example's text with its masks; the ends of texts over the limit are cut off, the longest one's
  /// first.
  func prompt(for example: Example) -> TokenSequence {
    let whole = tokens(of: example)
    guard whole.tokens.count > encoder.limit else { return whole.sequence }
    var fields = example.fields
    func cut(_ field: Int, to count: Int) -> (tokens: [Int32], sequence: TokenSequence) {
      var shorter = fields
      shorter[field] = String(fields[field].prefix(count))
      return tokens(of: Example(fields: shorter, label: example.label))
    }
    for _ in fields.indices {
      guard let field = fields.indices.max(by: { fields[$0].count < fields[$1].count }) else {
        break
      }
      var (fits, exceeds) = (0, fields[field].count)
      if cut(field, to: 0).tokens.count > encoder.limit {
        fields[field] = ""
        continue
      }
      while exceeds - fits > 1 {
        let middle = (fits + exceeds) / 2
        if cut(field, to: middle).tokens.count <= encoder.limit {
          fits = middle
        } else {
          exceeds = middle
        }
      }
      return cut(field, to: fits).sequence
    }
    // The pattern alone is too long; its masks come last.
    let masks = [Int32](repeating: maskToken, count: self.masks)
    let kept = tokens(of: Example(fields: fields, label: example.label)).tokens
      .prefix(max(0, encoder.limit - self.masks))
    return TokenSequence(kept + masks, masks: Array(kept.count..<(kept.count + self.masks)))
  }

  private func tokens(of example: Example) -> (tokens: [Int32], sequence: TokenSequence) {
    let (before, after) = encoder.pattern.textAroundAnswer(for: example)
    let text = before + String(repeating: maskText, count: masks) + after
    let tokens = encoder.tokenizer.encode(text, addingSpecialTokens: true)
    // A text may spell a mask of its own.
    let earlier = before.count(of: maskText)
    let places = tokens.indices.filter { tokens[$0] == maskToken }.dropFirst(earlier).prefix(masks)
    return (tokens, TokenSequence(tokens, masks: Array(places)))
  }
}

extension String {
  /// How often a text occurs, without overlaps.
  fileprivate func count(of other: String) -> Int {
    let (bytes, wanted) = (Array(utf8), Array(other.utf8))
    var (count, place) = (0, 0)
    while place + wanted.count <= bytes.count {
      let isThere = bytes[place..<(place + wanted.count)].elementsEqual(wanted)
      count += isThere ? 1 : 0
      place += isThere ? wanted.count : 1
    }
    return count
  }
}

/// Reads classes off an encoder's masked words, trained or not.
final class MaskedSession: ObjectiveSession {
  private let model: Transformer<Float>
  private let words: MaskedWords
  private let scope: LossScope
  private let targets: [Int]
  /// Subtracted from the words' scores.
  private var offsets: [Float]?

  /// - Parameters:
  ///   - context: The model with its head, and the examples.
  ///   - pattern: By name.
  ///   - scope: What the loss normalizes over.
  ///   - silent: Texts without content, whose answers correct the words' scores.
  /// - Throws: ``MethodError`` or ``TaskError`` where pattern, words and tokenizer do not fit.
  init(
    _ context: ObjectiveContext, pattern: String, scope: LossScope = .labels,
    silent: [Example] = []
  ) throws {
    model = context.model
    words = try MaskedWords(PromptEncoder(context, pattern: pattern))
    self.scope = scope
    targets = context.sample.map(\.label)
    guard !silent.isEmpty else { return }
    let tape = Tape<Float>(ledger: model.ledger)
    let batch = model.packed(silent.map(words.prompt(for:)))
    let scores = scores(
      logits(model.hiddenStates(batch, .maskedTokens, on: tape), on: tape), on: tape)
    offsets = scores.logarithmsOfMeans
  }

  var selection: Transformer<Float>.Selection? { .maskedTokens }

  func prompt(for example: Example) -> TokenSequence { words.prompt(for: example) }

  /// Over the vocabulary, `[examples · masks, vocabulary]`.
  private func logits(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Tensor<Float> {
    model.logits(hidden, on: tape)
  }

  /// Of the classes, `[examples, classes]`.
  private func scores(_ logits: Tensor<Float>, on tape: Tape<Float>) -> Tensor<Float> {
    tape.wordScores(logits, words: words.words, masks: words.masks)
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let classes = examples.map { targets[$0] }
    if scope == .labels, words.masks == 1 {
      let logits = model.logits(hidden, over: words.words.map { $0[0] }, on: tape)
      return [(tape.crossEntropy(logits, targets: classes), 1)]
    }
    let logits = logits(hidden, on: tape)
    if scope == .labels {
      return [(tape.crossEntropy(scores(logits, on: tape), targets: classes), 1)]
    }
    // The word's own tokens among all; minus the mean of their log-probabilities.
    let all = scores(logits, on: tape)
    return [(tape.picked(all, columnOfEachRow: classes), -1)]
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    let logits = logits(hidden, on: tape)
    let scores = scores(logits, on: tape)
    let (columns, rows) = (words.words.count, scores.rows)
    var values = scores.values
    if let offsets { for i in values.indices { values[i] -= offsets[i % columns] } }
    let largest = logits.largestColumns
    var result = Predictions(
      probabilities: Probabilities.softmax(values, columns: columns, temperature: 1),
      areFinite: logits.values.allSatisfy(\.isFinite))
    result.overVocabulary = []
    for row in 0..<rows {
      let own = values[(row * columns)..<((row + 1) * columns)]
      result.classes.append(
        UInt8((own.indices.max { own[$0] < own[$1] } ?? own.startIndex) - own.startIndex))
      let found = largest[(row * words.masks)..<((row + 1) * words.masks)]
      let word = words.words.firstIndex { found.starts(with: $0) }
      result.overVocabulary?.append(UInt8(word ?? columns))
    }
    return result
  }
}

extension Tensor where Scalar == Float {
  /// The logarithm of each column's mean probability, among the columns, over all rows.
  var logarithmsOfMeans: [Float] {
    let probabilities = Probabilities.softmax(values, columns: columns, temperature: 1)
    return (0..<columns).map { column in
      let mean =
        (0..<rows).reduce(0) { $0 + probabilities[$1 * columns + column] } / Float(rows)
      return Float.log(max(mean, .leastNormalMagnitude))
    }
  }
}
