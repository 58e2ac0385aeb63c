import Foundation

extension ModelFolder {
  /// Compares configuration and weights by their headers, without reading a weight.
  ///
  /// - Throws: ``CheckpointError`` for a tensor that is missing, has another shape or is left out.
  package func checkShapes() throws(CheckpointError) {
    let source = ShapeCheck(weights: CheckpointWeights(self))
    _ = try Transformer<Float>(description, from: source, in: MemoryLedger())
    try source.weights.checkNoLayerIsLeftOut(description.layers)
  }

  /// Checks that every token the tokenizer can give has an embedding.
  ///
  /// - Parameter tokenizer: The folder's.
  /// - Throws: ``CheckpointError`` when it knows more tokens than the model.
  package func check(_ tokenizer: any Tokenizer) throws(CheckpointError) {
    guard tokenizer.vocabularySize > description.vocabularySize else { return }
    throw CheckpointError(
      .mismatched, file: url.path,
      "the tokenizer has \(tokenizer.vocabularySize) tokens, the model embeds "
        + "\(description.vocabularySize)",
      help: "the tokenizer belongs to another model; fetch the folder again")
  }
}

/// Fills slots with nothing once their shape is found right.
private struct ShapeCheck: WeightSource {
  let weights: CheckpointWeights

  func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(CheckpointError) -> Tensor<Float> {
    try weights.checkShape(of: slot, rows: rows, columns: columns)
    return Tensor(rows: 0, columns: columns, category: .weights, in: ledger)
  }
}
