/// One line that explains a mistake in a source, and one with advice.
///
/// Prints as `file:line:column: error[FT012]: what` followed by `  help: what to do`.
package struct Diagnostic: Error, Hashable, Sendable, Codable {
  package enum Severity: String, Hashable, Sendable, Codable {
    case error
    case warning
  }

  package var severity: Severity
  /// Stable code such as `FT012`; see ``DiagnosticCode``.
  package var code: DiagnosticCode
  package var position: SourcePosition
  package var message: String
  package var help: String?

  package init(
    _ code: DiagnosticCode, at position: SourcePosition, _ message: String, help: String? = nil,
    severity: Severity = .error
  ) {
    self.severity = severity
    self.code = code
    self.position = position
    self.message = message
    self.help = help
  }
}

extension Diagnostic: CustomStringConvertible {
  /// As people read it; no name in it can pass for a line of its own.
  package var description: String {
    let first = "\(position): \(severity.rawValue)[\(code.rawValue)]: \(message)"
    return ([first] + (help.map { ["  help: \($0)"] } ?? [])).map(VisibleText.line)
      .joined(separator: "\n")
  }
}

/// Everything wrong with one file.
package struct Mistakes: Error, Hashable, Sendable {
  /// At least one, in the order of their places.
  package let diagnostics: [Diagnostic]

  /// Sorts diagnostics by their places; those of one place stay in their order.
  package init(_ diagnostics: [Diagnostic]) {
    precondition(!diagnostics.isEmpty, "no mistakes")
    self.diagnostics = diagnostics.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }.map(\.element)
  }
}

extension Mistakes: CustomStringConvertible {
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// The stable codes of diagnostics, grouped by stage.
package enum DiagnosticCode: String, Hashable, Sendable, Codable, CaseIterable {
  // Reading the source
  case unreadableFile = "FT001"
  case malformedFrontMatter = "FT002"
  case malformedYAML = "FT003"
  case unknownBlockKind = "FT004"
  case malformedBlockHeader = "FT005"
  case duplicateLabel = "FT006"
  case nestingTooDeep = "FT007"
  case unsafeAddress = "FT008"
  case unknownKey = "FT010"
  case missingKey = "FT011"
  case invalidValue = "FT012"
  case unknownParameter = "FT013"
  // References
  case unresolvedReference = "FT020"
  case unknownExperiment = "FT021"
  case unknownSelector = "FT022"
  case malformedExpression = "FT023"
  case unequalShots = "FT024"
  case deadLink = "FT025"
  // Tasks, models, methods
  case unknownTask = "FT030"
  case unknownMethod = "FT031"
  case invalidMethodOption = "FT032"
  case missingDataFile = "FT033"
  case malformedData = "FT034"
  case labelOutsideTask = "FT035"
  case emptyClass = "FT036"
  case malformedTask = "FT037"
  case missingModel = "FT040"
  case corruptModel = "FT041"
  case unsupportedModel = "FT042"
  // Results
  case missingResult = "FT051"
  case damagedState = "FT052"
  // Tables of results that are audited
  case malformedResults = "FT060"
  case missingResultColumn = "FT061"
  case invalidScore = "FT062"
}
