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

extension Transformer {
  /// Computes the loss of predicting hidden tokens from the whole of their texts, in nats.
  ///
  /// - Parameters:
  ///   - texts: With at least one mask each.
  ///   - targets: The hidden tokens, text by text.
  ///   - tape: Records what leads to a trainable parameter.
  /// - Returns: `[masks, 1]`.
  package func maskedLanguageModelLosses(
    _ texts: [TokenSequence], targets: [Int], on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    tape.crossEntropy(
      logits(hiddenStates(packed(texts), .maskedTokens, on: tape), on: tape), targets: targets)
  }
}

extension Transformer where Scalar == Float {
  /// Continues a prompt with the most likely token at every step.
  ///
  /// - Parameters:
  ///   - prompt: At least one token.
  ///   - count: Most tokens to add; fewer when the context is full or the end token comes.
  /// - Returns: The added tokens.
  package func greedyContinuation(of prompt: [Int32], count: Int) -> [Int32] {
    let room = max(0, description.maximumPositions - prompt.count)
    let capacity = prompt.count + min(count, room)
    let cache = KeyValueCache<Float>(description, capacity: capacity, in: ledger)
    var added: [Int32] = []
    var next = prompt
    while added.count < count, cache.length + next.count <= capacity {
      let tape = Tape<Float>(ledger: ledger)
      let hidden = hiddenStates(
        PackedBatch([next]), .lastTokens, cache: cache, storing: true, on: tape)
      let scores = logits(hidden, on: tape).values
      var best = 0
      for i in scores.indices where scores[i] > scores[best] { best = i }
      guard best != description.endToken else { break }
      added.append(Int32(best))
      next = [Int32(best)]
    }
    return added
  }
}
