package import Foundation

/// What a user asks to be trained outside a report.
package struct TrainingRequest: Sendable {
  /// Folder of the checkpoint.
  package var model: URL
  /// The checkpoint as the user named it, for the record of what was trained.
  package var modelName: String
  /// Name of a preset: `lora`.
  package var method: String
  /// `key=value` each; see ``TrainingSettings``.
  package var settings: [String] = []
  package var training: String
  package var evaluations: [String] = []
  /// Folders and files to start from; see ``StartingPoint``.
  package var start: [String] = []
  package var order = TrainingOrder.shuffled
  package var seed: UInt64 = 0
  package var threads = 1
  /// A template such as `{text} Really?`; nil for the method's own way.
  package var pattern: String?
  /// The words that stand for the labels; see ``TrainingTask``.
  package var words: String?
  /// Where to save what was trained; nil to throw it away.
  package var destination: URL?
  /// Of the program, for the record.
  package var version: String

  package init(model: URL, modelName: String, method: String, training: String, version: String) {
    self.model = model
    self.modelName = modelName
    self.method = method
    self.training = training
    self.version = version
  }
}
