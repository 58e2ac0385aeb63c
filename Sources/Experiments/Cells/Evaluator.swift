import Engine

/// Predicts the classes of many examples.
struct Evaluator {
  /// Tokens computed together; part of the numerics, since it decides the shapes of products.
  static let tokensAtOnce = 256

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
      let hidden = model.hiddenStates(
        model.packed(pending), model.summarySelection, cache: session.cache, on: tape)
      result.append(session.predictions(hidden, on: tape))
      tokens += waiting
      pending.removeAll(keepingCapacity: true)
      waiting = 0
    }
    for example in examples {
      let prompt = session.prompt(for: example)
      if waiting + prompt.count > Self.tokensAtOnce { flush() }
      pending.append(prompt)
      waiting += prompt.count
    }
    flush()
    return (result, tokens)
  }
}
