package import Foundation

/// A model as Hugging Face publishes it: `config.json`, weights and a tokenizer's files.
///
/// ```swift
/// let folder = try ModelFolder(url)
/// let model = try Transformer(folder.description, from: CheckpointWeights(folder), in: ledger)
/// ```
package struct ModelFolder: Sendable {
  package let url: URL
  package private(set) var description: ModelDescription
  package let weights: ShardedWeights
  let layout: CheckpointLayout
  /// What a user should know of a folder that can be used nevertheless.
  package let warnings: [String]
  /// Whether the weights hold an output matrix of their own although the configuration ties it.
  package let isUntiedByWeights: Bool

  /// Reads the configuration and opens the weights; no tensor is read yet.
  ///
  /// - Throws: ``CheckpointError``.
  package init(_ url: URL) throws(CheckpointError) {
    self.url = url
    var description = try Self.description(at: url)
    layout = CheckpointLayout(description)
    var weights = try ShardedWeights(folder: url, tensorNames: layout.names)
    var warnings: [String] = []
    var isUntied = false
    let table = layout.names.name(of: .tokenEmbedding)
    let output = layout.names.name(of: .output)
    if description.tiesEmbeddings {
      weights.findTied(table)
      if !description.isBidirectional, let own = weights[output], let entry = weights[table],
        try !weights.areEqual(own, entry)
      {
        description.tiesEmbeddings = false
        isUntied = true
        warnings.append(
          "config.json ties '\(output)' to the token embedding, but the weights hold another one,"
            + " which is used, as Transformers does")
      }
    } else if weights[output] == nil, weights[table] != nil {
      description.hasOutput = false
    }
    if description.readout != nil, weights[layout.names.name(of: .readout)] == nil {
      (description.readout, description.hasOutput) = (nil, false)
    }
    let head = layout.names.maskedHead
    let isWhole = [WeightSlot.readout, .readoutNorm, .bias(.output)].allSatisfy { slot in
      head?.name(of: slot).map { weights[$0] != nil } ?? false
    }
    if !isWhole { description.maskedReadout = nil }
    // Only the weights show whether the class that saved them has a pooler.
    description.hasPooler =
      layout.names.classifier?.isPooler == true && weights[layout.names.name(of: .pooler)] != nil
    self.description = description
    self.weights = weights
    self.warnings = warnings
    isUntiedByWeights = isUntied
  }

  /// The folder with the head for masked words among what is loaded, where it has one.
  package var predictingMasks: ModelFolder {
    var changed = self
    changed.description = description.predictingMasks
    // ModernBERT has one layer before its words and before its classes, which is trained once.
    let names = layout.names
    if changed.description.readout != nil,
      names.name(of: .pooler) == names.name(of: .readout)
    {
      changed.description.hasPooler = false
    }
    return changed
  }

  /// The architecture alone, for a plan or an estimate that needs no weights.
  package static func description(at url: URL) throws(CheckpointError) -> ModelDescription {
    if isFile(url) {
      throw CheckpointError(
        .unsupported, file: url.path,
        url.pathExtension == "gguf"
          ? "is a GGUF file, which is not read" : "is a file, not a model's folder",
        help: "name a folder with config.json, the weights and a tokenizer, as Hugging Face has it")
    }
    return try ModelConfiguration.description(
      at: url.appendingPathComponent(FolderFiles.configurationName))
  }

  /// The files that determine what the model computes, in a fixed order.
  ///
  /// The configuration; the index and the shards in the order of their names; the tokenizer's files.
  /// A fingerprint of the model is a hash over their names and contents in this order.
  package var definingFiles: [URL] {
    [url.appendingPathComponent(FolderFiles.configurationName)]
      + (weights.index.map { [$0] } ?? []) + weights.shards.map(\.url)
      + Self.tokenizerFiles(in: url)
  }

  /// The tokenizer's files that are present, in a fixed order.
  package static func tokenizerFiles(in folder: URL) -> [URL] {
    tokenizerNames.map { folder.appendingPathComponent($0) }.filter(isFile)
  }

  private static let tokenizerNames = [
    "tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "vocab.txt",
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "spiece.model", "sentencepiece.bpe.model", "spm.model",
  ]
}

extension ModelFolder {
  /// The token that pads the texts of a batch, as the tokenizer's files name it; nil where none does.
  ///
  /// - Parameter tokenizer: The folder's.
  /// - Returns: Its id.
  /// - Throws: ``CheckpointError`` for a file that cannot be read.
  package func padToken(_ tokenizer: any Tokenizer) throws(CheckpointError) -> Int? {
    var content = try TokenizerSettings(folder: url).content(of: "pad_token")
    let file = url.appendingPathComponent("tokenizer.json")
    if content == nil, isFile(file) {
      content = try JSONParser.parse(contentsOf: file).object?["padding"]?.object?["pad_token"]?
        .string
    }
    return content.flatMap { tokenizer.id(of: $0) }.map(Int.init)
  }
}

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

  /// Reads every weight once, block by block, and rejects a NaN or an infinity.
  ///
  /// - Throws: ``CheckpointError`` that names the tensor.
  package func checkFinite() throws(CheckpointError) {
    for name in Set(description.weights.map { layout.place(of: $0).name }).sorted() {
      let entry = try weights.entry(of: name)
      try weights.shards[entry.shard].checkFinite(entry.record)
    }
  }

  /// Loads the folder's tokenizer, whose every token has an embedding.
  ///
  /// Added tokens beyond the rows of the table are left out: Transformers loads such a folder too, and
  /// fails at a text that contains one.
  ///
  /// - Throws: ``CheckpointError`` for a broken tokenizer, and for one with more tokens of its own
  ///   than the model embeds.
  package func tokenizer() throws(CheckpointError) -> any Tokenizer {
    let tokenizer = try TokenizerLoader.load(from: url)
    guard tokenizer.vocabularySize > description.vocabularySize else { return tokenizer }
    let shorter = (tokenizer as? SubwordTokenizer)?
      .without(tokensFrom: description.vocabularySize)
    if let shorter { return shorter }
    throw CheckpointError(
      .mismatched, file: url.path,
      "the tokenizer has \(tokenizer.vocabularySize) tokens, the model embeds "
        + "\(description.vocabularySize)",
      help: "the tokenizer belongs to another model; fetch the folder again")
  }

  /// What a user should know of the folder, the tokenizer's part included.
  package func warnings(with tokenizer: any Tokenizer) -> [String] {
    warnings + (tokenizer.omissionWarning.map { [$0] } ?? [])
  }
}
