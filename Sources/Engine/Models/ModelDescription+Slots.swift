extension ModelDescription {
  /// A weight of the architecture: its place and its size; biases and norms have one row.
  package struct Weight: Hashable, Sendable {
    package let slot: WeightSlot
    package let rows: Int
    package let columns: Int
  }

  /// Every weight the architecture has, from the embeddings up.
  package var weights: [Weight] {
    var all = [
      Weight(slot: .tokenEmbedding, rows: vocabularySize, columns: embeddingWidth)
    ]
    if case .learned(let offset) = positions {
      all.append(
        Weight(slot: .positionEmbedding, rows: maximumPositions + offset, columns: width))
    }
    if tokenTypes > 0 {
      all.append(Weight(slot: .tokenTypeEmbedding, rows: tokenTypes, columns: width))
    }
    if hasEmbeddingNormalization { all += norm(.embeddingNorm) }
    if embeddingWidth != width {
      all.append(Weight(slot: .projectIn, rows: width, columns: embeddingWidth))
      all.append(Weight(slot: .projectOut, rows: embeddingWidth, columns: width))
    }
    for index in 0..<layers { all += layer(index) }
    if hasFinalNormalization { all += norm(.finalNorm) }
    if !tiesEmbeddings {
      all.append(Weight(slot: .output, rows: vocabularySize, columns: embeddingWidth))
    }
    return all
  }

  private func layer(_ index: Int) -> [Weight] {
    let (queries, keys) = (heads * headWidth, keyValueHeads * headWidth)
    func linear(
      _ part: WeightSlot.Part, _ outputs: Int, _ inputs: Int, bias: Bool
    ) -> [Weight] {
      let slot = WeightSlot.layer(index, part)
      let weight = Weight(slot: slot, rows: outputs, columns: inputs)
      return bias ? [weight, Weight(slot: slot.bias, rows: 1, columns: outputs)] : [weight]
    }
    return norm(.layer(index, .attentionNorm))
      + linear(.query, queries, width, bias: attentionBias)
      + linear(.key, keys, width, bias: attentionBias)
      + linear(.value, keys, width, bias: attentionBias)
      + linear(.output, width, queries, bias: attentionOutputBias)
      + norm(.layer(index, .feedForwardNorm))
      + (isGated ? linear(.gate, feedForwardWidth, width, bias: feedForwardBias) : [])
      + linear(.up, feedForwardWidth, width, bias: feedForwardBias)
      + linear(.down, width, feedForwardWidth, bias: feedForwardBias)
  }

  private func norm(_ slot: WeightSlot) -> [Weight] {
    let weight = Weight(slot: slot, rows: 1, columns: width)
    guard case .layer = normalization else { return [weight] }
    return [weight, Weight(slot: slot.bias, rows: 1, columns: width)]
  }
}
