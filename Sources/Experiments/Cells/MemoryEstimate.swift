package import Engine

/// What a cell will need at its peak, roughly, so that a pool does not start too many at once.
package enum MemoryEstimate {
  /// Tokens of a prompt: the length that arXiv:2405.13181 pads to.
  private static let tokensAPrompt = 128

  /// Bytes of weights, gradients, moments and activations.
  ///
  /// `4 P + 12 P_train` for weights, gradients and two moments, and per token and layer the inputs
  /// an fp32 backward keeps: about 10 rows of the width and 3 of the feed-forward block.
  package static func bytes(_ method: Method, model: ModelDescription, shots: Int) -> Int {
    let weights = 4 * model.parameterCount
    let perLayer = 4 * (10 * model.width + 3 * model.feedForwardWidth)
    guard method.trains else { return weights + 2 * Evaluator.tokensAtOnce * perLayer }
    let options = TrainingOptions(method.options)
    let examples = min(options.batchSize, 2 * min(max(1, shots), options.batchSize))
    let tokens = examples * tokensAPrompt
    let (trainable, layers) =
      switch method.adaptation {
      case LoRAAdaptation.name:
        (2 * method.options.integer("rank") * 2 * model.width * model.layers, model.layers)
      case LayersAdaptation.name:
        (model.parametersPerLayer * max(1, model.layers / 6), max(1, model.layers / 6))
      default: (model.parameterCount, model.layers)
      }
    return weights + 12 * trainable + tokens * perLayer * layers
  }
}
