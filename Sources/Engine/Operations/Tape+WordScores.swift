extension Tape {
  /// Scores words of several tokens from the predictions of masked ones: the mean over a word's tokens
  /// of `log softmax(z_i)` at the token, where `z_i` are the scores of the example's mask `i`.
  ///
  /// - Parameters:
  ///   - logits: Over the vocabulary, `[examples · masks, vocabulary]`, the masks of an example in their
  ///     order.
  ///   - words: Token ids; a word takes the first masks, as many as it has tokens.
  ///   - masks: Of each example.
  /// - Returns: `[examples, words]`.
  @_specialize(where Scalar == Float)
  package func wordScores(
    _ logits: Tensor<Scalar>, words: [[Int]], masks: Int
  ) -> Tensor<Scalar> {
    let vocabulary = logits.columns
    precondition(
      masks > 0 && logits.rows.isMultiple(of: masks), "\(logits.rows) rows for \(masks) masks")
    for word in words {
      precondition(
        !word.isEmpty && word.count <= masks && word.allSatisfy { (0..<vocabulary).contains($0) },
        "the word \(word) of \(vocabulary) tokens at \(masks) masks")
    }
    let scores = result(
      rows: logits.rows / masks, columns: words.count, requiresGradient: logits.requiresGradient)
    let normalizers = Storage<Scalar>(logits.rows, .activations, in: ledger)
    ledger.compute {
      for row in 0..<logits.rows {
        normalizers.start[row] = Softmax.logSumExp(
          logits.start + row &* vocabulary, count: vocabulary)
      }
      for example in 0..<scores.rows {
        for (k, word) in words.enumerated() {
          var sum = Scalar.zero
          for (i, token) in word.enumerated() {
            let row = example * masks + i
            sum += logits.start[row * vocabulary + token] - normalizers.start[row]
          }
          scores.start[example * words.count + k] = sum / Scalar(word.count)
        }
      }
    }
    guard scores.requiresGradient else { return scores }
    record { [ledger, dy = scores.derivative] in
      guard logits.derivative.isWanted, let gradient = dy.current else { return }
      let target = logits.derivative.cleared()
      ledger.compute {
        for row in 0..<logits.rows {
          let slopes = gradient + row / masks * words.count
          let place = row % masks
          var whole = Scalar.zero
          for (k, word) in words.enumerated() where place < word.count {
            let slope = slopes[k] / Scalar(word.count)
            whole += slope
            target[row * vocabulary + word[place]] += slope
          }
          guard whole != 0 else { continue }
          Softmax.addProbabilities(
            logits.start + row &* vocabulary, normalizer: normalizers.start[row], scale: -whole,
            to: target + row &* vocabulary, count: vocabulary)
        }
      }
    }
    return scores
  }
}
