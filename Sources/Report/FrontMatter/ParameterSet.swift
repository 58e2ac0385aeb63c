package import Experiments
package import Formats

/// The parameters of one build: declared values, with a profile's and the command line's over them.
package struct ParameterSet: Hashable, Sendable {
  package let values: [String: OptionValue]

  package init(_ values: [String: OptionValue] = [:]) { self.values = values }

  /// Names in alphabetical order.
  package var names: [String] { values.keys.sorted() }

  package subscript(name: String) -> OptionValue? { values[name] }
}

extension YAMLValue {
  /// A scalar or list as an option; nil for maps, lists that hold them, and nothing.
  var optionValue: OptionValue? {
    switch content {
    case .null, .map: return nil
    case .flag(let value): return .flag(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .text: return .text(source.text)
    case .list(let values):
      let options = values.compactMap(\.optionValue)
      return options.count == values.count ? .list(options) : nil
    }
  }

  /// An option in place of a node.
  init(_ option: OptionValue, at position: SourcePosition) {
    var source = SourceText(option.description, at: position)
    let content: Content
    switch option {
    case .flag(let value): content = .flag(value)
    case .integer(let value): content = .integer(value)
    case .number(let value): content = .number(value)
    case .text: content = .text
    case .list(let values):
      content = .list(values.map { YAMLValue($0, at: position) })
      source = SourceText("", at: position)
    }
    self.init(content: content, position: position, source: source)
  }
}

/// Parameters given outside the source: `-P key=value` over a parameters file.
package struct ParameterOverrides: Sendable {
  private var assigned: [String: Located<OptionValue>] = [:]
  private var filed: [String: Located<OptionValue>] = [:]

  package init() {}

  /// Every parameter given, in alphabetical order, the command line's word first.
  var all: [(name: String, value: Located<OptionValue>)] {
    filed.merging(assigned) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Adds one `key=value` of the command line; the value is a YAML scalar or flow list.
  ///
  /// - Parameter assignment: What follows `-P`.
  /// - Throws: A diagnostic at a place in the file `-P`.
  package mutating func add(assignment: String) throws(Diagnostic) {
    let start = SourcePosition(file: "-P", line: 1, column: 1)
    guard let equals = assignment.firstIndex(ofByte: "="), equals > assignment.startIndex else {
      throw Diagnostic(
        .invalidValue, at: start, "'\(assignment)' is not 'key=value'",
        help: "write -P seeds=0..9")
    }
    let name = String(assignment[..<equals])
    let text = String(assignment[equals...].dropping(firstBytes: 1))
    var position = start
    position.column += name.utf8.count + 1
    assigned[name] = Located(try Self.value(text, at: position), at: position)
  }

  /// Adds the parameters of a file: a YAML map.
  ///
  /// - Parameters:
  ///   - text: The file's text.
  ///   - file: Its name, for messages.
  /// - Throws: A diagnostic at the first place that is not a map of parameters.
  package mutating func add(text: String, of file: String) throws(Diagnostic) {
    let start = SourcePosition(file: file, line: 1, column: 1)
    guard let root = try YAMLReader.read(text, at: start) else { return }
    guard case .map(let fields) = root.content else {
      throw Diagnostic(
        .invalidValue, at: root.position, "a parameters file must be a map, not \(root.kind)",
        help: "write 'key: value' lines")
    }
    for field in fields {
      guard let value = field.value.optionValue else {
        throw Diagnostic(
          .invalidValue, at: field.value.position,
          "the parameter '\(field.key)' must be a scalar or a list, not \(field.value.kind)")
      }
      filed[field.key] = Located(value, at: field.position)
    }
  }

  /// Only brackets and quotes are read as YAML, so that `title=A: b` needs no quoting.
  private static func value(
    _ text: String, at position: SourcePosition
  ) throws(Diagnostic) -> OptionValue {
    guard let first = text.utf8.first, "[{\"'".utf8.contains(first) else {
      let content = YAMLValue.Content(plain: text)
      let value = YAMLValue(
        content: content, position: position, source: SourceText(text, at: position))
      // Nothing after '=' is an empty text, as it would be between quotes.
      return value.optionValue ?? .text(text)
    }
    guard let option = try YAMLReader.read(text, at: position)?.optionValue else {
      throw Diagnostic(
        .invalidValue, at: position, "a parameter must be a scalar or a list, not a map")
    }
    return option
  }
}
