import Formats

/// Walks the rows of a table.
///
/// A task's data is what its publisher wrote: an empty line is a row, and nothing is trimmed.
struct TableCursor: RowCursor {
  private var cursor: DelimitedCursor

  var number: Int { cursor.number }

  init(_ bytes: UnsafeRawBufferPointer, _ dialect: DelimitedCursor.Dialect) {
    cursor = DelimitedCursor(bytes, dialect)
  }

  mutating func next(into cells: inout [UnsafeRawBufferPointer]) throws(TaskError) -> Bool {
    do throws(DelimitedTextError) {
      return try cursor.next(into: &cells)
    } catch {
      throw TaskError(
        .malformedRow(error.message, help: error.help), line: error.line, column: error.column)
    }
  }

  func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int?) {
    let place = cursor.place(of: cell, at: index)
    return (place.line, place.column)
  }
}

extension DelimitedCursor.Dialect {
  /// Cells are separated by TABs and never quoted.
  static let tsv = Self(
    separator: UInt8(ascii: "\t"), quotes: .literal, skipsBlankLines: false)
  /// RFC 4180.
  static let csv = Self(
    separator: UInt8(ascii: ","), quotes: .strict, skipsBlankLines: false)
}
