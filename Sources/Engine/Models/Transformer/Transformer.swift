/// A transformer: its weights, and what adaptations add to them.
package final class Transformer<Scalar: EngineScalar> {
  package struct Norm {
    package let weight: Tensor<Scalar>
    package let bias: Tensor<Scalar>?

    package init(weight: Tensor<Scalar>, bias: Tensor<Scalar>?) {
      self.weight = weight
      self.bias = bias
    }
  }

  /// Between the last states and the output matrix.
  struct Readout {
    let weight: Tensor<Scalar>  // [embeddingWidth, width]
    let bias: Tensor<Scalar>?
    let norm: Norm
    let activation: Activation
  }

  package struct Layer {
    /// Nil where the attention reads its input as it is.
    let attentionNorm: Norm?
    package let query: LinearLayer<Scalar>
    package let key: LinearLayer<Scalar>
    package let value: LinearLayer<Scalar>
    /// Of queries and keys before they turn.
    let queryNorm: Norm?
    let keyNorm: Norm?
    package let output: LinearLayer<Scalar>
    /// Of what the attention adds, beside ``attentionNorm``.
    let attentionOutputNorm: Norm?
    let feedForwardNorm: Norm
    let gate: LinearLayer<Scalar>?
    package let up: LinearLayer<Scalar>
    package let down: LinearLayer<Scalar>
    /// Of what the feed-forward block adds, beside ``feedForwardNorm``.
    let feedForwardOutputNorm: Norm?
    /// How far it attends.
    let window: Int?
    let rotary: RotaryTable<Scalar>?
    /// After the attention's output, before the residual is added.
    package fileprivate(set) var attentionAdapter: Bottleneck<Scalar>?
    /// After the feed-forward block's output.
    package fileprivate(set) var feedForwardAdapter: Bottleneck<Scalar>?
    /// Trained keys and values that every token sees.
    package fileprivate(set) var prefix: AttentionPrefix<Scalar>?
  }

  package let description: ModelDescription
  package let ledger: MemoryLedger
  package let tokenEmbedding: Tensor<Scalar>  // [vocabulary, embeddingWidth]
  let positionEmbedding: Tensor<Scalar>?  // [positions + offset, width]
  let tokenTypeEmbedding: Tensor<Scalar>?  // [tokenTypes, width]
  let embeddingNorm: Norm?
  let projectIn: Tensor<Scalar>?  // [width, embeddingWidth]
  let projectInBias: Tensor<Scalar>?  // [1, width]
  let projectOut: Tensor<Scalar>?  // [embeddingWidth, width]
  let relativeEmbedding: Tensor<Scalar>?  // [distances, heads or width]
  let relativeNorm: Norm?
  package private(set) var layers: [Layer]
  package let finalNorm: Norm?
  let readout: Readout?
  /// The pre-trained dense layer between the first state and a classifier.
  package let pooler: LinearLayer<Scalar>?
  package let poolerNorm: Norm?
  package private(set) var untiedOutput: Tensor<Scalar>?  // [vocabulary, embeddingWidth]
  let outputBias: Tensor<Scalar>?  // [1, vocabulary]
  /// Trained rows that precede every sequence, `[rows, embeddingWidth]`.
  package private(set) var prompt: Tensor<Scalar>?
  /// A layer whose inner states take this many bytes or more recomputes them in backward.
  var repeatedFromBytes = 8 << 20

  /// Builds the layers of `description` with weights from `source`.
  ///
  /// - Parameters:
  ///   - description: The architecture.
  ///   - source: Where each weight comes from.
  ///   - quantization: How the layers' matrices are stored, which then never train; nil for floats.
  ///   - ledger: Where the weights' bytes are entered.
  /// - Throws: What `source` throws for a weight it lacks or that has another shape.
  package init<Failure: Error>(
    _ description: ModelDescription, from source: some WeightSource<Scalar, Failure>,
    quantization: QuantizedFormat? = nil, in ledger: MemoryLedger
  ) throws(Failure) {
    self.description = description
    self.ledger = ledger
    let builder = Builder(
      description: description, source: source, quantization: quantization, ledger: ledger)
    tokenEmbedding = try source.tensor(
      .tokenEmbedding, rows: description.vocabularySize, columns: description.embeddingWidth,
      in: ledger)
    switch description.positions {
    case .learned(let offset):
      positionEmbedding = try source.tensor(
        .positionEmbedding, rows: description.maximumPositions + offset,
        columns: description.summedWidth, in: ledger)
    case .rotary, .absent: positionEmbedding = nil
    }
    tokenTypeEmbedding =
      description.tokenTypes > 0
      ? try source.tensor(
        .tokenTypeEmbedding, rows: description.tokenTypes, columns: description.summedWidth,
        in: ledger)
      : nil
    embeddingNorm =
      description.hasEmbeddingNormalization
      ? try builder.norm(.embeddingNorm, width: description.summedWidth) : nil
    let projectsSum = description.projectsNormalizedEmbedding
    let projects = projectsSum || description.embeddingWidth != description.width
    projectIn =
      projects
      ? try source.tensor(
        .projectIn, rows: description.width, columns: description.embeddingWidth, in: ledger) : nil
    projectInBias =
      projectsSum
      ? try source.tensor(.projectIn.bias, rows: 1, columns: description.width, in: ledger) : nil
    projectOut =
      projects && !projectsSum
      ? try source.tensor(
        .projectOut, rows: description.embeddingWidth, columns: description.width, in: ledger) : nil
    relativeEmbedding = try builder.relativeEmbedding()
    relativeNorm =
      description.relativePositions?.isNormalized == true ? try builder.norm(.relativeNorm) : nil
    var layers: [Layer] = []
    for i in 0..<description.ownLayers {
      // Layers that turn alike share their angles.
      let rotary = description.attention(ofLayer: i).rotary
      let table =
        layers.lazy.compactMap(\.rotary).first { $0.rotary == rotary }
        ?? rotary.map { RotaryTable($0, headWidth: description.headWidth) }
      layers.append(try builder.layer(i, rotary: table))
    }
    if description.sharesLayers, let layer = layers.first {
      layers = Array(repeating: layer, count: description.layers)
    }
    self.layers = layers
    finalNorm = description.hasFinalNormalization ? try builder.norm(.finalNorm) : nil
    readout = try builder.readout()
    outputBias =
      description.readout?.hasOutputBias == true
      ? try source.tensor(
        .bias(.output), rows: 1, columns: description.vocabularySize, in: ledger) : nil
    pooler = description.hasPooler ? try builder.pooler() : nil
    poolerNorm =
      description.hasPooler && description.classifier?.isNormalized == true
      ? try builder.norm(.poolerNorm) : nil
    untiedOutput =
      description.tiesEmbeddings || !description.hasOutput
      ? nil
      : try source.tensor(
        .output, rows: description.vocabularySize, columns: description.embeddingWidth,
        in: ledger)
  }

  /// The layers with weights of their own, from the bottom.
  package var ownLayers: ArraySlice<Layer> { layers.prefix(description.ownLayers) }

  /// The matrix whose rows score the vocabulary, in a model that has one.
  package var outputEmbedding: Tensor<Scalar> { untiedOutput ?? tokenEmbedding }

  /// Gives the output a copy of the token embedding, so that either can change alone.
  func untie() {
    guard untiedOutput == nil else { return }
    let output = Tensor<Scalar>(
      rows: tokenEmbedding.rows, columns: tokenEmbedding.columns, category: .weights, in: ledger)
    let values = tokenEmbedding.start
    output.fill { values[$0] }
    untiedOutput = output
  }

  /// Puts trained rows before every sequence; batches must then be packed with as many virtual tokens.
  ///
  /// Lester, Al-Rfou and Constant 2021, "The power of scale for parameter-efficient prompt tuning",
  /// arXiv:2104.08691.
  package func setPrompt(_ rows: Tensor<Scalar>?) { prompt = rows }

  /// Puts trained keys and values before every sequence of a layer.
  ///
  /// Li and Liang 2021, "Prefix-tuning", arXiv:2101.00190, without the reparametrization; positions
  /// of real tokens follow those of the prefix, as in PEFT.
  package func setPrefix(_ prefix: AttentionPrefix<Scalar>?, layer: Int) {
    layers[layer].prefix = prefix
  }

  /// Puts bottleneck adapters after a layer's blocks.
  package func setAdapters(
    attention: Bottleneck<Scalar>?, feedForward: Bottleneck<Scalar>?, layer: Int
  ) {
    layers[layer].attentionAdapter = attention
    layers[layer].feedForwardAdapter = feedForward
  }
}

