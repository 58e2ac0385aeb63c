import Engine
import Foundation

extension StartingPoint {
  /// Reads what a user names; a later head or adapter replaces an earlier one.
  ///
  /// A folder with `adapter_config.json` is an adapter in PEFT's layout, with the head that was saved
  /// along with it; any other folder is a checkpoint, of which the head is taken; a file of tensors is
  /// a head, or an adapter's weights where the folder is one.
  ///
  /// - Parameters:
  ///   - paths: As the user names them.
  ///   - description: Of the model that is trained.
  /// - Throws: `CheckpointError` for what cannot be read or does not fit, ``TrainingError`` where
  ///   there is nothing to start from.
  init(_ paths: [String], for description: ModelDescription) throws {
    self.init()
    for path in paths {
      let url = URL(fileURLWithPath: path)
      let folder = url.hasDirectoryPath ? url : url.deletingLastPathComponent()
      let isWeights = url.lastPathComponent.hasPrefix("adapter_model.")
      if AdapterFolder.isAdapter(url) || (isWeights && AdapterFolder.isAdapter(folder)) {
        let files = AdapterFolder(isWeights ? folder : url, for: description)
        adapter = try files.read()
        if let head = try files.readHead() { self.head = head.matrices }
      } else if let head = try ClassificationHead.read(from: url) {
        self.head = head.matrices
      } else {
        throw TrainingError(.noStart, file: path)
      }
    }
  }
}
