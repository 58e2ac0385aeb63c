import Testing

@testable import Formats

/// The whole text of what is said about a document that is not YAML.
@Suite struct YAMLDiagnosticTests {
  struct Case: Sendable {
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      source: """
        a: 1
        \tb: 2
        """,
      expected: """
        r.md:2:1: error[FT003]: a tab indents this line
          help: YAML indents with spaces; use two spaces instead of the tab
        """),
    Case(
      source: """
        a: 1
        b 2
        c: 3
        """,
      expected: """
        r.md:2:1: error[FT003]: this line is not 'key: value'
          help: write 'b: …', with a space after the colon
        """),
    Case(
      source: """
        a 1
        b: 2
        """,
      expected: """
        r.md:1:1: error[FT003]: this line is not 'key: value'
          help: write 'a: …', with a space after the colon
        """),
    Case(
      source: """
        a: 1
          b: 2
        """,
      expected: """
        r.md:2:3: error[FT003]: this line's indentation fits no line above it
          help: keys of one map begin in the same column; line 1 begins in column 1
        """),
    Case(
      source: """
        a:
            x: 1
           y: 2
        """,
      expected: """
        r.md:3:4: error[FT003]: this line's indentation fits no line above it
          help: keys of one map begin in the same column; line 2 begins in column 5
        """),
    Case(
      source: """
        a: [1, 2
        b: 3
        """,
      expected: """
        r.md:1:4: error[FT003]: the list that begins here is not closed or lacks a comma
          help: separate its items with ',' and end it with ']'
        """),
    Case(
      source: """
        a: "x
        b: 3
        """,
      expected: """
        r.md:1:4: error[FT003]: this quote is never closed
          help: end the value with the quote it begins with
        """),
    Case(
      source: "a: b: c",
      expected: """
        r.md:1:5: error[FT003]: a second ': ' on one line
          help: put the value in quotes
        """),
    Case(
      source: "data: {{params.x}}/glue",
      expected: """
        r.md:1:7: error[FT003]: '{{' with text around it needs quotes here
          help: put the whole value in double quotes: "{{params.name}}/more"
        """),
    Case(
      source: "x: [a-{{params.q}}]",
      expected: """
        r.md:1:7: error[FT003]: '{{' with text around it needs quotes here
          help: put the whole value in double quotes: "{{params.name}}/more"
        """),
    Case(
      source: "a: 'it's'",
      expected: """
        r.md:1:8: error[FT003]: text after the end of a value
          help: put the whole value in quotes; inside single quotes, write '' for a quote
        """),
    Case(
      source: """
        a: {b: 1
        c: 2
        """,
      expected: """
        r.md:1:4: error[FT003]: the map that begins here is not closed or lacks a comma
          help: separate its items with ',' and end it with '}'
        """),
    Case(
      source: "a: @x",
      expected: """
        r.md:1:4: error[FT003]: a value cannot begin with '@'
          help: put the value in quotes
        """),
    Case(
      source: "a: `val`",
      expected: """
        r.md:1:4: error[FT003]: a value cannot begin with '`'
          help: put the value in quotes
        """),
    Case(
      source: """
        - a
        b: 1
        """,
      expected: """
        r.md:2:1: error[FT003]: this line is neither a list item nor part of one
          help: begin it with '- ' as its neighbours, or indent it
        """),
    Case(
      source: "a: *x",
      expected: """
        r.md:1:4: error[FT003]: an alias without an anchor
          help: put the value in quotes, or define the anchor (&name) first
        """),
    Case(
      source: "a: \u{7}",
      expected: """
        r.md:1:4: error[FT003]: control characters are not allowed (U+0007)
          help: delete the character
        """),
    Case(
      source: """
        a: 1
        ---
        b: 2
        """,
      expected: """
        r.md:2:1: error[FT003]: a block contains one document, and '---' begins another
          help: delete the line '---'
        """),
    Case(
      source: """
        a: 1
        a: 2
        """,
      expected: """
        r.md:2:1: error[FT003]: the key 'a' is given twice
          help: it is first given on line 1; keep one of the two
        """),
    Case(
      source: "é: {b: 1, b: 2}",
      expected: """
        r.md:1:12: error[FT003]: the key 'b' is given twice
          help: it is first given on line 1; keep one of the two
        """),
    Case(
      source: """
        x:
          - a: 1
            b: 2
            a: 3
        """,
      expected: """
        r.md:4:5: error[FT003]: the key 'a' is given twice
          help: it is first given on line 2; keep one of the two
        """),
    Case(
      source: """
        1: x
        "1": y
        """,
      expected: """
        r.md:2:1: error[FT003]: the key '1' is given twice
          help: it is first given on line 1; keep one of the two
        """),
    Case(
      source: """
        b:
        - x
         c: 1
        """,
      expected: """
        r.md:3:2: error[FT003]: this line's indentation fits no line above it
          help: keys of one map begin in the same column; line 2 begins in column 1
        """),
    Case(
      source: "a: \"\\q\"",
      expected: """
        r.md:1:5: error[FT003]: an unknown escape in double quotes
          help: use single quotes, in which a backslash is itself
        """),
    Case(
      source: """
        a:b
        c: 1
        """,
      expected: """
        r.md:1:1: error[FT003]: this line is not 'key: value'
          help: write 'a: …', with a space after the colon
        """),
    Case(
      source: "? [a]: b",
      expected: """
        r.md:1:3: error[FT003]: a key must be a word, not a list or a map
          help: quote a value that contains braces or brackets
        """),
    Case(
      source: """
        a: |
         x
        y
        """,
      expected: """
        r.md:3:1: error[FT003]: this line is not 'key: value'
          help: write 'y: …', with a space after the colon
        """),
    Case(
      source: "b: [1,,2]",
      expected: """
        r.md:1:7: error[FT003]: a value is missing here
          help: write the value or delete the comma
        """),
    Case(
      source: """
        a:
        \t- b
        """,
      expected: """
        r.md:2:1: error[FT003]: a tab indents this line
          help: YAML indents with spaces; use two spaces instead of the tab
        """),
    Case(
      source: "q: \"ü\" x",
      expected: """
        r.md:1:9: error[FT003]: text after the end of a value
          help: put the whole value in quotes; inside single quotes, write '' for a quote
        """),
  ]

  @Test("a slip in YAML is explained where it was made", arguments: cases)
  func text(of problem: Case) throws {
    #expect(YAMLSamples.yamlProblem(problem.source) == problem.expected)
  }
}
