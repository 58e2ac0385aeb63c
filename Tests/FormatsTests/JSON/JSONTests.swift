import Formats
import Foundation
import Testing

@Suite struct JSONTests {
  private struct Record: Codable, Equatable {
    var parts: [String: Double] = [:]
    var a: Int?
    var text = "/"
  }

  /// A string as keys of cells have it: the short escapes of JSON, four digits for other controls, and
  /// everything else as it is.
  private func quoted(_ scalar: Unicode.Scalar) -> String {
    let short: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b",
      "\u{C}": "\\f",
    ]
    if let escape = short[scalar] { return "\"\(escape)\"" }
    guard scalar.value < 0x20 else { return "\"\(scalar)\"" }
    let digits = String(scalar.value, radix: 16)
    return "\"\\u" + String(repeating: "0", count: 4 - digits.count) + digits + "\""
  }

  @Test("the bytes of keys never change: strings")
  func strings() throws {
    let scalars =
      (0...0x2FF).compactMap(Unicode.Scalar.init)
      + ["\u{301}", "\u{200D}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "語", "😀"]
    for scalar in scalars {
      #expect(try JSONCoding.text(of: [String(scalar)]) == "[\(quoted(scalar))]")
      // A report's JSON has the same strings, but for two escapes.
      let text = JSONText.text(String(scalar)).text
      let expected = quoted(scalar)
      #expect(
        text
          == (scalar == "\u{8}" ? "\"\\u0008\"" : scalar == "\u{C}" ? "\"\\u000c\"" : expected))
    }
  }

  @Test(
    "the bytes of keys never change: numbers",
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-3, "-3"), (1e-5, "1e-05"), (0.1, "0.1"),
      (1e15, "1000000000000000"), (1e16, "1e+16"), (1e22, "1e+22"), (1.5e300, "1.5e+300"),
      (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
      (1 / 3, "0.3333333333333333"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) throws {
    #expect(try JSONCoding.text(of: [value]) == "[\(text)]")
    let read = try JSONCoding.value([Double].self, from: Data("[\(text)]".utf8))
    #expect(read.map(\.bitPattern) == [value.bitPattern])
  }

  @Test("keys are sorted at every depth, absent members are left out, slashes stay")
  func members() throws {
    let record = Record(parts: ["b": 1, "B": 2, "aa": 3, "é": 4], a: nil, text: "a/b")
    #expect(
      try JSONCoding.text(of: ["y": record, "x": Record(a: 1)])
        == #"{"x":{"a":1,"parts":{},"text":"/"},"y":{"parts":{"B":2,"aa":3,"b":1,"é":4},"text":"a/b"}}"#
    )
    #expect(
      try JSONCoding.text(of: Record(a: 1), .indented)
        == "{\n  \"a\" : 1,\n  \"parts\" : {\n\n  },\n  \"text\" : \"/\"\n}")
  }

  @Test("what is not a number is rejected, or written as text and read back")
  func nonFinite() throws {
    let values = [Double.nan, .infinity, -.infinity]
    #expect(throws: EncodingError.self) { try JSONCoding.text(of: values) }
    let data = try JSONCoding.data(of: values, nonFinite: .text)
    #expect(String(decoding: data, as: UTF8.self) == #"["nan","inf","-inf"]"#)
    #expect(throws: DecodingError.self) { try JSONCoding.value([Double].self, from: data) }
    let read = try JSONCoding.value([Double].self, from: data, nonFinite: .text)
    #expect(read[0].isNaN && read[1...] == [.infinity, -.infinity])
    #expect(JSONText(Double.nan).text == "null")
  }
}
