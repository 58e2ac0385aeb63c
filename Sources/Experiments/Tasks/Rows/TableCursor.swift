import Formats

/// Walks the rows of a table.
///
/// A task's data is what its publisher wrote: an empty line is a row, and nothing is trimmed.
struct TableCursor: RowCursor {
  private var cursor: DelimitedCursor

  var number: Int { cursor.number }

  /// Starts before the first row.
  ///
  /// A CSV file that begins with a header may have another separator than the comma: what its header
  /// has instead of one, or what a line such as `sep=;` before it names, as spreadsheets write them.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - format: `tsv` or `csv`.
  ///   - hasHeader: Whether the first row names the columns.
  init(_ bytes: UnsafeRawBufferPointer, _ format: DataFormat, hasHeader: Bool) {
    guard format == .csv else {
      cursor = DelimitedCursor(bytes, .tsv)
      return
    }
    let first = FirstLine(bytes)
    let separator = first.announcedSeparator ?? (hasHeader ? first.separator : FirstLine.comma)
    cursor = DelimitedCursor(bytes, .csv(separator: separator))
    var announcement: [UnsafeRawBufferPointer] = []
    if first.announcedSeparator != nil { _ = try? cursor.next(into: &announcement) }
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

  /// RFC 4180, with any separator.
  static func csv(separator: UInt8) -> Self {
    Self(separator: separator, quotes: .strict, skipsBlankLines: false)
  }
}

/// What the first line of a CSV file says about its separator.
private struct FirstLine {
  static let comma = UInt8(ascii: ",")
  private static let others = [";", "\t", "|"].map { UInt8(ascii: $0) }

  private let bytes: [UInt8]

  init(_ file: UnsafeRawBufferPointer) {
    let start = file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    bytes = file[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
  }

  /// The one byte after `sep=`; nil for another line.
  var announcedSeparator: UInt8? {
    bytes.count == 5 && bytes.starts(with: "sep=".utf8) ? bytes[4] : nil
  }

  /// The comma where the line has one outside of quotes, else the one it has most of.
  var separator: UInt8 {
    var counts = [UInt8: Int]()
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted {
        counts[byte, default: 0] += 1
      }
    }
    guard counts[Self.comma] == nil else { return Self.comma }
    let most = Self.others.compactMap { counts[$0] }.max()
    return Self.others.first { counts[$0] != nil && counts[$0] == most } ?? Self.comma
  }
}
