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
}
