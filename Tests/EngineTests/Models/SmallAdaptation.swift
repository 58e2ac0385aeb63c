@testable import Engine

/// The ways to adapt a model, each as small as it gets.
enum SmallAdaptation: String, CaseIterable, Sendable {
  case biases, upperLayers, lowRank, magnitudes, rescaling, bottleneck, prompt, prefix

  /// Whether a weight of the model itself is to train.
  func trains(_ parameter: Parameter<Float>) -> Bool {
    switch self {
    case .biases: parameter.isBias
    case .upperLayers: parameter.layer == 1
    case .lowRank, .magnitudes, .rescaling, .bottleneck, .prompt, .prefix: false
    }
  }

  /// Has a frozen model train what the adaptation trains.
  func apply(to model: Transformer<Float>) {
    let (ledger, description) = (model.ledger, model.description)
    func random(_ rows: Int, _ columns: Int, _ purpose: String) -> Tensor<Float> {
      let tensor = Tensor<Float>(
        rows: rows, columns: columns, category: .weights, requiresGradient: true, in: ledger)
      var stream = RandomStream(seed: 2, purpose: purpose)
      for i in 0..<tensor.count { tensor.elements[i] = Float(0.3 * stream.normal()) }
      return tensor
    }
    switch self {
    case .biases, .upperLayers:
      for parameter in model.parameters { parameter.tensor.requiresGradient = trains(parameter) }
    case .prompt:
      model.setPrompt(random(2, description.embeddingWidth, "prompt"))
    case .lowRank, .magnitudes, .rescaling, .bottleneck, .prefix:
      for index in model.layers.indices { apply(to: model, layer: index, random) }
    }
  }

  private func apply(
    to model: Transformer<Float>, layer index: Int, _ random: (Int, Int, String) -> Tensor<Float>
  ) {
    let (layer, ledger, description) = (model.layers[index], model.ledger, model.description)
    let stream = RandomStream(seed: 3, purpose: "layer \(index)")
    switch self {
    case .biases, .upperLayers, .prompt: break
    case .lowRank, .magnitudes:
      for (_, linear) in layer.linearLayers {
        linear.attachLowRank(
          rank: 2, scale: 2, dropout: 0, random: stream, withMagnitude: self == .magnitudes,
          in: ledger)
      }
    case .rescaling:
      layer.key.attachRescaling(ofInputs: false, in: ledger)
      layer.value.attachRescaling(ofInputs: false, in: ledger)
      layer.down.attachRescaling(ofInputs: true, in: ledger)
    case .bottleneck:
      func network() -> Bottleneck<Float> {
        Bottleneck(
          width: description.width, size: 3, activation: .silu, deviation: 0.3, random: stream,
          in: ledger)
      }
      model.setAdapters(attention: network(), feedForward: network(), layer: index)
    case .prefix:
      let width = description.keyValueHeads * description.headWidth
      let (keys, values) = (random(2, width, "keys \(index)"), random(2, width, "values \(index)"))
      model.setPrefix(AttentionPrefix(keys: keys, values: values, length: 2), layer: index)
    }
  }
}
