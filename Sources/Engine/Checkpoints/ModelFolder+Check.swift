import Foundation

extension ModelFolder {
  /// Compares configuration and weights by their tables of contents, without reading a weight.
  ///
  /// - Throws: ``CheckpointError`` for a tensor that is missing, has another shape or is left out.
  package func checkShapes() throws(CheckpointError) {
    for weight in description.weights {
      let place = layout.place(of: weight)
      let entry = try weights.entry(of: place.name)
      try place.checkShape(of: entry.record, in: weights.shards[entry.shard])
    }
    let prefix = "\(layout.names.layer).\(description.layers)."
    guard let extra = weights.names.first(where: { $0.hasPrefix(prefix) }) else { return }
    throw CheckpointError(
      .mismatched, file: url.path,
      "the weights hold '\(extra)', but config.json uses \(description.layers) layers",
      help: "config.json and the weights do not belong together; fetch both again")
  }

  /// Reads every weight once, block by block, and refuses a NaN or an infinity.
  ///
  /// - Throws: ``CheckpointError`` that names the tensor.
  package func checkFinite() throws(CheckpointError) {
    for name in Set(description.weights.map { layout.place(of: $0).name }).sorted() {
      let entry = try weights.entry(of: name)
      try weights.shards[entry.shard].checkFinite(entry.record)
    }
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
