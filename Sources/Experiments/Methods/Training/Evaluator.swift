import Engine

/// Predicts the classes of many examples.
struct Evaluator {
  /// Tokens computed together.
  static let tokensAtOnce = ObjectiveContext.tokensAtOnce

  let model: Transformer<Float>
  let session: any ObjectiveSession

  /// Predicts each example's class.
  ///
  /// - Parameter examples: In the order of the result.
  /// - Returns: The predictions and how many prompt tokens were read for them.
  func predictions(for examples: [Example]) -> (predictions: Predictions, tokens: Int) {
    if let answers = session.answers(to: examples) { return answers }
    var result = Predictions()
    var tokens = 0
    var pending: [TokenSequence] = []
    var waiting = 0
    func flush() {
      guard !pending.isEmpty else { return }
      let tape = Tape<Float>(ledger: model.ledger)
      let batch = model.packed(pending)
      let hidden = model.hiddenStates(
        batch, session.selection ?? model.summarySelection, cache: session.cache, on: tape)
      let summary = session.summary(hidden, of: batch, dropoutStream: nil, on: tape)
      result.append(session.predictions(summary, of: batch, on: tape))
      tokens += waiting
      pending.removeAll(keepingCapacity: true)
      waiting = 0
    }
    for example in examples {
      let sequences = session.sequences(for: example)
      let count = sequences.reduce(0) { $0 + $1.count }
      if waiting + count > Self.tokensAtOnce { flush() }
      pending += sequences
      waiting += count
    }
    flush()
    return (result, tokens)
  }
}

/// The final states of prompts under a model that does not change, computed once.
struct FrozenStates {
  let values: Tensor<Float>  // [prompts, stateWidth]

  /// Reads every prompt.
  init(_ prompts: [TokenSequence], model: Transformer<Float>) {
    let width = model.description.stateWidth
    values = Tensor(rows: prompts.count, columns: width, in: model.ledger)
    var first = 0
    while first < prompts.count {
      var end = first
      var tokens = 0
      while end < prompts.count,
        end == first || tokens + prompts[end].count <= ObjectiveContext.tokensAtOnce
      {
        tokens += prompts[end].count
        end += 1
      }
      let states = model.hiddenStates(
        model.packed(Array(prompts[first..<end])), model.summarySelection,
        on: Tape<Float>(ledger: model.ledger))
      model.ledger.compute {
        withExtendedLifetime((states, values)) {
          let rows = values.elements[(first * width)..<(end * width)]
          _ = UnsafeMutableBufferPointer(rebasing: rows).update(fromContentsOf: states.elements)
        }
      }
      first = end
    }
  }
}
