import Engine

/// Asks the untrained model for the label word, with or without demonstrations.
///
/// In-context learning of Brown et al. 2020 (arXiv:2005.14165); see ``Calibration`` for corrections.
package struct PromptObjective: Objective {
  static let name = "prompt"
  static let isTrained = false
  /// More than fit in any context.
  package static let allThatFit = 1_000_000

  package static let demonstrations = MethodOption(
    "demonstrations", 0...allThatFit, default: allThatFit,
    "most examples of the sample to show, if they fit")

  static let options: [any DeclaredOption] = [
    PatternChoice.option, demonstrations, Calibration.option,
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool {
    options.possible(demonstrations) != [0]
  }

  /// An encoder reads no text but the one it answers.
  static func readsMasks(_ options: ResolvedOptions) -> Bool {
    options[demonstrations] == 0 && options[Calibration.option] != .channel
  }

  private let pattern: String
  private let limit: Int
  private let calibration: Calibration

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    limit = options[Self.demonstrations]
    calibration = options[Calibration.option]
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    if context.model.description.isBidirectional {
      return try MaskedSession(
        context, pattern: pattern, silent: calibration.silentTexts(of: context.task))
    }
    if calibration == .channel {
      return try ChannelSession(
        context, encoder: PromptEncoder(context, pattern: pattern), limit: limit)
    }
    return PromptSession(
      context, readout: try WordReadout(context, pattern: pattern), limit: limit,
      calibration: calibration)
  }
}

extension ObjectiveContext {
  /// Tokens reserved after the demonstrations for a prompt.
  private static let promptRoom = 128

  /// Tokens that demonstrations may take.
  var demonstrationRoom: Int { maximumTokens - min(Self.promptRoom, maximumTokens / 2) }
}

private final class PromptSession: ObjectiveSession {
  private let readout: WordReadout
  private let shown: Demonstrations
  private let limit: Int
  let cache: KeyValueCache<Float>?
  /// Subtracted from the label words' scores.
  private var offsets: [Float]?

  init(
    _ context: ObjectiveContext, readout: WordReadout, limit: Int, calibration: Calibration
  ) {
    self.readout = readout
    shown = Demonstrations(
      context.sample, limit: limit, room: context.demonstrationRoom, encoder: readout.encoder)
    self.limit = context.maximumTokens - shown.tokens.count
    cache = shown.read(by: context.model)
    let silent = calibration.silentTexts(of: context.task)
    switch calibration {
    case .none, .channel: break
    case .contextual:
      offsets = logarithms(after: silent.map { prompt(for: $0).tokens }, cache: cache)
    case .domain: offsets = logarithms(after: silent.map(readout.prompt(for:)), cache: nil)
    }
  }

  var demonstrations: Int? { shown.offered == 0 ? nil : shown.count }
  var demonstrationsOffered: Int? { shown.offered == 0 ? nil : shown.offered }
  var preparationTokens: Int { shown.tokens.count }

  func prompt(for example: Example) -> TokenSequence {
    TokenSequence(
      readout.encoder.prompt(
        for: example, special: shown.count == 0, followedBy: readout.words.shared, limit: limit))
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] { [] }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    readout.predictions(hidden, offsets: offsets, on: tape)
  }

  /// The logarithm of each label word's mean probability, among the label words, after prompts.
  private func logarithms(
    after prompts: [[Int32]], cache: KeyValueCache<Float>?
  ) -> [Float] {
    let model = readout.model
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(prompts), .lastTokens, cache: cache, on: tape)
    let logits = readout.logits(hidden, over: .labels, on: tape)
    return logits.logarithmsOfMeans
  }
}

/// How to correct for label words that the model prefers regardless of the text.
enum Calibration: String, OptionChoice {
  case none
  /// Each word's probability is divided by its mean one after content-free texts, following the same
  /// demonstrations (Zhao et al. 2021, arXiv:2102.09690).
  case contextual
  /// Each word's probability is divided by the one it has after the pattern alone, without text and
  /// demonstrations: the pointwise mutual information given the domain (Holtzman et al. 2021,
  /// "Surface form competition", arXiv:2104.08315, section 3).
  case domain = "dc-pmi"
  /// The text's probability after a label word is compared instead of the word's after the text
  /// (Min et al. 2022, "Noisy channel language model prompting", arXiv:2108.04106).
  case channel

  /// Examples without content, whose answers show what the model prefers.
  func silentTexts(of task: TaskDefinition) -> [Example] {
    let words: [String] =
      switch self {
      case .none, .channel: []
      case .contextual: ["N/A", "[MASK]", ""]
      case .domain: [""]
      }
    return words.map { word in
      Example(fields: Array(repeating: word, count: task.fields.count), label: 0)
    }
  }

  static let option = MethodOption<Calibration>(
    "calibration", default: .none, "correction of the label words' prior")
}

/// Chooses the label word after which the model finds an example's text most likely.
///
/// `argmax_y log P(x | y)`, with demonstrations turned round as well: each label word precedes its
/// text. The text is the example's own, without the pattern's words, which do not depend on `y`.
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
  func prompt(for example: Example) -> TokenSequence { TokenSequence(text(of: example)) }

  func sequences(for example: Example) -> [TokenSequence] {
    let text = text(of: example)
    return words.map { TokenSequence($0 + text) }
  }

  /// The tokens of an example's text after a label word; the end of a long text is cut off.
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
