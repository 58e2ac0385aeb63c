/// The rows of a comma-separated file (RFC 4180), each with the line it begins on.
struct CSVTable: Hashable, Sendable {
  struct Row: Hashable, Sendable {
    /// From 1; the header is on the first.
    let line: Int
    let fields: [String]
  }

  /// What is wrong with a file, and on which line.
  struct Problem: Error, Hashable, Sendable {
    let line: Int
    let message: String
  }

  /// Names of the columns.
  let header: [String]
  let rows: [Row]

  /// Parses a text; blank lines are passed over.
  ///
  /// - Parameter text: With LF or CRLF, and quotes around fields that hold commas or line ends.
  /// - Throws: ``Problem`` at a quote that never ends, or a row of another length than the header's.
  init(_ text: String) throws(Problem) {
    var rows = try Self.records(text.unicodeScalars).filter { $0.fields != [""] }
    guard !rows.isEmpty else { throw Problem(line: 1, message: "the file is empty") }
    let header = rows.removeFirst()
    if let row = rows.first(where: { $0.fields.count != header.fields.count }) {
      throw Problem(
        line: row.line,
        message: "\(row.fields.count) fields, where the header has \(header.fields.count)")
    }
    self.header = header.fields
    self.rows = rows
  }

  private static func records(_ text: String.UnicodeScalarView) throws(Problem) -> [Row] {
    var rows: [Row] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var (line, start) = (1, 1)
    var quote: Int?  // the line of an open quote
    var index = text.startIndex
    if text.first == "\u{FEFF}" { text.formIndex(after: &index) }
    while index < text.endIndex {
      let scalar = text[index]
      text.formIndex(after: &index)
      let next = index < text.endIndex ? text[index] : nil
      if scalar == "\n" { line += 1 }
      switch scalar {
      case "\"" where quote != nil && next == "\"":
        field.append(scalar)
        text.formIndex(after: &index)
      case "\"" where quote != nil: quote = nil
      case "\"" where field.isEmpty: quote = line
      case _ where quote != nil: field.append(scalar)
      case ",":
        fields.append(String(field))
        field = String.UnicodeScalarView()
      case "\r" where next == "\n": break
      case "\n":
        rows.append(Row(line: start, fields: fields + [String(field)]))
        (fields, field, start) = ([], String.UnicodeScalarView(), line)
      default: field.append(scalar)
      }
    }
    if let quote { throw Problem(line: quote, message: "a quoted field never ends") }
    if !field.isEmpty || !fields.isEmpty {
      rows.append(Row(line: start, fields: fields + [String(field)]))
    }
    return rows
  }
}
