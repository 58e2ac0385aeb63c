extension Transformer {
  /// Computes the loss of predicting every token of texts from those before it, in nats.
  ///
  /// `−log softmax(h_i Eᵀ)` at the id of token `i + 1`, for every token of a text but its last. Texts
  /// are packed and see only themselves.
  ///
  /// - Parameters:
  ///   - texts: Token ids, at least two each; a soft prompt does not go with it.
  ///   - dropoutStream: Of this step, nil outside training.
  ///   - tape: Records what leads to a trainable parameter.
  /// - Returns: `[predictions, 1]`, text by text.
  package func languageModelLosses(
    _ texts: [[Int32]], dropoutStream: RandomStream? = nil, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    precondition(prompt == nil, "a soft prompt has no next token to predict")
    var targets: [Int] = []
    targets.reserveCapacity(texts.reduce(0) { $0 + $1.count })
    for text in texts {
      precondition(text.count > 1, "a text of \(text.count) tokens has nothing to predict")
      for token in text.dropFirst() { targets.append(Int(token)) }
    }
    let hidden = hiddenStates(
      PackedBatch(texts.map { Array($0.dropLast()) }), dropoutStream: dropoutStream, on: tape)
    return tape.crossEntropy(logits(hidden, on: tape), targets: targets)
  }
}
