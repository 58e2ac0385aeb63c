extension ModelDescription {
  /// Parameters of one layer.
  package var parametersPerLayer: Int {
    let (queries, keys) = (heads * headWidth, keyValueHeads * headWidth)
    let attention = width * (queries + 2 * keys) + queries * width
    let attentionBiases =
      (attentionBias ? queries + 2 * keys : 0) + (attentionOutputBias ? width : 0)
    let matrices = isGated ? 3 : 2
    let feedForward = matrices * width * feedForwardWidth
    let feedForwardBiases =
      feedForwardBias ? (matrices - 1) * feedForwardWidth + width : 0
    return attention + attentionBiases + feedForward + feedForwardBiases + 2 * normParameters
  }

  /// Parameters of the whole model; tied matrices count once.
  package var parameterCount: Int {
    var count = vocabularySize * embeddingWidth * (tiesEmbeddings ? 1 : 2) + tokenTypes * width
    if hasEmbeddingNormalization { count += normParameters }
    if case .learned(let offset) = positions { count += (maximumPositions + offset) * width }
    if embeddingWidth != width { count += 2 * width * embeddingWidth }
    return count + layers * parametersPerLayer + (hasFinalNormalization ? normParameters : 0)
  }

  private var normParameters: Int {
    if case .layer = normalization { return 2 * width }
    return width
  }
}
