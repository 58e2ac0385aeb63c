import Testing

@testable import Formats
@testable import Report

@Suite("Positions of values and references")
struct PositionTests {
  /// Every value and reference of a document as `line:column name`, in reading order.
  private static func places(_ text: String) throws -> [String] {
    let document = try MarkdownParserTests.parse(text).document
    return TreeText(document).lines.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count >= 3, words[0] == "value" || words[0] == "reference" else { return nil }
      let name = words[1..<(words.count - 1)].joined(separator: " ").filter { $0 != "\"" }
      return "\(words[words.count - 1].dropFirst()) \(name)"
    }
  }

  @Test(
    "a place counts lines from 1 and UTF-8 bytes from 1",
    arguments: [
      ("@fig-a", ["1:1 fig-a"]),
      ("`{val} x`", ["1:8 x"]),
      ("``{val}  x + `y` ``", ["1:10 x + `y`"]),
      ("héé @fig-a", ["1:7 fig-a"]),
      ("---\na: 1\n---\n\n@fig-a", ["5:1 fig-a"]),
      ("---\r\na: 1\r\n---\r\nx `{val} y`", ["4:10 y"]),
      ("a\n   b @fig-a\n\tc @fig-b", ["2:6 fig-a", "3:4 fig-b"]),
      ("`@fig-a` @fig-a", ["1:10 fig-a"]),
      ("`{val} a` `{val} a` @tbl-a @tbl-a", ["1:8 a", "1:18 a", "1:21 tbl-a", "1:28 tbl-a"]),
      ("[x](/@fig-a \"@fig-a\") @fig-a", ["1:23 fig-a"]),
      ("[x](</a b> 'it is )') @fig-a", ["1:23 fig-a"]),
      ("[x [y] @fig-b](u(v)) @fig-a", ["1:8 fig-b", "1:22 fig-a"]),
      ("[x][y] @fig-a\n\n[y]: /@fig-a", ["1:8 fig-a"]),
      ("![@fig-a](p.png) @fig-a", ["1:18 fig-a"]),
      ("<i id=\"@fig-a\">@fig-a", ["1:16 fig-a"]),
      ("&lt;&amp;&copy;&#64;x @fig-a", ["1:23 fig-a"]),
      ("AT&T; @fig-a", ["1:7 fig-a"]),
      ("\\@fig-a @fig-a", ["1:9 fig-a"]),
      ("\\\\@fig-a", ["1:3 fig-a"]),
      ("**bold @fig-a** *`{val} x`*", ["1:8 fig-a", "1:25 x"]),
      ("~~@fig-a~~ __@tbl-b__", ["1:3 fig-a", "1:14 tbl-b"]),
      ("# A `{val} x` {#sec-a}", ["1:12 x"]),
      ("  ## A @fig-a ##", ["1:8 fig-a"]),
      ("A\n@fig-a\n---", ["2:1 fig-a"]),
      ("> a\n> @fig-a\nlazy @fig-b", ["2:3 fig-a", "3:6 fig-b"]),
      ("> > a `{val} long\n> > expression` @fig-a", ["1:14 long expression", "2:17 fig-a"]),
      ("- a\n\n  1. b @fig-a\n     c `{val} x`", ["3:8 fig-a", "4:15 x"]),
      ("- [ ] @fig-a\n- [x] `{val} y`", ["1:7 fig-a", "2:14 y"]),
      ("|a|b|\n|-|-|\n|@fig-a|`{val} x[1\\|2]`|", ["3:2 fig-a", "3:16 x[1|2]"]),
      ("| `@fig-a` | @fig-a |\n|--|--|", ["1:14 fig-a"]),
      (
        "p @fig-b\nq\n| @fig-a | x |\n|--|--|\n| y | @fig-c |",
        ["1:3 fig-b", "3:3 fig-a", "5:7 fig-c"]
      ),
      (
        "> | @fig-a | x |\n> |--|--|\n> | `{val} a \\| b` | @fig-b |",
        ["1:5 fig-a", "3:12 a | b", "3:22 fig-b"]
      ),
      ("- | a |\n  |---|\n  | ü @fig-a |", ["3:8 fig-a"]),
      ("x[^1] @fig-a\n\n[^1]: n @fig-b\n\n    > `{val} z`", ["1:7 fig-a", "3:9 fig-b", "5:14 z"]),
      ("me@b.com www.c.de @fig-a http://d.e/@fig-x @fig-b", ["1:19 fig-a", "1:44 fig-b"]),
      ("<http://d.e/@fig-x> @fig-a", ["1:21 fig-a"]),
    ])
  func place(source: String, expected: [String]) throws {
    #expect(try Self.places(source) == expected)
  }

  @Test(
    "a reference is a word with a known prefix",
    arguments: [
      ("(@fig-a),@tbl-b.", ["fig-a", "tbl-b"]),
      ("[@sec-a; @clm-b]", ["sec-a", "clm-b"]),
      ("@exp-low_res-2's", ["exp-low_res-2"]),
      ("@fig-acc--and @fig-a- x", ["fig-acc", "fig-a"]),
      ("me@fig-a x_@fig-a @@fig-a a/@fig-a", []),
      ("é@fig-a 1@fig-a", []),
      ("@figure-a @fig @fig- @FIG-a @eq-a", []),
      ("@fig-my_long_label *@fig-a*", ["fig-my_long_label", "fig-a"]),
    ])
  func references(source: String, expected: [String]) throws {
    let found = try Self.places(source).compactMap {
      $0.split(separator: " ").last.map(String.init)
    }
    #expect(found == expected)
  }

  @Test(
    "an embedded block knows its fence and its body",
    arguments: [
      ("```{chart #fig-a}\nx\n```", 1, 1, 2, 1, "x\n"),
      ("---\na: 1\n---\n\n~~~~ {chart   #fig-a}  \n~~~\n~~~~", 5, 1, 6, 1, "~~~\n"),
      ("  ```{chart}\n  x: 1\n   y\n  ```", 1, 3, 2, 3, "x: 1\n y\n"),
      ("> - ```{chart}\n>   x\n>   ```", 1, 5, 2, 5, "x\n"),
      ("1.  a\n\n    ```{chart}\n\n    x\n    ```", 3, 5, 4, 5, "\nx\n"),
      ("```{chart}\n```", 1, 1, 2, 1, ""),
    ])
  func embedded(
    source: String, line: Int, column: Int, bodyLine: Int, bodyColumn: Int, yaml: String
  ) throws {
    let result = try MarkdownParserTests.parse(source)
    #expect(result.diagnostics.isEmpty)
    let block = try #require(result.document.embeddedBlocks.first)
    #expect(block.position == SourcePosition(file: "s.md", line: line, column: column))
    #expect(block.bodyPosition == SourcePosition(file: "s.md", line: bodyLine, column: bodyColumn))
    #expect(block.yaml == yaml)
  }
}
