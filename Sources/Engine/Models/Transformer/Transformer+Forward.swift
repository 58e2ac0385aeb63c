extension Transformer {
  /// Which tokens' final states a forward pass returns.
  ///
  /// Where it is one token per sequence, the last layer computes queries and feed-forward for it only.
  package enum Selection: Sendable {
    case everyToken
    case lastTokens
    /// The first token of each sequence, where an encoder sums it up.
    case firstTokens
    /// The masked tokens of each sequence, at least one each, sequence by sequence.
    case maskedTokens
    /// All tokens of each sequence pooled into one state, without those of a soft prompt.
    case pooled(TokenPooling)

    func rows(of batch: PackedBatch) -> [Int]? {
      switch self {
      case .everyToken, .pooled: nil
      case .lastTokens: batch.lastRows
      case .firstTokens: batch.firstRows
      case .maskedTokens: batch.maskedRows
      }
    }

    package var isMasked: Bool { if case .maskedTokens = self { true } else { false } }
  }

  /// Computes the final hidden states of a batch.
  ///
  /// - Parameters:
  ///   - batch: Token ids, each below the vocabulary's size.
  ///   - selection: Which tokens' states to return.
  ///   - cache: Tokens every sequence sees before its own; not together with a trained prefix.
  ///   - storing: Whether to add this batch, one sequence, to `cache`.
  ///   - depth: How many layers to compute; nil for all. Below the last one the states are those of
  ///     Transformers' `hidden_states`: without the final normalization.
  ///   - dropoutStream: Of this step, nil outside training.
  ///   - tape: Records what leads to a trainable parameter.
  /// - Returns: `[tokens or sequences, stateWidth]`.
  package func hiddenStates(
    _ batch: PackedBatch, _ selection: Selection = .everyToken,
    cache: KeyValueCache<Scalar>? = nil, storing: Bool = false, depth: Int? = nil,
    dropoutStream: RandomStream? = nil, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    var last: Tensor<Scalar>?
    forward(
      batch, selection, cache: cache, storing: storing, depth: depth, everyLayer: false,
      dropoutStream: dropoutStream, on: tape
    ) { last = $0 }
    guard let last else { preconditionFailure("a forward pass without a result") }
    return last
  }

  /// Computes the states after every layer, from the lowest to the last, which is normalized.
  ///
  /// - Parameters:
  ///   - batch: Token ids, each below the vocabulary's size.
  ///   - selection: Which tokens' states to return.
  ///   - dropoutStream: Of this step, nil outside training.
  ///   - tape: Records what leads to a trainable parameter.
  /// - Returns: Of each layer `[tokens or sequences, embeddingWidth]`.
  package func layerStates(
    _ batch: PackedBatch, _ selection: Selection, dropoutStream: RandomStream? = nil,
    on tape: Tape<Scalar>
  ) -> [Tensor<Scalar>] {
    var states: [Tensor<Scalar>] = []
    forward(
      batch, selection, cache: nil, storing: false, depth: nil, everyLayer: true,
      dropoutStream: dropoutStream, on: tape
    ) { states.append($0) }
    return states
  }

  /// Runs the layers and hands over the selected states of the last one, or of each.
  private func forward(
    _ batch: PackedBatch, _ selection: Selection, cache: KeyValueCache<Scalar>?, storing: Bool,
    depth: Int?, everyLayer: Bool, dropoutStream: RandomStream?, on tape: Tape<Scalar>,
    _ receive: (Tensor<Scalar>) -> Void
  ) {
    precondition(
      !selection.isMasked || batch.maskCounts.allSatisfy { $0 > 0 }, "a sequence without masks")
    precondition(!storing || batch.count == 1, "only a single sequence can be stored")
    precondition(
      batch.virtualTokens == (prompt?.rows ?? 0),
      "\(batch.virtualTokens) virtual tokens for a prompt of \(prompt?.rows ?? 0)")
    let rows = BatchRows(
      batch, from: cache?.length ?? layers.first?.prefix?.length ?? 0,
      sharedBy: canShareBeginnings(selection, storing, dropoutStream) ? description.heads : nil)
    var x = embedded(rows, on: tape)
    let distances = distanceRows(rows)
    let states = distances.flatMap { distanceStates($0, on: tape) }
    let chosen = selection.rows(of: batch)?.map { rows.rows[$0] }
    // Layers that attend equally far share a layout.
    var layouts: [Int?: AttentionLayout] = [:]
    let depth = min(depth ?? layers.count, layers.count)
    for (index, layer) in layers[..<depth].enumerated() {
      let isLast = index == depth - 1 && chosen != nil
      let known = isLast ? nil : layouts[layer.window]
      let layout =
        known
        ?? layout(
          rows, window: layer.window, distances: distances, onlyRows: isLast ? chosen : nil,
          counts: selection.isMasked ? batch.maskCounts : nil)
      if !isLast { layouts[layer.window] = layout }
      x = block(
        layer, x,
        BlockContext(
          index: index, positions: rows.positions, layout: layout, chosen: isLast ? chosen : nil,
          distanceStates: states, cache: cache, storing: storing,
          dropoutStream: dropoutStream),
        on: tape)
      guard everyLayer, index < depth - 1 else { continue }
      let picked = chosen.map { tape.gathered(x, rows: $0) } ?? x
      receive(finished(picked, selection, of: batch, isNormalized: false, on: tape))
    }
    if depth == 0, let chosen { x = tape.gathered(x, rows: chosen) }
    if storing { cache?.advance(by: batch.tokens.count) }
    receive(finished(x, selection, of: batch, isNormalized: depth == layers.count, on: tape))
  }

  /// What follows the layers: normalization, projection and pooling.
  private func finished(
    _ states: Tensor<Scalar>, _ selection: Selection, of batch: PackedBatch, isNormalized: Bool,
    on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    var x = states
    if isNormalized, let finalNorm { x = normalized(x, finalNorm, on: tape) }
    if let projectOut { x = tape.linear(x, projectOut) }
    guard case .pooled(let pooling) = selection else { return x }
    return tape.pooled(x, of: batch, by: pooling)
  }

  /// Scores words after each hidden state: `h Eᵀ` over the whole vocabulary or the given ids.
  package func logits(
    _ hidden: Tensor<Scalar>, over ids: [Int]? = nil, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let factor = description.multipliers.logits
    var read = factor == 1 ? hidden : tape.scaled(hidden, by: Scalar(factor))
    if let readout {
      let inner = tape.linear(read, readout.weight, bias: readout.bias)
      read = normalized(
        tape.activated(inner, by: readout.activation), readout.norm, on: tape)
    }
    let bias = outputBias.map { bias in ids.map { tape.picked(bias, columns: $0) } ?? bias }
    let scores = tape.linear(
      read, ids.map { tape.gathered(outputEmbedding, rows: $0) } ?? outputEmbedding, bias: bias)
    return description.multipliers.logitCap.map { tape.capped(scores, at: Scalar($0)) } ?? scores
  }

  /// Whether a token's states are the same in every sequence that begins with the same tokens.
  private func canShareBeginnings(
    _ selection: Selection, _ storing: Bool, _ dropoutStream: RandomStream?
  ) -> Bool {
    switch selection {
    case .everyToken, .pooled, .maskedTokens: return false
    case .firstTokens, .lastTokens: break
    }
    let dropsOut =
      dropoutStream != nil
      && layers.contains { $0.linearLayers.contains { ($0.linear.lowRank?.dropout ?? 0) > 0 } }
    return !description.isBidirectional && !storing && !dropsOut
  }

  private func layout(
    _ rows: BatchRows, window: Int?, distances: DistanceRows?, onlyRows chosen: [Int]?,
    counts: [Int]?
  ) -> AttentionLayout {
    var layout = AttentionLayout(
      rows, heads: description.heads, keyValueHeads: description.keyValueHeads,
      headWidth: description.headWidth, isBidirectional: description.isBidirectional,
      window: window, onlyRows: chosen, counts: counts)
    layout.scale = description.multipliers.attention
    layout.cap = description.multipliers.attentionCap
    layout.distances = distances
    if let chosen, let distances { layout.distances?.places = chosen.map { distances.places[$0] } }
    return layout
  }

  private func embedded(_ rows: BatchRows, on tape: Tape<Scalar>) -> Tensor<Scalar> {
    var x = tape.gathered(
      tokenEmbedding, rows: rows.tokens.map(Int.init), virtual: prompt,
      scale: Scalar(description.multipliers.embedding),
      virtualScale: Scalar(description.multipliers.prompt))
    if projectInBias == nil, let projectIn { x = tape.linear(x, projectIn) }
    if case .learned(let offset) = description.positions, let positionEmbedding {
      tape.addRows(to: x, of: positionEmbedding, rows: rows.positions.map { $0 + offset })
    }
    if let tokenTypeEmbedding {
      let last = tokenTypeEmbedding.rows - 1
      tape.addRows(
        to: x, of: tokenTypeEmbedding,
        rows: rows.types.isEmpty
          ? rows.tokens.map { _ in 0 } : rows.types.map { min($0, last) })
    }
    if let embeddingNorm { x = normalized(x, embeddingNorm, on: tape) }
    if let projectIn, let projectInBias { x = tape.linear(x, projectIn, bias: projectInBias) }
    return x
  }

  private struct BlockContext {
    let index: Int
    let positions: [Int]
    let layout: AttentionLayout
    /// The only rows wanted of the last layer.
    let chosen: [Int]?
    /// Of each distance between tokens, where layers make keys and queries of them.
    let distanceStates: Tensor<Scalar>?
    let cache: KeyValueCache<Scalar>?
    let storing: Bool
    let dropoutStream: RandomStream?

    func stream(_ part: UInt64) -> RandomStream? {
      dropoutStream.map {
        RandomStream(seed: $0.bits(at: UInt64(index) * 8 + part), purpose: "dropout")
      }
    }

    /// A stream for the distances that the same part reads.
    func distanceStream(_ part: UInt64) -> RandomStream? {
      stream(part).map { RandomStream(seed: $0.bits(at: .max), purpose: "dropout of distances") }
    }
  }

  private func block(
    _ layer: Layer, _ input: Tensor<Scalar>, _ context: BlockContext, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let placement = description.placement
    let readsNormed = placement == .before || placement == .around
    func read(_ x: Tensor<Scalar>, _ norm: Norm?) -> Tensor<Scalar> {
      readsNormed ? norm.map { normalized(x, $0, on: tape) } ?? x : x
    }
    func summed(_ x: Tensor<Scalar>, _ norm: Norm?) -> Tensor<Scalar> {
      placement == .after ? norm.map { normalized(x, $0, on: tape) } ?? x : x
    }
    let normed = read(input, layer.attentionNorm)
    let residual = context.chosen.map { tape.gathered(input, rows: $0) } ?? input
    let attended = attention(layer, normed, residual: residual, context, on: tape)
    normed.forget()
    let x = summed(attended, layer.attentionNorm)
    // What the feed-forward block reads: in GPT-NeoX the layer's input, beside the attention.
    let source = description.hasParallelResidual ? residual : x
    let inner = read(source, layer.feedForwardNorm)
    return summed(
      feedForward(layer, inner, residual: x, context, on: tape), layer.feedForwardNorm)
  }

  /// What normalizes the output of a block with these norms before it is added.
  private func outputNorm(_ norm: Norm?, _ second: Norm?) -> Norm? {
    description.placement == .output ? norm : second
  }

  /// Attends from `normed` and adds the result to `residual`.
  private func attention(
    _ layer: Layer, _ normed: Tensor<Scalar>, residual: Tensor<Scalar>, _ context: BlockContext,
    on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    var key = layer.key(normed, dropoutStream: context.stream(0), on: tape)
    let value = layer.value(normed, dropoutStream: context.stream(1), on: tape)
    let queryInput = context.chosen.map { tape.gathered(normed, rows: $0) } ?? normed
    var query = layer.query(queryInput, dropoutStream: context.stream(2), on: tape)
    if let norm = layer.queryNorm { query = normalized(query, norm, on: tape) }
    if let norm = layer.keyNorm { key = normalized(key, norm, on: tape) }
    if let rotary = layer.rotary {
      let queryPositions =
        context.chosen.map { $0.map { context.positions[$0] } } ?? context.positions
      tape.rotate(query, positions: queryPositions, table: rotary)
      tape.rotate(key, positions: context.positions, table: rotary)
    }
    let attended = tape.attention(
      query: query, key: key, value: value, layout: context.layout,
      prefix: context.cache?.prefix(context.index) ?? layer.prefix,
      relative: relativeTerms(
        layer, context.distanceStates,
        streams: (context.distanceStream(0), context.distanceStream(2)),
        on: tape))
    if context.storing { context.cache?.store(key, value, layer: context.index) }
    let y = joined(
      layer.output, layer.attentionAdapter,
      outputNorm(layer.attentionNorm, layer.attentionOutputNorm), attended, residual,
      context.stream(3), on: tape)
    if isLarge(normed, layer) { attended.forget() }
    return y
  }

  /// Whether a layer recomputes its inner states in backward (activation checkpointing).
  ///
  /// They are its largest activations, and where a batch is long, one more product and attention a
  /// layer cost little compared with the memory; short batches keep them. The results are equal.
  private func isLarge(_ x: Tensor<Scalar>, _ layer: Layer) -> Bool {
    x.rows * layer.up.outputs * MemoryLayout<Scalar>.stride >= repeatedFromBytes
  }

  /// Computes the feed-forward block of `x` and adds the result to `residual`.
  private func feedForward(
    _ layer: Layer, _ x: Tensor<Scalar>, residual: Tensor<Scalar>, _ context: BlockContext,
    on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let isLarge = isLarge(x, layer)
    let up = layer.up(
      x, dropoutStream: context.stream(4), isRepeatable: isLarge, on: tape)
    let gate = layer.gate.map {
      $0(x, dropoutStream: context.stream(5), isRepeatable: isLarge, on: tape)
    }
    let inner =
      gate.map { tape.gated(up, gate: $0, by: description.activation) }
      ?? tape.activated(up, by: description.activation, consuming: true)
    let y = joined(
      layer.down, layer.feedForwardAdapter,
      outputNorm(layer.feedForwardNorm, layer.feedForwardOutputNorm), inner, residual,
      context.stream(6), on: tape)
    for values in [inner, up, gate, x] { values?.forget() }
    return y
  }

  /// Computes a block's last product, and an adapter and a norm after it, and adds the residual.
  private func joined(
    _ linear: LinearLayer<Scalar>, _ adapter: Bottleneck<Scalar>?, _ norm: Norm?,
    _ x: Tensor<Scalar>, _ residual: Tensor<Scalar>, _ dropoutStream: RandomStream?,
    on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    let factor = description.multipliers.residual
    guard adapter != nil || norm != nil || factor != 1 else {
      return linear(x, residual: residual, dropoutStream: dropoutStream, on: tape)
    }
    var y = linear(x, dropoutStream: dropoutStream, on: tape)
    if let adapter { y = adapter(y, on: tape) }
    if let norm { y = normalized(y, norm, on: tape) }
    return tape.sum(residual, y, scale: Scalar(factor))
  }

  /// Normalizes rows as the model does everywhere.
  package func normalized(
    _ x: Tensor<Scalar>, _ norm: Norm, on tape: Tape<Scalar>
  ) -> Tensor<Scalar> {
    switch description.normalization {
    case .layer(let epsilon), .layerWithoutBias(let epsilon):
      tape.layerNormalized(x, weight: norm.weight, bias: norm.bias, epsilon: Scalar(epsilon))
    case .rms(let epsilon):
      tape.rmsNormalized(x, weight: norm.weight, epsilon: Scalar(epsilon))
    case .shiftedRMS(let epsilon):
      tape.rmsNormalized(x, weight: norm.weight, epsilon: Scalar(epsilon), shift: 1)
    }
  }
}

extension Transformer {
  /// Packs sequences after the soft prompt, if there is one.
  package func packed(_ sequences: [TokenSequence]) -> PackedBatch {
    PackedBatch(sequences, virtualTokens: prompt?.rows ?? 0)
  }

  /// Packs sequences of single texts after the soft prompt, if there is one.
  package func packed(_ sequences: [[Int32]]) -> PackedBatch {
    packed(sequences.map { TokenSequence($0) })
  }

  /// The token whose state sums up a sequence: the last, which sees all before it, or an encoder's
  /// first.
  package var summarySelection: Selection {
    description.isBidirectional ? .firstTokens : .lastTokens
  }
}
