import Engine

/// The final states of prompts under a model that does not change, computed once.
struct FrozenStates {
  let values: Tensor<Float>  // [prompts, embeddingWidth]

  /// Reads every prompt.
  init(_ prompts: [[Int32]], model: Transformer<Float>) {
    let width = model.description.embeddingWidth
    values = Tensor(rows: prompts.count, columns: width, in: model.ledger)
    var first = 0
    while first < prompts.count {
      var end = first
      var tokens = 0
      while end < prompts.count,
        end == first || tokens + prompts[end].count <= ObjectiveContext.tokensAtOnce
      {
        tokens += prompts[end].count
        end += 1
      }
      let states = model.hiddenStates(
        model.packed(Array(prompts[first..<end])), model.summarySelection,
        on: Tape<Float>(ledger: model.ledger))
      model.ledger.compute {
        withExtendedLifetime((states, values)) {
          let rows = values.elements[(first * width)..<(end * width)]
          _ = UnsafeMutableBufferPointer(rebasing: rows).update(fromContentsOf: states.elements)
        }
      }
      first = end
    }
  }
}
