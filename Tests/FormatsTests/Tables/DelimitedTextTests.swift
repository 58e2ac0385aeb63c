import Foundation
import Testing

@testable import Formats

@Suite struct DelimitedTextTests {
  @Test("what is no text is reported by its byte")
  func notText() {
    let error = #expect(throws: Diagnostic.self) {
      try DelimitedText(
        TextFile(file: "results.csv", bytes: Data([0x6D, 0x0A, 0xE9, 0x0A]), kind: .table))
    }
    #expect(
      error?.description == """
        results.csv:2:1: error[FT001]: byte 0xE9 is not UTF-8 text
          help: save the file as UTF-8
        """)
  }

  @Test("quotes, line ends, blank lines and a byte order mark are read as RFC 4180 has them")
  func quoting() throws {
    let csv = "\u{FEFF}method,\"accuracy\"\r\n\r\n\"a, \"\"b\"\"\nc\",0.5\r\nd,0.6"
    let text = try DelimitedText(
      TextFile(file: "results.csv", bytes: Data(csv.utf8), kind: .table))
    #expect(text.header.map(\.text) == ["method", "accuracy"])
    #expect(text.rows.map { $0.map(\.text) } == [["a, \"b\"\nc", "0.5"], ["d", "0.6"]])
    #expect(text.rows[0][1].position == SourcePosition(file: "results.csv", line: 4, column: 4))
  }

  @Test("a quote in a cell that does not begin with one is text, and white space is trimmed")
  func lenient() throws {
    let csv = "method;note\n lora ; five \"inch\u{3000}\n"
    let text = try DelimitedText(
      TextFile(file: "results.csv", bytes: Data(csv.utf8), kind: .table))
    #expect(text.rows.map { $0.map(\.text) } == [["lora", "five \"inch"]])
  }
}

@Suite struct DelimitedCursorTests {
  typealias Dialect = DelimitedCursor.Dialect

  private func read(_ text: String, _ dialect: Dialect) throws -> [String] {
    try Array(text.utf8).withUnsafeBytes { bytes in
      var cursor = DelimitedCursor(bytes, dialect)
      var cells: [UnsafeRawBufferPointer] = []
      var records: [String] = []
      while try cursor.next(into: &cells) {
        let shown = cells.enumerated().map { index, cell in
          let place = cursor.place(of: cell, at: index)
          return "\(place.line):\(place.column)=\(String(decoding: cell, as: UTF8.self))"
        }
        records.append("\(cursor.number) " + shown.joined(separator: "|"))
      }
      return records
    }
  }

  private static let comma = UInt8(ascii: ",")

  @Test(
    "dialects differ in quotes and blank lines",
    arguments: [
      (
        Dialect(separator: comma, quotes: .literal, skipsBlankLines: false),
        ["1 1:1=\"a|1:4=b\"", "2 2:1=", "3 3:1=c\"d|3:5=\re"]
      ),
      (
        Dialect(separator: comma, quotes: .literal, skipsBlankLines: true),
        ["1 1:1=\"a|1:4=b\"", "3 3:1=c\"d|3:5=\re"]
      ),
      (
        Dialect(separator: comma, quotes: .lenient, skipsBlankLines: true),
        ["1 1:1=a,b", "3 3:1=c\"d|3:5=\re"]
      ),
      (
        Dialect(separator: comma, quotes: .lenient, skipsBlankLines: false),
        ["1 1:1=a,b", "2 2:1=", "3 3:1=c\"d|3:5=\re"]
      ),
    ])
  func dialects(dialect: Dialect, records: [String]) throws {
    #expect(try read("\u{FEFF}\"a,b\"\r\n\r\nc\"d,\re\r\n\n\r", dialect) == records)
  }

  @Test(
    "broken quotes are reported where they are",
    arguments: [
      ("a,b\"c\n", "1:4 a quote is inside a cell that does not begin with one"),
      ("a\n\"b\nc,", "2:1 this quote is never closed"),
      ("a\n\"b\nc\"d", "3:3 text follows the quote that ends a cell"),
    ])
  func broken(text: String, problem: String) {
    let error = #expect(throws: DelimitedTextError.self) {
      try read(text, Dialect(separator: Self.comma, quotes: .strict, skipsBlankLines: false))
    }
    #expect(error.map { "\($0.line):\($0.column) \($0.message)" } == problem)
  }

  @Test("a cell of many doubled quotes takes time in proportion to its length")
  func doubledQuotes() throws {
    let cell = String(repeating: "\"\"", count: 500_000)
    let dialect = Dialect(separator: Self.comma, quotes: .strict, skipsBlankLines: false)
    let records = try read("\"\(cell)\",b", dialect)
    #expect(records.first?.utf8.count == 6 + 500_000 + 1 + "1:1000004=b".utf8.count)
  }
}
