package import Formats

/// Turns the Markdown of a source into a typed document, with every mistake it finds on the way.
///
/// ```swift
/// let parsed = MarkdownParser(kinds: ["chart", "table"]).parse(try ReportSource(contentsOf: url))
/// for diagnostic in parsed.diagnostics { print(diagnostic) }
/// ```
package struct MarkdownParser: Sendable {
  /// A document and what is wrong with its source.
  package struct Result: Sendable {
    package var document: Document
    /// In order of position; the document leaves out what an error is about.
    package var diagnostics: [Diagnostic]
  }

  /// The kinds of embedded block; others are errors with a suggestion.
  package var kinds: [String]

  package init(kinds: [String]) {
    self.kinds = kinds
  }

  /// Parses the body of a source.
  ///
  /// All of GitHub-flavoured Markdown, footnotes and alerts, and on top of them embedded blocks
  /// (a fence with a brace info string), inline values (`{val} …`), references (`@fig-…`) and
  /// heading labels (`{#sec-…}`).
  ///
  /// - Parameter source: The text; positions refer to its file.
  /// - Returns: The document and the diagnostics FT004 … FT008 and FT023.
  package func parse(_ source: ReportSource) -> Result {
    let text = SourceLines(Array(source.text.utf8), file: source.file)
    let tree = CMarkTree(parsing: text.bytes[text.start(ofLine: source.bodyLine)...])
    var builder = TreeBuilder(text: text, lineOffset: source.bodyLine - 1, kinds: kinds)
    let document = builder.document(from: tree.root)
    return Result(
      document: document,
      diagnostics: builder.diagnostics.sorted {
        ($0.position, $0.message) < ($1.position, $1.message)
      })
  }
}
