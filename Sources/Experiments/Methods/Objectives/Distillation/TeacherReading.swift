import Engine

/// A teacher that reads prompts behind demonstrations.
struct TeacherReading {
  /// Prompts with demonstrations of their own that are scored together.
  private static let promptsAtOnce = 8

  private let context: ObjectiveContext
  private let readout: DistillationReadout
  /// Most demonstrations before a prompt.
  private let limit: Int

  /// Scores of answers, row-major, and what was read for them.
  struct Logits {
    var values: [Float] = []
    var columns = 0
    var tokens = 0
  }

  init(_ context: ObjectiveContext, readout: DistillationReadout, limit: Int) {
    self.context = context
    self.readout = readout
    self.limit = limit
  }

  /// Answers to the sample's examples, each behind the others.
  ///
  /// - Returns: Scores, and the fewest demonstrations that fitted.
  func sampleLogits() -> (logits: Logits, fewest: Int) {
    var fewest = limit == 0 || context.sample.isEmpty ? 0 : Int.max
    let prompts = context.sample.enumerated().map { index, example -> [Int32] in
      guard limit > 0 else { return readout.prompt(for: example) }
      // Starting behind the example itself gives every prompt other demonstrations.
      let others = (1..<max(1, context.sample.count)).map {
        context.sample[(index + $0) % context.sample.count]
      }
      let prompt = followingPrompt(for: example, limit: context.maximumTokens / 2)
      let before = Demonstrations(
        others, limit: limit, room: context.maximumTokens - prompt.count,
        encoder: readout.encoder)
      fewest = min(fewest, before.count)
      return before.count == 0 ? readout.prompt(for: example) : before.tokens + prompt
    }
    var logits = Logits()
    for start in stride(from: 0, to: prompts.count, by: Self.promptsAtOnce) {
      read(
        Array(prompts[start..<min(start + Self.promptsAtOnce, prompts.count)]), cache: nil,
        into: &logits)
    }
    return (logits, fewest)
  }

  /// Answers to other examples, all behind the same demonstrations, which are read once.
  func logits(of examples: [Example]) -> Logits {
    var logits = Logits()
    guard !examples.isEmpty else { return logits }
    let shown = Demonstrations(
      context.sample, limit: limit, room: context.demonstrationRoom, encoder: readout.encoder)
    let cache = shown.read(by: context.model)
    logits.tokens = shown.tokens.count
    var pending: [[Int32]] = []
    var waiting = 0
    for example in examples {
      let prompt =
        shown.count == 0
        ? readout.prompt(for: example)
        : followingPrompt(
          for: example, limit: context.maximumTokens - shown.tokens.count)
      if waiting + prompt.count > ObjectiveContext.tokensAtOnce, !pending.isEmpty {
        read(pending, cache: cache, into: &logits)
        (pending, waiting) = ([], 0)
      }
      pending.append(prompt)
      waiting += prompt.count
    }
    read(pending, cache: cache, into: &logits)
    return logits
  }

  /// A prompt without the special tokens that precede its demonstrations.
  private func followingPrompt(for example: Example, limit: Int) -> [Int32] {
    readout.encoder.prompt(
      for: example, special: false, followedBy: readout.shared, limit: limit)
  }

  private func read(
    _ prompts: [[Int32]], cache: KeyValueCache<Float>?, into logits: inout Logits
  ) {
    let model = context.model
    let tape = Tape<Float>(ledger: model.ledger)
    let scores = readout.logits(
      model.hiddenStates(
        PackedBatch(prompts), model.summarySelection, cache: cache, on: tape), on: tape)
    logits.values += scores.values
    logits.columns = scores.columns
    logits.tokens += prompts.reduce(0) { $0 + $1.count }
  }
}
