import Foundation

/// The fields of a `config.json`, read with the type and range each one must have.
///
/// A field that is absent or null takes the default; the first of several names that is present wins,
/// because GPT-2 spells `n_embd` what others spell `hidden_size`.
struct ConfigurationFields {
  let object: JSONObject
  /// Path of the file, for messages.
  let file: String

  init(contentsOf url: URL) throws(CheckpointError) {
    guard let object = try JSONParser.parse(contentsOf: url).object else {
      throw CheckpointError(.corrupt, file: url.path, "is not a JSON object")
    }
    self.init(object, file: url.path)
  }

  init(_ object: JSONObject, file: String) {
    self.object = object
    self.file = file
  }

  /// A size: at least 1 and at most `limit`, which no real model exceeds and no product overflows.
  func size(_ names: String..., default standard: Int, limit: Int) throws(CheckpointError) -> Int {
    try optionalSize(names, limit: limit) ?? standard
  }

  /// A size that may be absent.
  func optionalSize(_ names: String..., limit: Int) throws(CheckpointError) -> Int? {
    try optionalSize(names, limit: limit)
  }

  /// A number of things of which there may be none.
  func count(_ name: String, default standard: Int, limit: Int) throws(CheckpointError) -> Int {
    object[name]?.integer == 0 ? 0 : try size(name, default: standard, limit: limit)
  }

  func flag(_ name: String, default standard: Bool) throws(CheckpointError) -> Bool {
    guard let value = object[name] else { return standard }
    guard let flag = value.boolean else { throw mistake(name, value, "true or false") }
    return flag
  }

  /// A finite number above 0.
  func positive(_ name: String, default standard: Double) throws(CheckpointError) -> Double {
    guard let value = object[name] else { return standard }
    guard let number = value.number, number > 0, number.isFinite else {
      throw mistake(name, value, "a number above 0")
    }
    return number
  }

  /// A number above 0 that may be absent.
  func optionalPositive(_ name: String) throws(CheckpointError) -> Double? {
    object[name] == nil ? nil : try positive(name, default: 1)
  }

  /// Whether a field is there and null, which some classes tell from an absent one.
  func isNull(_ name: String) -> Bool {
    object.members.contains { $0.key == name && $0.value.isNull }
  }

  /// A probability below 1.
  func probability(_ name: String, default standard: Double) throws(CheckpointError) -> Double {
    guard let value = object[name] else { return standard }
    guard let number = value.number, (0..<1).contains(number) else {
      throw mistake(name, value, "a number from 0 to below 1")
    }
    return number
  }

  func text(_ name: String) throws(CheckpointError) -> String? {
    guard let value = object[name] else { return nil }
    guard let text = value.string else { throw mistake(name, value, "a string") }
    return text
  }

  /// A token id, or the first of a list of them.
  ///
  /// One outside the vocabulary counts as absent: -1 means "none" in old files, and small test models
  /// keep the ids of the large vocabulary they were cut from.
  func token(
    _ name: String, default standard: Int?, vocabularySize: Int
  ) throws(CheckpointError) -> Int? {
    var id = standard
    if let value = object[name] {
      guard let number = (value.array?.first ?? value).integer else {
        throw mistake(name, value, "a token id")
      }
      id = number
    }
    return id.flatMap { (0..<vocabularySize).contains($0) ? $0 : nil }
  }

  /// The activation function under its Hugging Face name.
  func activation(
    _ names: String..., default standard: Activation
  ) throws(CheckpointError) -> Activation {
    guard let name = names.first(where: { object[$0] != nil }), let label = try text(name) else {
      return standard
    }
    switch label {
    case "relu": return .relu
    case "gelu": return .gelu
    case "gelu_new", "gelu_fast", "gelu_pytorch_tanh": return .geluTanh
    case "silu", "swish": return .silu
    default:
      throw unsupported(
        name, "\"\(label.prefix(60))\"",
        help: "known: relu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, silu and swish")
    }
  }

  /// How a class for sequence classification sums up a text.
  func pooling(
    _ known: KeyValuePairs<String, ModelDescription.Classifier.Pooling>,
    default standard: ModelDescription.Classifier.Pooling
  ) throws(CheckpointError) -> ModelDescription.Classifier.Pooling {
    let name = "classifier_pooling"
    guard let label = try text(name) else { return standard }
    if let found = known.first(where: { $0.key == label }) { return found.value }
    throw unsupported(
      name, "\"\(label.prefix(60))\"", help: "known: \(known.map(\.key).joined(separator: ", "))")
  }

  /// The error for a value this program does not do.
  func unsupported(_ name: String, _ value: String, help: String? = nil) -> CheckpointError {
    CheckpointError(.unsupported, file: file, "'\(name)' is \(value): not supported", help: help)
  }

  /// The error for values that contradict each other.
  func inconsistent(_ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file, message,
      help: "compare the file with the published one")
  }

  /// Throws unless a flag that is not supported has its usual value.
  func require(
    _ name: String, _ usual: Bool, default standard: Bool
  ) throws(CheckpointError) {
    guard try flag(name, default: standard) == usual else {
      throw unsupported(name, "\(!usual)")
    }
  }

  private func optionalSize(_ names: [String], limit: Int) throws(CheckpointError) -> Int? {
    guard let name = names.first(where: { object[$0] != nil }), let value = object[name] else {
      return nil
    }
    guard let size = value.integer, (1...limit).contains(size) else {
      throw mistake(name, value, "a whole number from 1 to \(limit.grouped)")
    }
    return size
  }

  private func mistake(_ name: String, _ value: JSONValue, _ expected: String) -> CheckpointError {
    CheckpointError(.corrupt, file: file, "'\(name)' is \(value.summary), not \(expected)")
  }
}
