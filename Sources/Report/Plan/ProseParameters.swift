import Experiments
import Formats

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
      guard text.contains("{{") else { return text }
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
  /// The first place of the body where a piece of text stands; the body's start where it does not.
  func position(of text: String) -> SourcePosition {
    let lines = self.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated().dropFirst(bodyLine - 1) {
      if let range = line.firstRange(of: text) {
        return SourcePosition(
          file: file, line: index + 1,
          column: line.utf8.distance(from: line.startIndex, to: range.lowerBound) + 1)
      }
    }
    return SourcePosition(file: file, line: bodyLine)
  }
}
