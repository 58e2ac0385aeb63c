import Testing

@testable import Engine

@Suite("JSON reader")
struct JSONParserTests {
  private func parse(_ text: String) throws(CheckpointError) -> JSONValue {
    try JSONParser.parse(Array(text.utf8), file: "f.json")
  }

  @Test("numbers keep apart what was written as an integer")
  func numbers() throws {
    #expect(
      try parse("[0, -7, 1.0, 1e-5, 9223372036854775807, 9223372036854775808, -0.5E+2]")
        == .array([
          .integer(0), .integer(-7), .number(1), .number(1e-5), .integer(.max),
          .number(9_223_372_036_854_775_808), .number(-50),
        ]))
  }

  @Test("strings are unescaped, surrogate pairs joined, canonical variants kept apart")
  func strings() throws {
    #expect(
      try parse(#""a\n\t\"\\\/\b\f\r\u00e9\ud83d\udc4d""#).string == "a\n\t\"\\/\u{8}\u{c}\ré👍")
    let object = try #require(try parse("{\"\u{e9}\":1,\"e\u{301}\":2}").object)
    #expect(object.members.map { Array($0.key.utf8) } == [[0xC3, 0xA9], [0x65, 0xCC, 0x81]])
  }

  @Test("members keep their order, the last of a name counts, null counts as absent")
  func members() throws {
    let object = try #require(try parse(#"{"b":1,"a":2,"b":3,"n":null}"#).object)
    #expect(object.members.map(\.key) == ["b", "a", "b", "n"])
    #expect(object["b"] == .integer(3))
    #expect(object["n"] == nil)
  }

  @Test(
    "a mistake is reported with line and column",
    arguments: [
      ("", "1:1: malformed JSON: expected a value, found the end of the text"),
      ("{\n  \"a\" 1}", "2:7: malformed JSON: expected ':' after the key \"a\""),
      ("{\"a\":1", "1:7: malformed JSON: expected ',' or '}'"),
      ("[1,]", "1:4: malformed JSON: expected a value"),
      ("[1 2]", "1:4: malformed JSON: expected ',' or ']'"),
      ("nul", "1:1: malformed JSON: expected a value"),
      ("01", "1:2: malformed JSON: expected the end of the text"),
      ("1.", "1:3: malformed JSON: expected a digit"),
      ("1e999", "1:1: malformed JSON: the number 1e999 is too large"),
      ("\"abc", "1:1: malformed JSON: the string has no closing quote"),
      ("\"\\x\"", "1:3: malformed JSON: unknown escape in a string"),
      ("\"\\ud800\"", "1:8: malformed JSON: a surrogate has no partner"),
      ("\"\u{1}\"", "1:2: malformed JSON: a string contains the control character 1"),
    ])
  func mistakes(text: String, description: String) {
    let error = #expect(throws: CheckpointError.self) { try parse(text) }
    #expect(
      error?.description == "f.json:\(description)\n"
        + "  help: the file was probably truncated or edited by hand; fetch it again")
  }

  @Test("deep nesting and broken UTF-8 are rejected")
  func hostile() {
    #expect(throws: CheckpointError.self) { try parse(String(repeating: "[", count: 100_000)) }
    #expect(throws: CheckpointError.self) {
      try JSONParser.parse([0x22, 0xFF, 0x22], file: "f.json")
    }
  }
}
