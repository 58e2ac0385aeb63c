import Foundation

extension AdapterFolder {
  /// Reads the adapter and checks that it fits the model.
  ///
  /// - Throws: ``CheckpointError`` for a broken folder, a kind of adapter or option that is not done
  ///   here, and tensors that do not belong to the model.
  package func read() throws(CheckpointError) -> Adapter {
    let configuration = try AdapterConfiguration(
      contentsOf: url.appendingPathComponent(Self.configurationName))
    let file = try weights()
    let content = AdapterContent(configuration, file, of: description, modules)
    switch configuration.type {
    case "IA3":
      return try content.with(.scales(try content.scales()))
    case "PROMPT_TUNING":
      return .prompt(try content.embeddings(columns: description.embeddingWidth))
    case "PREFIX_TUNING": return .prefix(try content.prefix())
    default: return try content.with(.lora(try content.lora()))
    }
  }

  /// Reads the head that was saved with the adapter; nil if there is none.
  ///
  /// - Throws: ``CheckpointError`` for a broken folder.
  package func readHead() throws(CheckpointError) -> ClassificationHead? {
    try ClassificationHead.read(from: weights(), for: description)
  }

  private func weights() throws(CheckpointError) -> TensorFile {
    let names = Self.weightNames.map { url.appendingPathComponent($0) }
    guard let weights = names.first(where: isFile) else {
      throw CheckpointError(
        .missing, file: url.path, "contains neither \(Self.weightNames.joined(separator: " nor "))",
        help: "an adapter folder contains adapter_config.json and its weights")
    }
    return try TensorFile(weights)
  }
}
