/// Reads the keys of one map by name and type, and collects everything that is wrong with it.
package struct FieldReader {
  /// What the map is, for messages: `chart block`.
  package let owner: String
  package let position: SourcePosition
  /// What is said of an invalid value where there is nothing better.
  private let fallbackHelp: String?
  private let fields: [String: YAMLField]
  private let order: [String]
  /// Whether there is a map at all, so that missing keys are reported.
  private let isMap: Bool
  private var known: [String] = []
  /// Diagnostics of absent keys, unless one of them turns out to be misspelt.
  private var absences: [(key: String, diagnostic: Diagnostic)] = []
  package private(set) var diagnostics: [Diagnostic] = []

  /// Opens a map; anything but a map or nothing is reported.
  ///
  /// - Parameters:
  ///   - value: The map.
  ///   - owner: What it is, for messages.
  ///   - position: Where a key that is missing would stand.
  ///   - help: What is said of an invalid value where there is nothing better.
  package init(
    _ value: YAMLValue?, owner: String, position: SourcePosition, help: String? = nil
  ) {
    var fields: [YAMLField] = []
    switch value?.content {
    case .map(let found):
      fields = found
      isMap = true
    case nil, .null: isMap = true
    default:
      isMap = false
      diagnostics.append(
        Diagnostic(
          .invalidValue, at: value?.position ?? position,
          "the \(owner) must be a map, not \(value?.kind ?? "nothing")",
          help: "write 'key: value' lines"))
    }
    self.owner = owner
    self.position = position
    fallbackHelp = help
    self.fields = Dictionary(fields.map { ($0.key, $0) }) { first, _ in first }
    order = fields.map(\.key)
  }

  /// Whether a key is given, with or without a value.
  package func has(_ key: String) -> Bool { fields[key] != nil }

  /// The value of a key, which counts as known from now on; nil where it is absent or empty.
  package mutating func value(_ key: String) -> YAMLValue? {
    if !known.contains(key) { known.append(key) }
    guard let value = fields[key]?.value, !value.isNull else { return nil }
    return value
  }

  /// Every key and value in the order written.
  package var members: [YAMLField] { order.compactMap { fields[$0] } }

  /// Every key and value in the order written, for maps whose keys are free: all become known.
  package mutating func all() -> [YAMLField] {
    known = order
    return members
  }

  /// Reports the absence of a key.
  package mutating func requirePresence(of key: String, like example: String) {
    guard isMap, fields[key].map(\.value.isNull) ?? true else { return }
    let help = "write '\(key): \(example)'"
    if let field = fields[key] {
      report(Diagnostic(.missingKey, at: field.position, "'\(key)' has no value", help: help))
    } else {
      let message = "the \(owner) has no '\(key)'"
      absences.append((key, Diagnostic(.missingKey, at: position, message, help: help)))
    }
  }

  /// Adds a diagnostic that a caller made.
  package mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Adds diagnostics, such as those of a map within this one.
  package mutating func report(_ more: [Diagnostic]) { diagnostics += more }

  /// Reports a value that does not fit its key.
  package mutating func reportInvalid(
    _ key: String, _ value: YAMLValue, wants: String, help: String? = nil
  ) {
    report(
      Diagnostic(
        .invalidValue, at: value.position,
        "'\(key)' must be \(wants), not \(value.scalar.map { "'\($0)'" } ?? value.kind)",
        help: help ?? fallbackHelp))
  }

  /// Opens a map within this one; what is wrong with it is to be reported back by ``finish()``.
  package func nested(_ value: YAMLValue?, owner: String, position: SourcePosition) -> FieldReader {
    FieldReader(value, owner: owner, position: position, help: fallbackHelp)
  }

  /// Reports absent and unknown keys, and returns all diagnostics.
  package mutating func finish() -> [Diagnostic] {
    for key in order where !known.contains(key) {
      guard let field = fields[key] else { continue }
      let meant = Suggestion.closest(to: key, in: known)
      absences.removeAll { $0.key == meant }
      report(
        Diagnostic(
          .unknownKey, at: field.position, "unknown key '\(key)' in the \(owner)",
          help: Suggestion.help(for: key, among: known, called: "known keys")))
    }
    report(absences.map(\.diagnostic))
    return diagnostics
  }
}