/// Asks a source for the parts of a layer.
private struct Builder<Scalar: EngineScalar, Failure: Error, Source: WeightSource<Scalar, Failure>>
{
  let description: ModelDescription
  let source: Source
  let quantization: QuantizedFormat?
  let ledger: MemoryLedger

  func norm(
    _ slot: WeightSlot, width: Int? = nil
  ) throws(Failure) -> Transformer<Scalar>.Norm {
    let width = width ?? description.width
    let weight = try source.tensor(slot, rows: 1, columns: width, in: ledger)
    guard case .layer = description.normalization else {
      return Transformer.Norm(weight: weight, bias: nil)
    }
    let bias = try source.tensor(slot.bias, rows: 1, columns: width, in: ledger)
    return Transformer.Norm(weight: weight, bias: bias)
  }

  func relativeEmbedding() throws(Failure) -> Tensor<Scalar>? {
    guard let weight = description.weights.first(where: { $0.slot == .relativeEmbedding }) else {
      return nil
    }
    return try source.tensor(weight.slot, rows: weight.rows, columns: weight.columns, in: ledger)
  }

  func readout() throws(Failure) -> Transformer<Scalar>.Readout? {
    guard let readout = description.readout else { return nil }
    let (outputs, inputs) = (description.embeddingWidth, description.width)
    return Transformer.Readout(
      weight: try source.tensor(.readout, rows: outputs, columns: inputs, in: ledger),
      bias: readout.hasBias
        ? try source.tensor(.bias(.readout), rows: 1, columns: outputs, in: ledger) : nil,
      norm: try norm(.readoutNorm, width: outputs), activation: readout.activation)
  }

