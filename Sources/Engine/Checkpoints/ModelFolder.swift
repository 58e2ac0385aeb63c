package import Foundation

/// A model as Hugging Face publishes it: `config.json`, weights and a tokenizer's files.
///
/// ```swift
/// let folder = try ModelFolder(url)
/// let model = try Transformer(folder.description, from: CheckpointWeights(folder), in: ledger)
/// ```
package struct ModelFolder: Sendable {
  package let url: URL
  package let description: ModelDescription
  package let weights: ShardedWeights
  let layout: CheckpointLayout

  /// Reads the configuration and opens the weights; no tensor is read yet.
  ///
  /// - Throws: ``CheckpointError``.
  package init(_ url: URL) throws(CheckpointError) {
    self.url = url
    description = try Self.description(at: url)
    layout = CheckpointLayout(description)
    weights = try ShardedWeights(folder: url, tensorNames: layout.names)
  }

  /// The architecture alone, for a plan or an estimate that needs no weights.
  package static func description(at url: URL) throws(CheckpointError) -> ModelDescription {
    try ModelConfiguration.description(at: url.appendingPathComponent(configurationName))
  }

  /// The files that determine what the model computes, in a fixed order.
  ///
  /// The configuration; the index and the shards in the order of their names; the tokenizer's files.
  /// A fingerprint of the model is a hash over their names and contents in this order.
  package var definingFiles: [URL] {
    [url.appendingPathComponent(Self.configurationName)]
      + (weights.index.map { [$0] } ?? []) + weights.shards.map(\.url)
      + Self.tokenizerFiles(in: url)
  }

  /// The tokenizer's files that are present, in a fixed order.
  package static func tokenizerFiles(in folder: URL) -> [URL] {
    tokenizerNames.map { folder.appendingPathComponent($0) }.filter(isFile)
  }

  static let configurationName = "config.json"
  private static let tokenizerNames = [
    "tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "vocab.txt",
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
  ]
}
