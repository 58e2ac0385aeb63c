package import Formats
package import Foundation

/// A study as its author wrote it: one UTF-8 text, split into front matter and Markdown.
///
/// Line ends are `\n` whatever the file had, so that line and column mean the same to the Markdown
/// parser, to the YAML parser and to an editor. A byte order mark is dropped.
package struct ReportSource: Hashable, Sendable {
  /// The path as diagnostics print it.
  package let file: String
  /// The whole text, front matter included.
  package let text: String
  package let frontMatter: FrontMatterText?
  /// The line, counted from 1, on which the Markdown begins.
  package let bodyLine: Int
  /// The Markdown, without the front matter.
  package let body: String

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - file: The path that diagnostics print; the path of `url` by default.
  /// - Throws: ``Diagnostic`` FT001 if it cannot be read or is not UTF-8 text, FT002 if its front
  ///   matter never ends.
  package init(contentsOf url: URL, file: String? = nil) throws(Diagnostic) {
    try self.init(
      TextFile(contentsOf: url, file: file ?? url.relativePath, kind: .source))
  }

  /// Takes a text that is already in memory.
  ///
  /// - Parameters:
  ///   - file: The path that diagnostics print.
  ///   - text: The whole source.
  /// - Throws: ``Diagnostic`` FT001 if it holds a NUL, FT002 if its front matter never ends.
  package init(file: String, text: String) throws(Diagnostic) {
    try self.init(file: file, bytes: Data(text.utf8))
  }

  /// Checks and splits the bytes of a source.
  ///
  /// - Parameters:
  ///   - file: The path that diagnostics print.
  ///   - bytes: The file's content.
  /// - Throws: ``Diagnostic`` FT001 or FT002.
  package init(file: String, bytes: Data) throws(Diagnostic) {
    try self.init(TextFile(file: file, bytes: bytes, kind: .source))
  }

  private init(_ source: TextFile) throws(Diagnostic) {
    let file = source.file
    self.file = file
    text = source.text
    let lines = source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first, Self.isFence(first, "---") else {
      (frontMatter, bodyLine, body) = (nil, 1, text)
      return
    }
    guard
      let last = lines.indices.dropFirst().first(where: {
        Self.isFence(lines[$0], "---") || Self.isFence(lines[$0], "...")
      })
    else {
      throw Diagnostic(
        .malformedFrontMatter, at: SourcePosition(file: file, line: 1),
        "the front matter that opens here never ends",
        help: "close it with a line of three hyphens; a rule at the top is written ***")
    }
    let yaml = lines[1..<last].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    frontMatter = FrontMatterText(yaml: yaml, position: SourcePosition(file: file, line: 2))
    bodyLine = last + 2
    body = lines[(last + 1)...].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }
}

extension ReportSource {
  private static func isFence(_ line: ArraySlice<UInt8>, _ fence: String) -> Bool {
    line.starts(with: fence.utf8)
      && line.dropFirst(3).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }
}

/// The YAML between the two `---` lines at the top of a source, not yet read.
package struct FrontMatterText: Hashable, Sendable {
  package var yaml: String
  /// The first byte of the YAML; its line `i` (from 1) is at `position.line + i - 1`.
  package var position: SourcePosition

  package init(yaml: String, position: SourcePosition) {
    self.yaml = yaml
    self.position = position
  }
}
