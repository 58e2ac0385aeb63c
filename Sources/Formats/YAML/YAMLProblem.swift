import Yams

/// What the YAML library complained about, explained for someone who writes YAML by hand.
struct YAMLProblem {
  let diagnostic: Diagnostic

  static func duplicate(
    _ key: String, at position: SourcePosition, first: SourcePosition
  ) -> Diagnostic {
    Diagnostic(
      .malformedYAML, at: position, "the key '\(key)' is given twice",
      help: "it is first given on line \(first.line); keep one of the two")
  }

  init(_ error: YamlError, in source: YAMLSource) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let slip = YAMLSlip(
        source: source, problem: problem, context: context?.text ?? "",
        offset: source.offset(line: mark.line, column: mark.column),
        contextOffset: context.map { source.offset(line: $0.mark.line, column: $0.mark.column) })
      diagnostic = slip.diagnostic
    case .duplicatedKeysInMapping(let keys, let context):
      let first = source.offset(line: context.mark.line, column: context.mark.column)
      let key = keys.first ?? ""
      diagnostic = Self.duplicate(
        key, at: source.position(at: source.offsetOfRepeat(of: key, after: first) ?? first),
        first: source.position(at: first))
    case .reader(let problem, _, let value, let yaml):
      let place = yaml.unicodeScalars.firstIndex { Int32(bitPattern: $0.value) == value }
      let offset = place.map { yaml.utf8.distance(from: yaml.startIndex, to: $0) } ?? 0
      diagnostic = Diagnostic(
        .malformedYAML, at: source.position(at: offset),
        "\(problem) (U+\(Self.hexadecimal(value)))", help: "delete the character")
    default:
      diagnostic = Diagnostic(
        .malformedYAML, at: source.position(at: 0), "this YAML cannot be read: \(error)")
    }
  }

  private static func hexadecimal(_ value: Int32) -> String {
    let digits = String(UInt32(bitPattern: value), radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
