import Foundation

/// Rows of text whose first names the columns: CSV (RFC 4180), also with semicolons or tabs.
package struct DelimitedText {
  /// One cell and where it begins.
  package struct Field {
    package let text: String
    package let position: SourcePosition
  }

  package let header: [Field]
  /// As many fields each as the header has; blank lines are left out.
  package let rows: [[Field]]

  /// Parses a file's bytes.
  ///
  /// The separator is the one among comma, semicolon and tab that the first line holds most of.
  ///
  /// - Parameter text: The file.
  /// - Throws: ``Diagnostic`` FT060 for what is no table.
  package init(_ text: TextFile) throws(Diagnostic) {
    let file = text.file
    var scanner = Scanner(text.bytes, file: file)
    guard let header = try scanner.record() else {
      throw Diagnostic(
        .malformedResults, at: SourcePosition(file: file, line: 1), "the file is empty",
        help: "a table begins with a line that names its columns, such as "
          + "method,task,shots,seed,accuracy")
    }
    var rows: [[Field]] = []
    while let row = try scanner.record() {
      guard row.count == header.count else {
        throw Diagnostic(
          .malformedResults, at: row[min(row.count, header.count) - 1].position,
          "this row has \(row.count) \(row.count == 1 ? "field" : "fields"), the header has \(header.count)",
          help: row.count > header.count
            ? "put a field that contains the separator in double quotes"
            : "give every row a field for each column, empty where there is nothing")
      }
      rows.append(row)
    }
    self.header = header
    self.rows = rows
  }
}

/// Cuts bytes into records.
private struct Scanner {
  private let bytes: [UInt8]
  private let file: String
  private let separator: UInt8
  private var offset = 0
  private var line = 1
  private var lineStart = 0

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    let first = bytes.prefix { $0 != Self.newline }
    let candidates = [",", ";", "\t"].map { UInt8(ascii: $0) }
    let counts = candidates.map { candidate in first.count { $0 == candidate } }
    let most = counts.max() ?? 0
    separator = candidates[counts.firstIndex(of: most) ?? 0]
  }

  /// The next record that is not a blank line; nil at the end.
  mutating func record() throws(Diagnostic) -> [DelimitedText.Field]? {
    while offset < bytes.count, bytes[offset] == Self.newline { endLine() }
    guard offset < bytes.count else { return nil }
    var fields: [DelimitedText.Field] = []
    while true {
      fields.append(try field())
      guard offset < bytes.count, bytes[offset] == separator else { break }
      offset += 1
    }
    if offset < bytes.count { endLine() }
    return fields
  }

  private mutating func endLine() {
    offset += 1
    line += 1
    lineStart = offset
  }

  private var position: SourcePosition {
    SourcePosition(file: file, line: line, column: offset - lineStart + 1)
  }

  private mutating func field() throws(Diagnostic) -> DelimitedText.Field {
    let start = position
    guard offset < bytes.count, bytes[offset] == Self.quote else {
      let begin = offset
      while offset < bytes.count, bytes[offset] != separator, bytes[offset] != Self.newline {
        offset += 1
      }
      return field(bytes[begin..<offset], at: start)
    }
    offset += 1
    var content: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == Self.quote {
        offset += 1
        guard offset < bytes.count, bytes[offset] == Self.quote else {
          guard offset == bytes.count || bytes[offset] == separator || bytes[offset] == Self.newline
          else {
            throw Diagnostic(
              .malformedResults, at: position, "text follows the quote that ends a field",
              help: "double each quote inside a quoted field")
          }
          return field(content[...], at: start)
        }
        content.append(Self.quote)
        offset += 1
      } else if byte == Self.newline {
        content.append(byte)
        endLine()
      } else {
        content.append(byte)
        offset += 1
      }
    }
    throw Diagnostic(
      .malformedResults, at: start, "the quote that begins this field is never closed",
      help: "end the field with a quote, and double each quote inside")
  }

  private func field(_ content: ArraySlice<UInt8>, at position: SourcePosition)
    -> DelimitedText.Field
  {
    let text = String(decoding: content, as: UTF8.self)
    return DelimitedText.Field(
      text: text.trimmingCharacters(in: .whitespaces), position: position)
  }
}
