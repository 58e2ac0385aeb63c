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
    var result = Predictions()
    var tokens = 0
    var pending: [[Int32]] = []
    var waiting = 0
    func flush() {
      guard !pending.isEmpty else { return }
      let tape = Tape<Float>(ledger: model.ledger)
      let batch = model.packed(pending)
      let hidden = model.hiddenStates(
        batch, session.selection ?? model.summarySelection, cache: session.cache, on: tape)
      result.append(session.predictions(hidden, of: batch, on: tape))
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
