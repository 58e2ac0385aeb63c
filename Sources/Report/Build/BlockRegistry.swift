import Experiments
import Formats

/// The kinds of block a report may hold, by the word after the brace.
struct BlockRegistry: Sendable {
  /// Blocks in the order of the source, and everything that is wrong with them.
  struct Reading: Sendable {
    var blocks: [any ReportBlock] = []
    var diagnostics: [Diagnostic] = []
    /// Labels of experiments and published numbers that could not be read, so nothing is said about
    /// naming them.
    var unreadableExperiments: Set<String> = []
  }

  static let standard = BlockRegistry([
    ExperimentBlock.self, ChartBlock.self, TableBlock.self, ClaimBlock.self, CompareBlock.self,
    PublishedBlock.self, RecommendBlock.self, ErrorsBlock.self,
  ])

  let types: [any ReportBlock.Type]
  private let byKind: [String: any ReportBlock.Type]

  init(_ types: [any ReportBlock.Type]) {
    self.types = types
    byKind = Dictionary(types.map { ($0.kind, $0) }) { first, _ in
      preconditionFailure("block kind '\(first.kind)' is registered twice")
    }
    for type in types {
      precondition(
        SourceLabel.referencePrefixes.contains(type.references.prefix),
        "the parser does not know references to '\(type.kind)'")
    }
  }

  var kinds: [String] { byKind.keys.sorted() }

  /// How references name the blocks of each kind.
  var references: [String: ReferenceStyle] { byKind.mapValues { $0.references } }

  /// Reads every block of a report.
  func read(_ blocks: [EmbeddedBlock], frontMatter: FrontMatter?) -> Reading {
    var reading = Reading()
    for block in blocks {
      let made = read(block, frontMatter: frontMatter, into: &reading.diagnostics)
      if let made {
        reading.blocks.append(made)
      } else if byKind[block.kind]?.isNamedByOthers == true, let label = block.label {
        reading.unreadableExperiments.insert(label)
      }
    }
    // One mistake in the defaults shows in every block that inherits it.
    var seen: Set<Diagnostic> = []
    reading.diagnostics = reading.diagnostics.filter { seen.insert($0).inserted }
      .sorted { $0.position < $1.position }
    return reading
  }

  private func read(
    _ block: EmbeddedBlock, frontMatter: FrontMatter?, into diagnostics: inout [Diagnostic]
  ) -> (any ReportBlock)? {
    guard let type = byKind[block.kind] else {
      diagnostics.append(
        Diagnostic(
          .unknownBlockKind, at: block.position, "there is no '\(block.kind)' block",
          help: Suggestion.help(for: block.kind, among: kinds, called: "kinds of block")))
      return nil
    }
    if let problem = labelProblem(block) { diagnostics.append(problem) }
    let root: YAMLValue?
    do {
      root = try YAMLReader.read(block.yaml, at: block.bodyPosition)
    } catch {
      diagnostics.append(error)
      return nil
    }
    var substitution = ParameterSubstitution(frontMatter?.parameters ?? ParameterSet())
    var value = root.map { substitution.applied(to: $0) }
    // Without front matter no parameter is known, and that is reported already.
    if frontMatter != nil { diagnostics += substitution.diagnostics }
    let defaults = (frontMatter?.defaults ?? []).filter {
      type.inheritedKeys.contains($0.key)
    }
    value = Self.merge(value, defaults: defaults, at: block.bodyPosition)
    if type.kind == ExperimentBlock.kind, let presets = frontMatter?.presets {
      value = value.map(presets.applied)
    }
    var fields = FieldReader(value, owner: "\(block.kind) block", position: block.position)
    let made = type.init(&fields, label: block.label ?? "")
    // A value that names an unknown parameter is missing or of the wrong type only because of that.
    let isUnsure = !substitution.diagnostics.isEmpty
    diagnostics += fields.finish().filter {
      !isUnsure || ![.missingKey, .invalidValue].contains($0.code)
    }
    return block.label.map(Name.isValid) == true ? made : nil
  }

  private func labelProblem(_ block: EmbeddedBlock) -> Diagnostic? {
    let example = "```{\(block.kind) #\(block.kind)-1}"
    guard let label = block.label else {
      return Diagnostic(
        .missingKey, at: block.position, "the \(block.kind) block has no label",
        help: "write \(example)")
    }
    if Name.isValid(label) { return nil }
    return Diagnostic(
      .malformedBlockHeader, at: block.position, "'\(label)' cannot be a label",
      help: Name.rule)
  }

  private static func merge(
    _ value: YAMLValue?, defaults: [YAMLField], at position: SourcePosition
  ) -> YAMLValue? {
    guard !defaults.isEmpty else { return value }
    var result =
      value
      ?? YAMLValue(content: .map([]), position: position, source: SourceText("", at: position))
    if case .map(let fields) = result.content {
      let own = Set(fields.map(\.key))
      result.content = .map(fields + defaults.filter { !own.contains($0.key) })
    }
    return result
  }
}
