import Engine

/// Where a student's or a teacher's answer is read: off words, or off a fresh head.
enum DistillationReadout {
  case words(WordReadout, LossScope)
  case head(FreshHead, PromptEncoder)

  /// Reads a model's answers in a scope.
  ///
  /// - Parameters:
  ///   - context: Of the cell.
  ///   - pattern: How an example becomes a prompt.
  ///   - scope: What the answer is a distribution over.
  ///   - headPurpose: Of the stream that fills a fresh head.
  ///   - trains: Whether a fresh head learns.
  /// - Throws: ``MethodError`` or ``TaskError`` when the pattern or the tokenizer does not fit.
  init(
    _ context: ObjectiveContext, pattern: String, scope: DistillationScope, headPurpose: String,
    trains: Bool
  ) throws {
    if let words = scope.words {
      self = .words(try WordReadout(context, pattern: pattern), words)
    } else {
      self = .head(
        FreshHead(
          .linear, classes: context.task.labels.count,
          width: context.model.description.embeddingWidth, dropout: 0,
          random: RandomStream(seed: context.seed, purpose: headPurpose), trains: trains,
          in: context.model.ledger),
        try PromptEncoder(context, pattern: pattern))
    }
  }

  var encoder: PromptEncoder {
    switch self {
    case .words(let readout, _): readout.encoder
    case .head(_, let encoder): encoder
    }
  }

  /// Tokens that every prompt ends in before the word that answers.
  var shared: [Int32] {
    if case .words(let readout, _) = self { readout.words.shared } else { [] }
  }

  func prompt(for example: Example) -> [Int32] {
    encoder.prompt(for: example, followedBy: shared)
  }

  /// Scores of what the answer is a distribution over, `[examples, any]`.
  func logits(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Tensor<Float> {
    switch self {
    case .words(let readout, let scope): readout.logits(hidden, over: scope, on: tape)
    case .head(let head, _): head.logits(hidden, on: tape)
    }
  }

  /// The column of ``logits(_:on:)`` that stands for a class.
  func column(of label: Int) -> Int {
    guard case .words(let readout, .vocabulary) = self else { return label }
    return readout.words.ids[label]
  }

  func predictions(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Predictions {
    switch self {
    case .words(let readout, _): readout.predictions(hidden, on: tape)
    case .head(let head, _): Predictions(head.logits(hidden, on: tape))
    }
  }
}
