import Yams

/// Turns a block's YAML into values with positions; nothing else uses the YAML library.
package struct YAMLReader {
  /// Lists and maps inside one another, and nodes in all, beyond which a document is rejected.
  static let nestingLimit = 64
  static let nodeLimit = 100_000

  private let source: YAMLSource
  private let text: String
  private var nodes = 0

  private init(_ text: String, origin: SourcePosition) {
    self.text = text
    source = YAMLSource(text, origin: origin)
  }

  /// Reads one document.
  ///
  /// - Parameters:
  ///   - text: The document, without fences.
  ///   - origin: The position of its first byte.
  /// - Returns: The root, or nil for a document of nothing but blanks and comments.
  /// - Throws: A diagnostic FT003 at the first place that is not YAML.
  package static func read(
    _ text: String, at origin: SourcePosition
  ) throws(Diagnostic) -> YAMLValue? {
    let text = text.starts(withBytes: "\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    var reader = YAMLReader(text, origin: origin)
    if let offset = reader.source.offsetBeyondNesting(limit: nestingLimit) {
      throw reader.tooDeep(at: reader.source.position(at: offset))
    }
    let root: Node?
    do {
      root = try compose(yaml: text)
    } catch let error as YamlError {
      throw YAMLProblem(error, in: reader.source).diagnostic
    } catch {
      throw Diagnostic(.malformedYAML, at: origin, "this YAML cannot be read: \(error)")
    }
    guard let root else { return nil }
    return try reader.value(root, depth: 0)
  }

  private mutating func value(_ node: Node, depth: Int) throws(Diagnostic) -> YAMLValue {
    let start = source.offset(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    let position = source.position(at: start)
    nodes += 1
    guard nodes <= Self.nodeLimit else {
      throw Diagnostic(
        .malformedYAML, at: position, "more than \(Self.nodeLimit) values in one block",
        help: "aliases (*name) repeat the value of their anchor; use fewer")
    }
    guard depth < Self.nestingLimit else { throw tooDeep(at: position) }
    let empty = SourceText("", at: position)
    switch node {
    case .scalar(let scalar): return self.scalar(scalar, start: start)
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for element in sequence { values.append(try value(element, depth: depth + 1)) }
      return YAMLValue(content: .list(values), position: position, source: empty)
    case .mapping(let mapping):
      if let name = bracedName(mapping, at: start) {
        let text = source.locate("{{\(name)}}", from: start, isBlock: false)
        return YAMLValue(content: .text, position: position, source: text)
      }
      let fields = try fields(mapping, depth: depth)
      return YAMLValue(content: .map(fields), position: position, source: empty)
    case .alias:  // the composer has replaced them
      return YAMLValue(content: .null, position: position, source: empty)
    }
  }

  private func scalar(_ scalar: Node.Scalar, start: Int) -> YAMLValue {
    let isBlock = scalar.style == .literal || scalar.style == .folded
    let content: YAMLValue.Content =
      scalar.style == .plain ? YAMLValue.Content(plain: scalar.string) : .text
    return YAMLValue(
      content: content, position: source.position(at: start),
      source: source.locate(scalar.string, from: start, isBlock: isBlock))
  }

  private mutating func fields(
    _ mapping: Node.Mapping, depth: Int
  ) throws(Diagnostic) -> [YAMLField] {
    var fields: [YAMLField] = []
    var places: [String: SourcePosition] = [:]
    for (key, node) in mapping {
      let start = source.offset(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
      let position = source.position(at: start)
      guard let name = key.scalar?.string else {
        throw Diagnostic(
          .malformedYAML, at: position, "a key must be a word, not a list or a map",
          help: "quote a value that contains braces or brackets")
      }
      if let first = places[name] {
        throw YAMLProblem.duplicate(name, at: position, first: first)
      }
      places[name] = position
      fields.append(
        YAMLField(key: name, position: position, value: try value(node, depth: depth + 1)))
    }
    return fields
  }

  /// The name in an unquoted `{{name}}`, which YAML takes for a map whose key is a map.
  ///
  /// The composer's `style` does not show it, since it is read from the event that ends the map.
  private func bracedName(_ mapping: Node.Mapping, at start: Int) -> String? {
    guard source.bytes[start...].starts(with: "{{".utf8), mapping.count == 1,
      let outer = mapping.first, let inner = outer.key.mapping, inner.count == 1,
      let name = inner.first?.key.scalar, let value = inner.first?.value.scalar,
      value.string.isEmpty, outer.value.scalar?.string.isEmpty == true
    else { return nil }
    return name.string
  }

  private func tooDeep(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      .malformedYAML, at: position, "lists and maps are nested deeper than \(Self.nestingLimit)",
      help: "nest the block less deeply")
  }
}
