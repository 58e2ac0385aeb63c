package import Formats
package import Foundation

/// A report that was read without a mistake: its source, its document and its blocks.
package struct ParsedReport: Sendable {
  package let source: ReportSource
  package let frontMatter: FrontMatter
  package let document: Document
  /// In the order of the source.
  let blocks: [any ReportBlock]

  /// Those that say what to run.
  package var experiments: [ExperimentBlock] { blocks(ExperimentBlock.self) }

  /// The blocks of one kind.
  func blocks<Block: ReportBlock>(_ kind: Block.Type) -> [Block] {
    blocks.compactMap { $0 as? Block }
  }
}

extension ParsedReport {
  /// The texts of blocks that are set as running text.
  var templates: [Template] { blocks.flatMap(\.templates) }
}

/// Reads a source: front matter, Markdown and blocks, with every mistake in them.
package struct ReportReader {
  private let overrides: ParameterOverrides

  package init(overrides: ParameterOverrides = ParameterOverrides()) {
    self.overrides = overrides
  }

  /// What could be read, and everything that is wrong.
  package struct Reading: Sendable {
    package var report: ParsedReport?
    package var diagnostics: [Diagnostic]
    /// Labels of experiments that could not be read, so nothing more is said about naming them.
    var unreadableExperiments: Set<String> = []

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  /// Reads the file at `url`, calling it `file` in messages.
  package func read(_ url: URL, file: String) -> Reading {
    do {
      return read(try ReportSource(contentsOf: url, file: file))
    } catch {
      return Reading(report: nil, diagnostics: [error])
    }
  }

  /// Reads a source already in memory.
  package func read(_ source: ReportSource) -> Reading {
    let registry = BlockRegistry.standard
    let parsed = MarkdownParser(kinds: registry.kinds).parse(source)
    let front = FrontMatter.read(
      source.frontMatter?.yaml ?? "",
      at: source.frontMatter?.position ?? SourcePosition(file: source.file, line: 1),
      overrides: overrides)
    let blocks = registry.read(parsed.document.embeddedBlocks, frontMatter: front.frontMatter)
    var seen: Set<Diagnostic> = []
    let prose = ProseParameters(
      parameters: front.frontMatter?.parameters ?? ParameterSet(), source: source
    ).applied(to: parsed.document)
    let diagnostics =
      (front.diagnostics + parsed.diagnostics + blocks.diagnostics
      + (front.frontMatter == nil ? [] : prose.diagnostics))
      .filter { seen.insert($0).inserted }
    guard let frontMatter = front.frontMatter else {
      return Reading(report: nil, diagnostics: diagnostics)
    }
    let unused = frontMatter.unusedKeys.map { key, position in
      Diagnostic(
        .unknownKey, at: position, "'\(key)' is read but not used by this version",
        help: "leave it out", severity: .warning)
    }
    let report = ParsedReport(
      source: source, frontMatter: frontMatter, document: prose.document,
      blocks: blocks.blocks)
    return Reading(
      report: report, diagnostics: diagnostics + unused,
      unreadableExperiments: blocks.unreadableExperiments)
  }
}
