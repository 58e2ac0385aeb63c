import Engine
import Formats
import Foundation

/// Walks JSON objects, one a line or all in one array; the cells are the members that were asked for.
struct JSONRowCursor: RowCursor {
  private let bytes: UnsafeRawBufferPointer
  private let columns: [ColumnReference]
  private var position = 0
  /// The elements of an array that are still to come, the next one last; nil for lines.
  private var elements: [JSONValue]?
  private let scratch = RowScratch()
  /// The line of the row last read; its number in an array.
  private(set) var number = 0
  /// Names of the members of the row last read.
  var members: [String] { row?.object?.members.map(\.key) ?? [] }
  /// The row last read.
  private(set) var row: JSONValue?

  /// Starts before the first object.
  ///
  /// - Throws: ``TaskError`` with line and column for an array that is no JSON.
  init(_ bytes: UnsafeRawBufferPointer, columns: [ColumnReference]) throws(TaskError) {
    self.bytes = bytes
    self.columns = columns
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard bytes[position...].first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else { return }
    do {
      if case .array(let values) = try JSONParser.parse(Array(bytes), file: "") {
        elements = values.reversed()
      }
    } catch {
      throw TaskError(
        .malformedRow(error.message, help: "an array holds one JSON object a row"),
        line: error.place?.line, column: error.place?.column)
    }
  }

  /// Reads the next line that is not blank, or the next element.
  mutating func next(into cells: inout [UnsafeRawBufferPointer]) throws(TaskError) -> Bool {
    guard let value = try nextValue() else { return false }
    cells.removeAll(keepingCapacity: true)
    scratch.reset()
    guard let object = value.object else {
      throw error(
        "the \(elements == nil ? "line" : "element") holds \(value.summary), no object",
        help: "each row is one JSON object")
    }
    row = value
    for column in columns {
      cells.append(scratch.keep(Array(try text(of: column, in: object).utf8)))
    }
    return true
  }

  func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int?) {
    (number, nil)
  }

  private mutating func nextValue() throws(TaskError) -> JSONValue? {
    if elements != nil {
      number += 1
      return elements?.popLast()
    }
    guard let line = nextLine() else { return nil }
    do {
      return try JSONParser.parse(line, file: "")
    } catch {
      throw self.error(error.message, at: error.place?.column, help: "each line is one JSON object")
    }
  }

  private mutating func nextLine() -> [UInt8]? {
    while position < bytes.count {
      number += 1
      let rest = bytes[position...]
      let stop = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[position..<stop]
      position = stop + 1
      if line.contains(where: { $0 > 0x20 }) { return Array(line) }
    }
    return nil
  }

  /// A member as text: numbers, `true` and `false` as JSON writes them.
  private func text(of column: ColumnReference, in object: JSONObject) throws(TaskError) -> String {
    guard case .named(let names) = column else {
      preconditionFailure("column \(column) of JSON Lines has no name")
    }
    guard let value = names.lazy.compactMap({ object[$0] }).first else {
      if let name = names.first(where: members.contains) {
        throw error("'\(name)' holds null, no text", help: Self.cellHelp)
      }
      throw TaskError(
        .missingMember(names: names, members: members), line: number)
    }
    switch value {
    case .string(let text): return text
    case .boolean, .integer, .number: return value.summary
    case .null, .array, .object:
      throw error(
        "'\(names.joined(separator: "' or '"))' holds \(value.summary), no text",
        help: Self.cellHelp)
    }
  }

  private static let cellHelp = "a cell is a text, a number, true or false"

  private func error(_ what: String, at column: Int? = nil, help: String) -> TaskError {
    TaskError(.malformedRow(what, help: help), line: number, column: column)
  }
}
