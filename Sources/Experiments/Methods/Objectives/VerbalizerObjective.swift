import Engine

/// Whether a loss normalizes over the label words or over the whole vocabulary.
enum LossScope: String, OptionChoice {
  case labels
  case vocabulary

  static let option = MethodOption<LossScope>(
    "over", default: .vocabulary, "what the softmax of the loss normalizes over")
}

/// Predicts the label word after a prompt with the model's own output matrix.
///
/// Pattern-exploiting training of Schick and Schütze 2021 (arXiv:2001.07676), with the softmax over
/// the whole vocabulary as in Mosbach et al. 2023 (arXiv:2305.16938) or over the label words only.
struct VerbalizerObjective: Objective {
  static let name = "verbalizer"
  static let isTrained = true
  static let options: [any DeclaredOption] = [
    PatternChoice.option, LossScope.option, Truncation.option,
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool { true }
  static func readsMasks(_ options: ResolvedOptions) -> Bool { true }

  private let pattern: String
  private let scope: LossScope

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    scope = options[LossScope.option]
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    if context.model.description.isBidirectional {
      return try MaskedSession(context, pattern: pattern, scope: scope)
    }
    return VerbalizerSession(
      readout: try WordReadout(context, pattern: pattern), scope: scope,
      targets: context.sample.map(\.label))
  }
}

/// Reads classes from the model's word predictions.
struct WordReadout {
  let model: Transformer<Float>
  let encoder: PromptEncoder
  let words: LabelWords

  init(_ context: ObjectiveContext, pattern: String) throws {
    try self.init(context.model, encoder: try PromptEncoder(context, pattern: pattern))
  }

  init(_ model: Transformer<Float>, encoder: PromptEncoder) throws {
    self.model = model
    self.encoder = encoder
    words = try LabelWords(encoder.pattern, tokenizer: encoder.tokenizer)
  }

  func prompt(for example: Example) -> [Int32] {
    encoder.prompt(for: example, followedBy: words.shared)
  }

  /// Scores over the label words, `[examples, classes]`, or the vocabulary.
  func logits(
    _ hidden: Tensor<Float>, over scope: LossScope, on tape: Tape<Float>
  ) -> Tensor<Float> {
    model.logits(hidden, over: scope == .labels ? words.ids : nil, on: tape)
  }

  func predictions(
    _ hidden: Tensor<Float>, offsets: [Float]? = nil, on tape: Tape<Float>
  ) -> Predictions {
    let logits = logits(hidden, over: .vocabulary, on: tape)
    let (values, width) = (logits.values, logits.columns)
    var classes: [UInt8] = []
    var all: [Float] = []
    for row in 0..<logits.rows {
      let scores = words.ids.enumerated().map { values[row * width + $1] - (offsets?[$0] ?? 0) }
      classes.append(UInt8(scores.indices.max { scores[$0] < scores[$1] } ?? 0))
      all += scores
    }
    let words = logits.largestColumns.map { column in
      UInt8(self.words.ids.firstIndex(of: column) ?? self.words.ids.count)
    }
    return Predictions(
      classes: classes, overVocabulary: words,
      probabilities: Probabilities.softmax(all, columns: self.words.ids.count, temperature: 1),
      areFinite: values.allSatisfy(\.isFinite))
  }
}

private final class VerbalizerSession: ObjectiveSession {
  private let readout: WordReadout
  private let scope: LossScope
  private let targets: [Int]

  init(readout: WordReadout, scope: LossScope, targets: [Int]) {
    self.readout = readout
    self.scope = scope
    self.targets = targets
  }

  func prompt(for example: Example) -> TokenSequence {
    TokenSequence(readout.prompt(for: example))
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = readout.logits(hidden, over: scope, on: tape)
    let classes = examples.map { targets[$0] }
    return [
      (
        tape.crossEntropy(
          logits, targets: scope == .labels ? classes : classes.map { readout.words.ids[$0] }), 1
      )
    ]
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    readout.predictions(hidden, on: tape)
  }
}
