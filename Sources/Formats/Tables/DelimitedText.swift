import Foundation

/// Rows of text whose first names the columns: CSV (RFC 4180), also with semicolons or tabs.
///
/// Cells lose white space at their ends, and a quote inside a cell that does not begin with one is
/// text: what spreadsheets and people write.
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
    let dialect = DelimitedCursor.Dialect(
      separator: Self.separator(of: text.bytes), quotes: .lenient, skipsBlankLines: true)
    var records = try text.bytes.withUnsafeBufferPointer { bytes throws(Diagnostic) in
      try Self.records(
        of: DelimitedCursor(UnsafeRawBufferPointer(bytes), dialect), file: text.file)
    }
    guard !records.isEmpty else {
      throw Diagnostic(
        .malformedResults, at: SourcePosition(file: text.file, line: 1), "the file is empty",
        help: "a table begins with a line that names its columns, such as "
          + "method,task,shots,seed,accuracy")
    }
    header = records.removeFirst()
    rows = records
  }

  /// All records, each with as many fields as the first.
  private static func records(
    of cursor: consuming DelimitedCursor, file: String
  ) throws(Diagnostic) -> [[Field]] {
    var cells: [UnsafeRawBufferPointer] = []
    var records: [[Field]] = []
    while try advance(&cursor, into: &cells, file: file) {
      let row = cells.enumerated().map { index, cell in
        let place = cursor.place(of: cell, at: index)
        return Field(
          text: String(decoding: cell, as: UTF8.self).trimmingCharacters(in: .whitespaces),
          position: SourcePosition(file: file, line: place.line, column: place.column))
      }
      if let header = records.first, row.count != header.count {
        throw Diagnostic(
          .malformedResults, at: row[min(row.count, header.count) - 1].position,
          "this row has \(row.count) \(row.count == 1 ? "field" : "fields"), the header has \(header.count)",
          help: row.count > header.count
            ? "put a field that contains the separator in double quotes"
            : "give every row a field for each column, empty where there is nothing")
      }
      records.append(row)
    }
    return records
  }

  private static func advance(
    _ cursor: inout DelimitedCursor, into cells: inout [UnsafeRawBufferPointer], file: String
  ) throws(Diagnostic) -> Bool {
    do throws(DelimitedTextError) {
      return try cursor.next(into: &cells)
    } catch {
      throw Diagnostic(
        .malformedResults, at: SourcePosition(file: file, line: error.line, column: error.column),
        error.message, help: error.help)
    }
  }

  private static func separator(of bytes: [UInt8]) -> UInt8 {
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let candidates = [",", ";", "\t"].map { UInt8(ascii: $0) }
    let counts = candidates.map { candidate in first.count { $0 == candidate } }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}