  private func norm(
    _ part: WeightSlot.Part, layer: Int
  ) throws(Failure) -> Transformer<Scalar>.Norm? {
    guard let width = description.normWidth(part, layer: layer) else { return nil }
    return try norm(.layer(layer, part), width: width)
  }

  /// Never quantized: it is small, and whoever trains it trains the layers' matrices as well.
  func pooler() throws(Failure) -> LinearLayer<Scalar> {
    let width = description.width
    let weight = try source.tensor(.pooler, rows: width, columns: width, in: ledger)
    let hasBias = description.classifier?.hasDenseBias ?? true
    return LinearLayer(
      .dense(weight),
      bias: hasBias
        ? try source.tensor(.pooler.bias, rows: 1, columns: width, in: ledger) : nil)
  }

  private func linear(
    _ slot: WeightSlot, _ outputs: Int, _ inputs: Int, bias: Bool
  ) throws(Failure) -> LinearLayer<Scalar> {
    let weight = try source.tensor(slot, rows: outputs, columns: inputs, in: ledger)
    let matrix = quantization.map { quantized(weight, $0) } ?? .dense(weight)
    return LinearLayer(
      matrix,
      bias: bias ? try source.tensor(slot.bias, rows: 1, columns: outputs, in: ledger) : nil)
  }

  private func quantized(
    _ weight: Tensor<Scalar>, _ format: QuantizedFormat
  ) -> LinearLayer<Scalar>.Matrix {
    let (floats, columns) = (weight.start.asFloats, weight.columns)
    let matrix = QuantizedMatrix(
      rows: weight.rows, columns: columns, format: format, in: ledger
    ) { rows, target in
      Elementwise.copy(
        floats + rows.lowerBound * columns, to: target, count: rows.count * columns)
    }
    withExtendedLifetime(weight) {}
    return .quantized(matrix)
  }

  func layer(
    _ i: Int, rotary: RotaryTable<Scalar>?
  ) throws(Failure) -> Transformer<Scalar>.Layer {
    let (width, inner) = (description.width, description.feedForwardWidth)
    let queryWidth = description.heads * description.headWidth
    let keyWidth = description.keyValueHeads * description.headWidth
    let (attention, feedForward) = (description.attentionBias, description.feedForwardBias)
    return Transformer.Layer(
      attentionNorm: try norm(.attentionNorm, layer: i),
      query: try linear(.layer(i, .query), queryWidth, width, bias: attention),
      key: try linear(.layer(i, .key), keyWidth, width, bias: attention),
      value: try linear(.layer(i, .value), keyWidth, width, bias: attention),
      queryNorm: try norm(.queryNorm, layer: i),
      keyNorm: try norm(.keyNorm, layer: i),
      output: try linear(
        .layer(i, .output), width, queryWidth, bias: description.attentionOutputBias),
      attentionOutputNorm: try norm(.attentionOutputNorm, layer: i),
      feedForwardNorm: try norm(.layer(i, .feedForwardNorm)),
      gate: description.isGated
        ? try linear(.layer(i, .gate), inner, width, bias: feedForward) : nil,
      up: try linear(.layer(i, .up), inner, width, bias: feedForward),
      down: try linear(.layer(i, .down), width, inner, bias: feedForward),
      feedForwardOutputNorm: try norm(.feedForwardOutputNorm, layer: i),
      window: description.attention(ofLayer: i).window, rotary: rotary)
  }
}
