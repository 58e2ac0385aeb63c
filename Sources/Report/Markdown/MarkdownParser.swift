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
    /// In order of position; the document lacks the parts with errors.
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

/// Gives every heading an id that no other heading or label has.
struct SlugTable {
  /// Ids that authors wrote, anywhere in the source, and ids given so far.
  private var taken: Set<String>

  /// Reserves every `{#sec-…}` of the source, so that a made id never takes a written one.
  init(reservingLabelsIn text: SourceLines) {
    taken = []
    let mark = Array("{#sec-".utf8)
    for start in text.bytes.indices where text.bytes[start] == mark[0] {
      guard text.bytes[start...].starts(with: mark) else { continue }
      let label = SourceLabel.prefix(of: text.bytes[(start + 2)...])
      taken.insert(String(decoding: label, as: UTF8.self))
    }
  }

  /// Makes an id from a heading's text: `sec-` and its letters and digits, joined by hyphens.
  mutating func id(for heading: String) -> String {
    let words = heading.lowercased().split {
      !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’"
    }
    .map { $0.filter { $0.isLetter || $0.isNumber } }
    .filter { !$0.isEmpty }
    let base = (["sec"] + (words.isEmpty ? ["section"] : words)).joined(separator: "-")
    var id = base
    var count = 1
    while !taken.insert(id).inserted {
      count += 1
      id = "\(base)-\(count)"
    }
    return id
  }
}
