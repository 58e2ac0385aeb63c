package import Foundation

/// How sentence-transformers turns a folder's model into one state a text.
///
/// `modules.json` lists the steps; `1_Pooling/config.json` says how tokens are pooled,
/// `sentence_bert_config.json` how long a text may be, `config_sentence_transformers.json` what is put
/// before it.
package struct SentenceModules: Hashable, Sendable {
  package enum Pooling: String, Hashable, Sendable {
    case first, last, mean, max
  }

  /// How tokens become one state; nil where that is something else.
  package var pooling: Pooling?
  /// What the folder asks for that is not known here, in words.
  package var unknown: String?
  /// Whether states are divided by their length.
  package var normalizes = false
  /// Most tokens of a text; nil for as many as the model reads.
  package var maximumTokens: Int?
  /// Written before every text.
  package var prefix = ""

  private static let flags: [(name: String, pooling: Pooling)] = [
    ("pooling_mode_cls_token", .first), ("pooling_mode_lasttoken", .last),
    ("pooling_mode_mean_tokens", .mean), ("pooling_mode_max_tokens", .max),
  ]
  private static let words: [String: Pooling] = [
    "cls": .first, "lasttoken": .last, "mean": .mean, "max": .max,
  ]

  /// Reads a folder's files; nil for one without `modules.json`.
  ///
  /// - Parameter folder: Of a model.
  /// - Throws: ``CheckpointError`` for a file that is no JSON or of another shape.
  package init?(_ folder: URL) throws(CheckpointError) {
    let list = folder.appendingPathComponent("modules.json")
    guard isFile(list) else { return nil }
    guard let modules = try JSONParser.parse(contentsOf: list).array else {
      throw CheckpointError(.corrupt, file: list.path, "is not a list of modules")
    }
    for module in modules {
      guard let fields = module.object, let type = fields["type"]?.string else {
        throw CheckpointError(.corrupt, file: list.path, "has a module without a type")
      }
      let path = fields["path"]?.string ?? ""
      switch type.split(separator: ".").last.map(String.init) {
      case "Transformer": break
      case "Pooling": try readPooling(folder.appendingPathComponent("\(path)/config.json"))
      case "Normalize": normalizes = true
      default: unknown = "the module \(type)"
      }
    }
    if pooling == nil, unknown == nil { unknown = "no pooling" }
    if let settings = try Self.object(folder, "sentence_bert_config.json") {
      maximumTokens = settings["max_seq_length"]?.integer.flatMap { $0 > 0 ? $0 : nil }
    }
    guard let settings = try Self.object(folder, "config_sentence_transformers.json"),
      let name = settings["default_prompt_name"]?.string
    else { return }
    prefix = settings["prompts"]?.object?[name]?.string ?? ""
  }

  private mutating func readPooling(_ file: URL) throws(CheckpointError) {
    guard let fields = try JSONParser.parse(contentsOf: file).object else {
      throw CheckpointError(.corrupt, file: file.path, "is not a JSON object")
    }
    var modes = Self.flags.filter { fields[$0.name]?.boolean == true }.map(\.pooling)
    let isOn = fields.members.filter {
      $0.key.hasPrefix("pooling_mode_") && $0.value.boolean == true
    }
    if let word = fields["pooling_mode"]?.string { modes = Self.words[word].map { [$0] } ?? [] }
    guard modes.count == 1, isOn.count <= 1 else {
      unknown =
        "the pooling of \(isOn.map(\.key).joined(separator: ", "))"
        + (fields["pooling_mode"]?.string ?? "")
      return
    }
    pooling = modes[0]
  }

  private static func object(
    _ folder: URL, _ name: String
  ) throws(CheckpointError) -> JSONObject? {
    let file = folder.appendingPathComponent(name)
    guard isFile(file) else { return nil }
    return try JSONParser.parse(contentsOf: file).object
  }
}
