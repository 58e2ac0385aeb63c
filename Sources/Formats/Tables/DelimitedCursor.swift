import Foundation

/// Cuts delimited text into records, without copying what is literally in it.
///
/// Lines end with LF, or CR and LF; a CR alone is a byte like any other. Line ends at the end of the
/// text do not count.
package struct DelimitedCursor {
  /// The rules in which tables differ.
  package struct Dialect: Hashable, Sendable {
    package enum Quotes: Hashable, Sendable {
      /// A quote is a byte like any other.
      case literal
      /// RFC 4180: a cell in quotes may contain separators, line ends and doubled quotes. A quote
      /// elsewhere is an error.
      case strict
      /// The same, but a quote in a cell that does not begin with one is a byte like any other.
      case lenient
    }

    package let separator: UInt8
    package let quotes: Quotes
    /// Whether an empty line is left out; else it is a record of one empty cell.
    package let skipsBlankLines: Bool

    package init(separator: UInt8, quotes: Quotes, skipsBlankLines: Bool) {
      self.separator = separator
      self.quotes = quotes
      self.skipsBlankLines = skipsBlankLines
    }
  }

  private let bytes: UnsafeRawBufferPointer
  private let dialect: Dialect
  private let end: Int
  private var position: Int
  /// Where the line that `position` is in begins, and its number.
  private var lineStart: Int
  private var line = 1
  /// Where the cells of the record begin; empty if quotes are literal, as cells say it themselves.
  private var places: [(line: Int, column: Int)] = []
  /// Where the first cell of the record begins if quotes are literal.
  private var firstCell: UnsafeRawPointer?
  private let scratch = RowScratch()
  /// The line on which the record last read begins, from 1.
  package private(set) var number = 0

  private static let (quote, newline, carriage) = (
    UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  /// Starts before the first record.
  ///
  /// - Parameters:
  ///   - bytes: The text, which must outlive the cursor; a byte order mark is skipped.
  ///   - dialect: How it is written.
  package init(_ bytes: UnsafeRawBufferPointer, _ dialect: Dialect) {
    var end = bytes.count
    while end > 0, bytes[end - 1] == Self.newline || bytes[end - 1] == Self.carriage { end -= 1 }
    self.bytes = bytes
    self.dialect = dialect
    self.end = end
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
  }

  /// Replaces `cells` with those of the next record; false at the end.
  ///
  /// The cells are valid until the next record is read.
  ///
  /// - Throws: ``DelimitedTextError`` where quotes are broken.
  package mutating func next(
    into cells: inout [UnsafeRawBufferPointer]
  ) throws(DelimitedTextError) -> Bool {
    if dialect.skipsBlankLines {
      while position < end, isLineEnd(position) { skipLineEnd() }
    }
    guard position < end else { return false }
    cells.removeAll(keepingCapacity: true)
    number = line
    if dialect.quotes == .literal {
      cutLine(into: &cells)
      return true
    }
    places.removeAll(keepingCapacity: true)
    scratch.reset()
    while true {
      places.append((line, position - lineStart + 1))
      if position < end, bytes[position] == Self.quote {
        cells.append(try quotedCell())
      } else {
        cells.append(try plainCell())
      }
      guard position < end, bytes[position] == dialect.separator else { break }
      position += 1
    }
    skipLineEnd()
    return true
  }

  /// Where a cell of the record last read begins; columns count bytes from 1.
  package func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int) {
    guard dialect.quotes == .literal else { return places[index] }
    guard let first = firstCell, let start = cell.baseAddress else { return (number, 1) }
    return (number, start - first + 1)
  }
}

// MARK: - Cells

