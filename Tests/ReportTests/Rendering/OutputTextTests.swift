import Formats
import Foundation
import Testing

@testable import Report

@Suite struct OutputTextTests {
  @Test(
    "CSV quotes only what needs it",
    arguments: [
      (["a", "b c", ""], "a,b c,\r\n"), (["a,b", "c\"d"], "\"a,b\",\"c\"\"d\"\r\n"),
      (["x\ny", "\r"], "\"x\ny\",\"\r\"\r\n"), (["\""], "\"\"\"\"\r\n"),
    ])
  func csv(fields: [String], line: String) {
    var lines = CSVLines()
    lines.append(fields)
    #expect(lines.text == line)
    // Parts that lines share give the same line.
    var parts = CSVLines()
    parts.append(
      Array(fields.dropFirst()), after: CSVLines.fields(Array(fields.prefix(1))))
    if fields.count > 1 { #expect(parts.text == line) }
  }

  @Test("JSON reads back as written, keys sorted and what is no number null")
  func json() throws {
    let value = JSONText.map([
      "z": .list([.integer(1), JSONText(Double.nan), JSONText(0.1 + 0.2), JSONText(1e-300)]),
      "a": .text("\"\\ \n\t\u{1} é 😀 /"), "m": .map(["empty": .list([]), "none": .map([:])]),
      "n": JSONText(nil as Double?), "big": .number(1e18), "t": .flag(true),
    ])
    let text = value.text
    #expect(text.hasPrefix("{\n  \"a\": \"\\\"\\\\ \\n\\t\\u0001 é 😀 /\",\n  \"big\": 1"))
    #expect(text.contains("\"z\": [1, null, 0.30000000000000004, 1e-300]"))
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(read?["a"] as? String == "\"\\ \n\t\u{1} é 😀 /")
    #expect((read?["big"] as? Double) == 1e18)
    #expect((read?["m"] as? [String: Any])?.keys.sorted() == ["empty", "none"])
  }
}
