import Engine

/// A way to use a model whose steps are timed.
struct Method: Sendable {
  let name: String
  /// Floating-point operations per token and weight outside the embeddings: 2 forward, 2 more for
  /// the gradient of the activations, 2 more for that of the weights.
  let operationsPerWeight: Int
  /// Sets a loaded model up and returns its step, which returns the mean loss over the batch.
  let prepare: @Sendable (Transformer<Float>, TokenBatch) -> () -> Double

  static let all = [
    Method(name: "vanilla", operationsPerWeight: 6) { model, batch in
      model.setTrainable(true)
      return trainingStep(model, batch)
    },
    Method(name: "lora", operationsPerWeight: 4) { model, batch in
      model.setTrainable(false)
      let random = RandomStream(seed: 1, purpose: "benchmark LoRA")
      for layer in model.layers {
        for linear in [layer.query, layer.value] {
          linear.attachLowRank(rank: 8, scale: 2, dropout: 0, random: random, in: model.ledger)
        }
      }
      return trainingStep(model, batch)
    },
    Method(name: "bitfit", operationsPerWeight: 4) { model, batch in
      for parameter in model.parameters {
        parameter.tensor.requiresGradient = parameter.name.hasSuffix("bias")
      }
      return trainingStep(model, batch)
    },
    Method(name: "ia3", operationsPerWeight: 4) { model, batch in
      model.setTrainable(false)
      for layer in model.layers {
        layer.key.attachRescaling(ofInputs: false, in: model.ledger)
        layer.value.attachRescaling(ofInputs: false, in: model.ledger)
        layer.down.attachRescaling(ofInputs: true, in: model.ledger)
      }
      return trainingStep(model, batch)
    },
    Method(name: "prefix", operationsPerWeight: 4) { model, batch in
      model.setTrainable(false)
      let width = model.description.keyValueHeads * model.description.headWidth
      var random = RandomStream(seed: 1, purpose: "benchmark prefix")
      for index in model.layers.indices {
        let (keys, values) = (table(20, width, &random, model), table(20, width, &random, model))
        model.setPrefix(AttentionPrefix(keys: keys, values: values, length: 20), layer: index)
      }
      return trainingStep(model, batch)
    },
    Method(name: "evaluation", operationsPerWeight: 2) { model, batch in
      model.setTrainable(false)
      let packed = PackedBatch(batch.sequences)
      return {
        let tape = Tape<Float>(ledger: model.ledger)
        let hidden = model.hiddenStates(packed, .lastTokens, on: tape)
        return meanLoss(hidden, model, batch, on: tape).value
      }
    },
    Method(name: "icl", operationsPerWeight: 2) { model, batch in
      model.setTrainable(false)
      let prefix = PackedBatch([batch.prefix])
      let queries = PackedBatch(batch.sequences)
      return {
        let cache = KeyValueCache<Float>(
          model.description, capacity: batch.prefix.count, in: model.ledger)
        let tape = Tape<Float>(ledger: model.ledger)
        _ = model.hiddenStates(prefix, .lastTokens, cache: cache, storing: true, on: tape)
        let hidden = model.hiddenStates(queries, .lastTokens, cache: cache, on: tape)
        return meanLoss(hidden, model, batch, on: tape).value
      }
    },
  ]

  /// The operations that a step needs, regardless of what the engine saves or wastes: real tokens count,
  /// those of equal beginnings once.
  func operations(_ description: ModelDescription, _ batch: TokenBatch) -> Double {
    let weights = description.layerParameters
    return Double(operationsPerWeight * weights * batch.distinctCount)
  }

  /// A trainable table of random numbers.
  private static func table(
    _ rows: Int, _ columns: Int, _ random: inout RandomStream, _ model: Transformer<Float>
  ) -> Tensor<Float> {
    let table = Tensor<Float>(
      rows: rows, columns: columns, category: .weights, requiresGradient: true, in: model.ledger)
    for i in 0..<table.count { table.elements[i] = Float(0.1 * random.normal()) }
    return table
  }

  /// A step of what is trainable now: forward, backward, gradients clipped at 1, AdamW.
  private static func trainingStep(
    _ model: Transformer<Float>, _ batch: TokenBatch
  ) -> () -> Double {
    let packed = PackedBatch(batch.sequences)
    let trained = model.parameters.filter(\.tensor.requiresGradient)
    let optimizer = AdamW(
      trained.map { AdamW.Group($0.tensor) }, options: .init(clipNorm: 1), in: model.ledger)
    return {
      let tape = Tape<Float>(ledger: model.ledger)
      let hidden = model.hiddenStates(packed, .lastTokens, on: tape)
      let (losses, mean) = meanLoss(hidden, model, batch, on: tape)
      tape.backward(from: [(losses, 1 / Float(packed.count))])
      _ = optimizer.step(learningRate: 1e-5)
      return mean
    }
  }

  /// The cross-entropy of each sequence's class, scored by the embeddings of the label words.
  private static func meanLoss(
    _ hidden: Tensor<Float>, _ model: Transformer<Float>, _ batch: TokenBatch,
    on tape: Tape<Float>
  ) -> (losses: Tensor<Float>, value: Double) {
    let logits = model.logits(hidden, over: batch.labelTokens, on: tape)
    let losses = tape.crossEntropy(logits, targets: batch.labels)
    return (losses, Double(losses.values.reduce(0, +)) / Double(batch.labels.count))
  }
}
