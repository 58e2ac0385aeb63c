import Engine

/// Chooses the label word after which the model finds an example's text most likely.
///
/// `argmax_y log P(x | y)`, with demonstrations turned round as well: each label word precedes its
/// text. The text is the example's own, without the pattern's words, which tell nothing about `y`.
/// Min et al. 2022, "Noisy channel language model prompting for few-shot text classification",
/// arXiv:2108.04106, equation 3. Label words may share tokens here and be as long as they like.
final class ChannelSession: ObjectiveSession {
  private let model: Transformer<Float>
  private let words: [[Int32]]
  private let plain: Pattern
  private let tokenizer: any Tokenizer
  private let limit: Int
  private let shown: Demonstrations
  let cache: KeyValueCache<Float>?

  init(_ context: ObjectiveContext, encoder: PromptEncoder, limit: Int) throws {
    let pattern = encoder.pattern
    guard !pattern.labelWords.isEmpty else {
      throw MethodError(.patternHasNoLabelWords(pattern.name), option: PatternChoice.option.name)
    }
    let plain = try context.task.pattern(named: TaskDefinition.plainPattern)
    self.plain = plain
    model = context.model
    tokenizer = encoder.tokenizer
    let shown = Demonstrations(
      context.sample, limit: limit, room: context.demonstrationRoom, tokenizer: encoder.tokenizer
    ) { pattern.labelWords[$0.label] + " " + plain.text(for: $0) + pattern.separator }
    self.shown = shown
    words = pattern.labelWords.map {
      encoder.tokenizer.encode($0, addingSpecialTokens: shown.count == 0)
    }
    self.limit = context.maximumTokens - shown.tokens.count
    cache = shown.read(by: context.model)
  }

  var demonstrations: Int? { shown.offered == 0 ? nil : shown.count }
  var demonstrationsOffered: Int? { shown.offered == 0 ? nil : shown.offered }
  var preparationTokens: Int { shown.tokens.count }
  var selection: Transformer<Float>.Selection? { .everyToken }

  /// The text alone, as no class's.
  func prompt(for example: Example) -> [Int32] { text(of: example) }

  func sequences(for example: Example) -> [[Int32]] {
    let text = text(of: example)
    return words.map { $0 + text }
  }

  /// The tokens of an example's text behind a label word; one over the limit loses its end.
  private func text(of example: Example) -> [Int32] {
    let room = max(1, limit - (words.map(\.count).max() ?? 0))
    let tokens = tokenizer.continuation(" " + plain.text(for: example)).prefix(room)
    // An empty text is as likely after one word as after another.
    return tokens.isEmpty ? [Int32(tokenizer.endToken ?? tokenizer.beginToken ?? 0)] : Array(tokens)
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] { [] }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    // Where each of a text's tokens is predicted: at the token before it.
    let places = (0..<batch.count).map { index in
      let rows = batch.rows(of: index)
      return (rows.lowerBound + words[index % words.count].count - 1)..<(rows.upperBound - 1)
    }
    let rows = places.flatMap(Array.init)
    let losses = tape.crossEntropy(
      model.logits(tape.gathered(hidden, rows: rows), on: tape),
      targets: rows.map { Int(batch.tokens[$0 + 1]) }
    ).values
    var next = 0
    let likelihoods = places.map { place -> Double in
      defer { next += place.count }
      return -losses[next..<(next + place.count)].reduce(0.0) { $0 + Double($1) }
    }
    let classes = stride(from: 0, to: likelihoods.count, by: words.count).map { first -> UInt8 in
      let scores = likelihoods[first..<(first + words.count)]
      return UInt8((scores.indices.max { scores[$0] < scores[$1] } ?? first) - first)
    }
    return Predictions(
      classes: classes,
      probabilities: Probabilities.softmax(
        likelihoods.map { Float($0) }, columns: words.count, temperature: 1),
      areFinite: losses.allSatisfy(\.isFinite))
  }
}
