import Foundation

/// Walks comma-separated rows (RFC 4180), whose quoted cells may hold commas, quotes and line ends.
///
/// A CR before LF, a byte-order mark and blank lines at the end are dropped.
struct CSVCursor: RowCursor {
  private let bytes: UnsafeRawBufferPointer
  private let end: Int
  private var position: Int
  /// Where the line that `position` is in begins, and its number.
  private var lineStart: Int
  private var line = 1
  private var places: [(line: Int, column: Int)] = []
  private let scratch = RowScratch()
  private(set) var number = 0

  private static let (quote, comma, newline, carriage) = (
    UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  init(_ bytes: UnsafeRawBufferPointer) {
    var end = bytes.count
    while end > 0, bytes[end - 1] == Self.newline || bytes[end - 1] == Self.carriage { end -= 1 }
    self.bytes = bytes
    self.end = end
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
  }

  mutating func next(into cells: inout [UnsafeRawBufferPointer]) throws(TaskError) -> Bool {
    guard position < end else { return false }
    cells.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    scratch.reset()
    number = line
    while true {
      places.append((line, position - lineStart + 1))
      if position < end, bytes[position] == Self.quote {
        cells.append(try quotedCell())
      } else {
        cells.append(try plainCell())
      }
      guard position < end, bytes[position] == Self.comma else { break }
      position += 1
    }
    skipLineEnd()
    return true
  }

  func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int?) {
    (places[index].line, places[index].column)
  }

  /// A cell without quotes, up to the next comma or line end.
  private mutating func plainCell() throws(TaskError) -> UnsafeRawBufferPointer {
    let start = position
    while position < end, bytes[position] != Self.comma, !isLineEnd(position) {
      guard bytes[position] != Self.quote else {
        throw error(
          "a quote is inside a cell that does not begin with one",
          help: "put the whole cell in double quotes, and double each quote inside")
      }
      position += 1
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
  }

  /// A cell in quotes; only one that holds quotes itself is copied.
  private mutating func quotedCell() throws(TaskError) -> UnsafeRawBufferPointer {
    let opening = error(
      "this quote is never closed", help: "end the cell with a quote, and double each quote inside"
    )
    position += 1
    var start = position
    var unescaped: [UInt8]?
    while true {
      guard position < end else { throw opening }
      switch bytes[position] {
      case Self.quote where position + 1 < end && bytes[position + 1] == Self.quote:
        unescaped = (unescaped ?? []) + bytes[start...position]
        position += 2
        start = position
      case Self.quote:
        let rest = bytes[start..<position]
        position += 1
        guard position == end || bytes[position] == Self.comma || isLineEnd(position) else {
          throw error(
            "text follows the quote that ends a cell",
            help: "separate cells with a comma, and double each quote inside a cell")
        }
        guard let unescaped else { return UnsafeRawBufferPointer(rebasing: rest) }
        return scratch.keep(unescaped + rest)
      case Self.newline:
        position += 1
        line += 1
        lineStart = position
      default: position += 1
      }
    }
  }

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

  private func error(_ what: String, help: String) -> TaskError {
    TaskError(
      .malformedRow(what, help: help), line: line, column: position - lineStart + 1)
  }
}
