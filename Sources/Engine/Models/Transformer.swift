/// A decoder-only transformer: its weights and how a batch flows through them.
package final class Transformer<Scalar: EngineScalar> {
  package struct Norm {
    package let weight: Tensor<Scalar>
    package let bias: Tensor<Scalar>?
  }

  package struct Layer {
    package let attentionNorm: Norm
    package let query: LinearLayer<Scalar>
    package let key: LinearLayer<Scalar>
    package let value: LinearLayer<Scalar>
    package let output: LinearLayer<Scalar>
    package let feedForwardNorm: Norm
    package let gate: LinearLayer<Scalar>?
    package let up: LinearLayer<Scalar>
    package let down: LinearLayer<Scalar>
  }

  package let description: ModelDescription
  package let ledger: MemoryLedger
  package let tokenEmbedding: Tensor<Scalar>  // [vocabulary, embeddingWidth]
  package let positionEmbedding: Tensor<Scalar>?  // [positions + offset, width]
  package let projectIn: Tensor<Scalar>?  // [width, embeddingWidth]
  package let projectOut: Tensor<Scalar>?  // [embeddingWidth, width]
  package let layers: [Layer]
  package let finalNorm: Norm?
  package let untiedOutput: Tensor<Scalar>?  // [vocabulary, embeddingWidth]
  private let rotary: RotaryTable<Scalar>?

  /// Builds the layers of `description` with weights from `source`.
  ///
  /// - Parameters:
  ///   - description: The architecture.
  ///   - source: Where each weight comes from.
  ///   - ledger: Where the weights' bytes are entered.
  /// - Throws: What `source` throws for a weight it lacks or that has another shape.
  package init<Failure: Error>(
    _ description: ModelDescription, from source: some WeightSource<Scalar, Failure>,
    in ledger: MemoryLedger
  ) throws(Failure) {
    self.description = description
    self.ledger = ledger
    let (width, feedForward) = (description.width, description.feedForwardWidth)
    let queryWidth = description.heads * description.headWidth
    let keyWidth = description.keyValueHeads * description.headWidth
    func norm(_ slot: WeightSlot) throws(Failure) -> Norm {
      let weight = try source.tensor(slot, rows: 1, columns: width, in: ledger)
      guard case .layer = description.normalization else { return Norm(weight: weight, bias: nil) }
      let bias = try source.tensor(slot.bias, rows: 1, columns: width, in: ledger)
      return Norm(weight: weight, bias: bias)
    }
    func linear(
      _ slot: WeightSlot, _ outputs: Int, _ inputs: Int, bias: Bool
    ) throws(Failure) -> LinearLayer<Scalar> {
      let weight = try source.tensor(slot, rows: outputs, columns: inputs, in: ledger)
      guard bias else { return LinearLayer(weight: weight, bias: nil) }
      return LinearLayer(
        weight: weight,
        bias: try source.tensor(slot.bias, rows: 1, columns: outputs, in: ledger))
    }
    tokenEmbedding = try source.tensor(
      .tokenEmbedding, rows: description.vocabularySize, columns: description.embeddingWidth,
      in: ledger)
    switch description.positions {
    case .learned(let offset):
      positionEmbedding = try source.tensor(
        .positionEmbedding, rows: description.maximumPositions + offset, columns: width,
        in: ledger)
      rotary = nil
    case .rotary(let base, _):
      positionEmbedding = nil
      rotary = RotaryTable(base: base, headWidth: description.headWidth)
    }
    let projects = description.embeddingWidth != width
    projectIn =
      projects
      ? try source.tensor(
        .projectIn, rows: width, columns: description.embeddingWidth, in: ledger) : nil
    projectOut =
      projects
      ? try source.tensor(
        .projectOut, rows: description.embeddingWidth, columns: width, in: ledger) : nil
    var layers: [Layer] = []
    for i in 0..<description.layers {
      let (attention, ffn) = (description.attentionBias, description.feedForwardBias)
      layers.append(
        Layer(
          attentionNorm: try norm(.layer(i, .attentionNorm)),
          query: try linear(.layer(i, .query), queryWidth, width, bias: attention),
          key: try linear(.layer(i, .key), keyWidth, width, bias: attention),
          value: try linear(.layer(i, .value), keyWidth, width, bias: attention),
          output: try linear(
            .layer(i, .output), width, queryWidth, bias: description.attentionOutputBias),
          feedForwardNorm: try norm(.layer(i, .feedForwardNorm)),
          gate: description.isGated
            ? try linear(.layer(i, .gate), feedForward, width, bias: ffn) : nil,
          up: try linear(.layer(i, .up), feedForward, width, bias: ffn),
          down: try linear(.layer(i, .down), width, feedForward, bias: ffn)))
    }
    self.layers = layers
    finalNorm = description.hasFinalNormalization ? try norm(.finalNorm) : nil
    untiedOutput =
      description.tiesEmbeddings
      ? nil
      : try source.tensor(
        .output, rows: description.vocabularySize, columns: description.embeddingWidth,
        in: ledger)
  }

  /// The matrix whose rows score the vocabulary.
  package var outputEmbedding: Tensor<Scalar> { untiedOutput ?? tokenEmbedding }

  /// Which tokens' final states a forward pass returns.
  package enum Selection: Sendable {
    case everyToken
    /// Each sequence's last token; the last layer then computes queries and feed-forward for it only.
    case lastTokens
  }

  /// Computes the final hidden states of a batch.
  ///
  /// - Parameters:
  ///   - batch: Token ids, each below the vocabulary's size.
  ///   - selection: Which tokens' states to return.
  ///   - cache: Tokens every sequence sees before its own.
  ///   - storing: Whether to add this batch, one sequence, to `cache`.
  ///   - dropoutStream: Of this step, nil outside training.
  ///   - tape: Records what leads to a trainable parameter.
  /// - Returns: `[tokens or sequences, embeddingWidth]`.
  package func hiddenStates(
    _ batch: PackedBatch, _ selection: Selection = .everyToken,
    cache: KeyValueCache<Scalar>? = nil, storing: Bool = false,
    dropoutStream: RandomStream? = nil, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    precondition(!storing || batch.count == 1, "only a single sequence can be stored")
    let positions = batch.positions(from: cache?.length ?? 0)
    var x = embedded(batch, positions: positions, on: tape)
    let causal = AttentionLayout.causal(
      batch, heads: description.heads, keyValueHeads: description.keyValueHeads,
      headWidth: description.headWidth)
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1 && selection == .lastTokens
      x = block(
        layer, x,
        BlockContext(
          index: index, positions: positions, layout: causal,
          last: isLast ? batch : nil, cache: cache, storing: storing,
          dropoutStream: dropoutStream),
        on: tape)
    }
    if layers.isEmpty, selection == .lastTokens { x = tape.gathered(x, rows: batch.lastRows) }
    if storing { cache?.advance(by: batch.tokens.count) }
    if let finalNorm { x = normalized(x, finalNorm, on: tape) }
    return projectOut.map { tape.linear(x, $0) } ?? x
  }

  /// Scores words after each hidden state: `h Eᵀ` over the whole vocabulary or the given ids.
  package func logits(
    _ hidden: Tensor<Scalar>, over ids: [Int]? = nil, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    tape.linear(hidden, ids.map { tape.gathered(outputEmbedding, rows: $0) } ?? outputEmbedding)
  }

  private func embedded(
    _ batch: PackedBatch, positions: [Int], on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    var x = tape.gathered(tokenEmbedding, rows: batch.tokens.map(Int.init))
    if let projectIn { x = tape.linear(x, projectIn) }
    guard case .learned(let offset) = description.positions, let positionEmbedding else { return x }
    return tape.sum(x, tape.gathered(positionEmbedding, rows: positions.map { $0 + offset }))
  }

  private struct BlockContext {
    let index: Int
    let positions: [Int]
    let layout: AttentionLayout
    /// The batch when only its last tokens are wanted.
    let last: PackedBatch?
    let cache: KeyValueCache<Scalar>?
    let storing: Bool
    let dropoutStream: RandomStream?
  }

  private func block(
    _ layer: Layer, _ input: Tensor<Scalar>, _ context: BlockContext, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let isPre = description.placement == .before
    func stream(_ part: UInt64) -> RandomStream? {
      context.dropoutStream.map {
        RandomStream(seed: $0.bits(at: UInt64(context.index) * 8 + part), purpose: "dropout")
      }
    }
    let normed = isPre ? normalized(input, layer.attentionNorm, on: tape) : input
    let key = layer.key(normed, dropoutStream: stream(0), on: tape)
    let value = layer.value(normed, dropoutStream: stream(1), on: tape)
    var (residual, queryInput) = (input, normed)
    var (queryPositions, layout) = (context.positions, context.layout)
    if let batch = context.last {
      residual = tape.gathered(input, rows: batch.lastRows)
      queryInput = isPre ? tape.gathered(normed, rows: batch.lastRows) : residual
      queryPositions = batch.lastRows.map { context.positions[$0] }
      layout = .lastOnly(
        batch, heads: layout.heads, keyValueHeads: layout.keyValueHeads,
        headWidth: layout.headWidth)
    }
    let query = layer.query(queryInput, dropoutStream: stream(2), on: tape)
    if let rotary {
      tape.rotate(query, positions: queryPositions, table: rotary)
      tape.rotate(key, positions: context.positions, table: rotary)
    }
    let attended = tape.attention(
      query: query, key: key, value: value, layout: layout,
      prefix: context.cache?.prefix(context.index))
    if context.storing { context.cache?.store(key, value, layer: context.index) }
    var x = layer.output(attended, residual: residual, dropoutStream: stream(3), on: tape)
    if !isPre { x = normalized(x, layer.attentionNorm, on: tape) }
    let feedForwardInput = isPre ? normalized(x, layer.feedForwardNorm, on: tape) : x
    let up = layer.up(feedForwardInput, dropoutStream: stream(4), on: tape)
    let inner: Tensor<Scalar>
    if let gate = layer.gate {
      inner = tape.gated(
        up, gate: gate(feedForwardInput, dropoutStream: stream(5), on: tape),
        by: description.activation)
    } else {
      inner = tape.activated(up, by: description.activation)
    }
    x = layer.down(inner, residual: x, dropoutStream: stream(6), on: tape)
    return isPre ? x : normalized(x, layer.feedForwardNorm, on: tape)
  }

  private func normalized(
    _ x: Tensor<Scalar>, _ norm: Norm, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    switch (description.normalization, norm.bias) {
    case (.layer(let epsilon), .some(let bias)):
      tape.layerNormalized(x, weight: norm.weight, bias: bias, epsilon: Scalar(epsilon))
    case (.rms(let epsilon), _), (.layer(let epsilon), .none):
      tape.rmsNormalized(x, weight: norm.weight, epsilon: Scalar(epsilon))
    }
  }
}
