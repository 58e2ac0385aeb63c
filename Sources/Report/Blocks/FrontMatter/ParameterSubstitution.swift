import Experiments
import Formats

/// Puts parameters into values that were already parsed, so no parameter can change the structure.
struct ParameterSubstitution {
  let parameters: ParameterSet
  private(set) var diagnostics: [Diagnostic] = []

  init(_ parameters: ParameterSet) { self.parameters = parameters }

  /// A value with each `{{params.name}}` replaced.
  ///
  /// A scalar that is nothing else takes the parameter's type; within other text the parameter is
  /// written out. Positions stay the source's. Other placeholders stay as they are.
  mutating func applied(to value: YAMLValue) -> YAMLValue {
    var result = value
    switch value.content {
    case .list(let values):
      result.content = .list(values.map { applied(to: $0) })
    case .map(let fields):
      result.content = .map(
        fields.map {
          YAMLField(key: $0.key, position: $0.position, value: applied(to: $0.value))
        })
    case .text where value.source.text.contains("{{"):
      let template = Template(value.source)
      if template.pieces.count == 1, case .placeholder(let only)? = template.pieces.first,
        let name = Self.parameterName(only)
      {
        return lookUp(name, at: only).map { YAMLValue($0, at: value.position) }
          ?? YAMLValue(content: .null, position: value.position, source: value.source)
      }
      result.source = SourceText.joined(
        template.pieces.flatMap { written($0) }, at: value.source.position)
    default: break
    }
    return result
  }

  private mutating func written(_ piece: Template.Piece) -> [SourceText] {
    switch piece {
    case .text(let source): return [source]
    case .placeholder(let source):
      if let name = Self.parameterName(source) {
        let text = lookUp(name, at: source)?.description ?? ""
        return [SourceText(text, at: source.position)]
      }
      var open = source.position
      open.column -= 2
      let close = source.position(at: source.text.utf8.count)
      return [SourceText("{{", at: open), source, SourceText("}}", at: close)]
    }
  }

  static func parameterName(_ placeholder: SourceText) -> String? {
    placeholder.text.hasPrefix("params.") ? String(placeholder.text.dropFirst(7)) : nil
  }

  private mutating func lookUp(_ name: String, at placeholder: SourceText) -> OptionValue? {
    if let value = parameters[name] { return value }
    diagnostics.append(
      Diagnostic(
        .unknownParameter, at: placeholder.position, "no parameter is named '\(name)'",
        help: Suggestion.help(
          for: name, among: parameters.names, called: "known parameters")))
    return nil
  }
}