extension DelimitedCursor {
  /// Cuts one line at its separators.
  @inline(__always)
  private mutating func cutLine(into cells: inout [UnsafeRawBufferPointer]) {
    guard let base = bytes.baseAddress else { return }
    let (start, limit) = (position, end)
    var stop = limit
    if let found = memchr(base + start, Int32(Self.newline), limit - start) {
      stop = UnsafeRawPointer(found) - base
    }
    firstCell = base + start
    position = stop + 1
    line += 1
    if stop > start, bytes[stop - 1] == Self.carriage { stop -= 1 }
    let separator = Int32(dialect.separator)
    var cell = base + start
    let last = base + stop
    while let found = memchr(cell, separator, last - cell) {
      let next = UnsafeRawPointer(found)
      cells.append(UnsafeRawBufferPointer(start: cell, count: next - cell))
      cell = next + 1
    }
    cells.append(UnsafeRawBufferPointer(start: cell, count: last - cell))
  }

  /// A cell without quotes around it, up to the next separator or line end.
  private mutating func plainCell() throws(DelimitedTextError) -> UnsafeRawBufferPointer {
    let (bytes, end, separator) = (bytes, end, dialect.separator)
    // Text is mostly letters, which are above everything that is looked for.
    let highest = max(separator, Self.quote)
    let start = position
    var place = start
    scan: while place < end {
      let byte = bytes[place]
      if byte <= highest {
        if byte == separator || byte == Self.newline { break scan }
        if byte == Self.carriage, isLineEnd(place) { break scan }
        if byte == Self.quote, dialect.quotes == .strict {
          position = place
          throw error(.strayQuote)
        }
      }
      place &+= 1
    }
    position = place
    return UnsafeRawBufferPointer(rebasing: bytes[start..<place])
  }

  /// A cell in quotes; only one that holds quotes itself is copied.
  private mutating func quotedCell() throws(DelimitedTextError) -> UnsafeRawBufferPointer {
    let (line, column) = (line, position - lineStart + 1)
    position += 1
    var start = position
    var unescaped: [UInt8] = []
    while position < end {
      switch bytes[position] {
      case Self.quote where position + 1 < end && bytes[position + 1] == Self.quote:
        unescaped += bytes[start...position]
        position += 2
        start = position
      case Self.quote:
        let rest = bytes[start..<position]
        position += 1
        guard position == end || bytes[position] == dialect.separator || isLineEnd(position) else {
          throw error(.textAfterQuote(separator: dialect.separator))
        }
        guard !unescaped.isEmpty else { return UnsafeRawBufferPointer(rebasing: rest) }
        return scratch.keep(unescaped + rest)
      case Self.newline:
        position += 1
        self.line += 1
        lineStart = position
      default: position += 1
      }
    }
    throw DelimitedTextError(reason: .unclosedQuote, line: line, column: column)
  }

  @inline(__always)
  private func isLineEnd(_ place: Int) -> Bool {
    bytes[place] == Self.newline
      || (bytes[place] == Self.carriage && place + 1 < bytes.count
        && bytes[place + 1] == Self.newline)
  }

  private mutating func skipLineEnd() {
    if position < end, bytes[position] == Self.carriage { position += 1 }
    guard position < end else { return }
    position += 1
    line += 1
    lineStart = position
  }

  private func error(_ reason: DelimitedTextError.Reason) -> DelimitedTextError {
    DelimitedTextError(reason: reason, line: line, column: position - lineStart + 1)
  }
}

/// Quotes that are not as a table's dialect has them.
package struct DelimitedTextError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case strayQuote
    case unclosedQuote
    case textAfterQuote(separator: UInt8)
  }

  package let reason: Reason
  /// From 1; the column counts bytes.
  package let line: Int
  package let column: Int

  package var message: String {
    switch reason {
    case .strayQuote: "a quote is inside a cell that does not begin with one"
    case .unclosedQuote: "this quote is never closed"
    case .textAfterQuote: "text follows the quote that ends a cell"
    }
  }

  package var help: String {
    switch reason {
    case .strayQuote: "put the whole cell in double quotes, and double each quote inside"
    case .unclosedQuote: "end the cell with a quote, and double each quote inside"
    case .textAfterQuote(let separator):
      "separate cells with a \(Self.name(of: separator)), and double each quote inside a cell"
    }
  }

  private static func name(of separator: UInt8) -> String {
    switch separator {
    case UInt8(ascii: ","): "comma"
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "\t"): "TAB"
    default: "'\(Unicode.Scalar(separator))'"
    }
  }
}
