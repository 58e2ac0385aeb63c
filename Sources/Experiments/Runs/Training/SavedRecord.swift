/// The record `ftreport.json` of a saved model: everything a prediction needs besides the weights.
struct SavedRecord: Codable, Hashable, Sendable {
  /// How the weights are kept.
  enum Kind: String, Codable, Hashable, Sendable {
    /// The folder is a whole model in Hugging Face's layout.
    case model
    /// The folder is an adapter in PEFT's layout, beside a base model.
    case adapter
    /// The folder has additions that PEFT does not know, in a layout of its own, beside a base model.
    case additions
    /// The base model as it is, with a head or none.
    case untouched
  }

  /// How a text becomes a prompt and an answer a label.
  struct Task: Codable, Hashable, Sendable {
    var fields: [String]
    var labels: [String]
    var template: String
    var labelWords: [String]
    var separator: String
  }

  /// The model that what was trained stands beside, or that training began with.
  struct Base: Codable, Hashable, Sendable {
    /// As the user named it.
    var name: String
    /// Where it was, or its place below the saved folder.
    var path: String
    /// See ``ModelSummary/fingerprint``.
    var fingerprint: String
  }

  /// An example whose answer the model is shown.
  struct Demonstration: Codable, Hashable, Sendable {
    var texts: [String]
    var label: String
  }

  /// How it was trained, for whoever asks later.
  struct Training: Codable, Hashable, Sendable {
    var file: String
    /// SHA-256 of the examples in their order.
    var digest: String
    var count: Int
    var steps: Int
    var seconds: Double
    var accuracy: Double?
  }

  static let currentSchema = "ftreport.model/1"

  var schema = SavedRecord.currentSchema
  var version: String
  var kind: Kind
  var preset: String
  var objective: String
  var adaptation: String
  var options: [String: OptionValue]
  var seed: UInt64
  var threads: Int
  var task: Task
  var base: Base
  /// Whether `head.safetensors` is there.
  var hasHead: Bool
  var demonstrations: [Demonstration] = []
  var training: Training
  var evaluations: [TrainingReport.Evaluation]
}
