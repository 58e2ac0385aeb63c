import Experiments
import Formats

/// Substitutes parameters in values that are already parsed, so no parameter can change the structure.
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
    case .text where value.source.text.contains(bytes: "{{"):
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
    let prefix = "params."
    return placeholder.text.starts(withBytes: prefix)
      ? String(placeholder.text.dropping(firstBytes: prefix.utf8.count)) : nil
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

/// Writes parameters into running text and inline values: `{{params.name}}`.
struct ProseParameters {
  let parameters: ParameterSet
  let source: ReportSource

  /// The document with every parameter written out.
  ///
  /// Code spans keep their braces, so that a source can show how parameters are written.
  func applied(to document: Document) -> (document: Document, diagnostics: [Diagnostic]) {
    var unknown: [String] = []
    func filled(_ text: String) -> String {
      guard text.contains(bytes: "{{") else { return text }
      return Template(SourceText(text, at: SourcePosition(file: source.file, line: 1)))
        .filled { placeholder in
          guard let name = ParameterSubstitution.parameterName(placeholder) else {
            return "{{\(placeholder.text)}}"
          }
          if let value = parameters[name] { return value.description }
          unknown.append(name)
          return ""
        }
    }
    let result = document.mappingInlines { inline in
      switch inline {
      case .text(let text): .text(filled(text))
      case .value(let expression, let position): .value(filled(expression), position)
      default: inline
      }
    }
    return (result, unknown.map(diagnostic(for:)))
  }

  private func diagnostic(for name: String) -> Diagnostic {
    Diagnostic(
      .unknownParameter, at: source.position(of: "params.\(name)"),
      "no parameter is named '\(name)'",
      help: Suggestion.help(for: name, among: parameters.names, called: "known parameters"))
  }
}

extension ReportSource {
  /// The first occurrence of a piece of text in the body; the body's start if there is none.
  func position(of text: String) -> SourcePosition {
    let lines = self.text.split(atByte: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated().dropFirst(bodyLine - 1) {
      if let range = line.range(ofBytes: text) {
        return SourcePosition(
          file: file, line: index + 1,
          column: line.utf8.distance(from: line.startIndex, to: range.lowerBound) + 1)
      }
    }
    return SourcePosition(file: file, line: bodyLine)
  }
}
