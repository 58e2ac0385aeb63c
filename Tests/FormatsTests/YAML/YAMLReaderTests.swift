import Testing

@testable import Formats

@Suite struct YAMLReaderTests {
  private func fields(_ yaml: String, at position: SourcePosition = YAMLSamples.start) throws
    -> [YAMLField]
  {
    guard case .map(let fields)? = try YAMLReader.read(yaml, at: position)?.content else {
      Issue.record("not a map: \(yaml)")
      return []
    }
    return fields
  }

  @Test(
    "plain scalars take the types of the core schema, and quotes make text",
    arguments: [
      ("no", .text), ("yes", .text), ("true", .flag(true)), ("False", .flag(false)),
      ("~", .null), ("", .null), ("12", .integer(12)), ("-3", .integer(-3)), ("+4", .integer(4)),
      ("0x1F", .integer(31)), ("0o17", .integer(15)), ("1e-5", .number(1e-5)),
      ("1.5", .number(1.5)), (".inf", .number(.infinity)), ("0..9", .text), ("-", .text),
      ("2024-05-01", .text), ("'12'", .text), ("\"true\"", .text), ("e", .text), ("1e", .text),
      ("--1", .text), ("99999999999999999999", .number(1e20)),
    ] as [(String, YAMLValue.Content)])
  func schema(written: String, content: YAMLValue.Content) throws {
    let value = written == "-" ? "a: '-'" : "a: \(written)"
    #expect(try fields(value).first?.value.content == content)
  }

  @Test("keys and values know line and column, in UTF-8 bytes")
  func positions() throws {
    let yaml = "é: ü\nlist: [ö, x]\n# Ö\nmap:\n  key: value\n"
    let found = try fields(yaml)
    #expect(found.map(\.position.description) == ["r.md:1:1", "r.md:2:1", "r.md:4:1"])
    #expect(found[0].value.position.description == "r.md:1:5")
    guard case .list(let items) = found[1].value.content,
      case .map(let inner) = found[2].value.content
    else {
      Issue.record("structure lost")
      return
    }
    #expect(items.map(\.position.column) == [8, 12])
    #expect(inner[0].position.description == "r.md:5:3")
    #expect(inner[0].value.position.description == "r.md:5:8")
  }

  @Test("a block inside the file, indented in a list, keeps the file's places")
  func origin() throws {
    let found = try fields("a: 1\nb: 2", at: SourcePosition(file: "r.md", line: 41, column: 3))
    #expect(found.map(\.position.description) == ["r.md:41:3", "r.md:42:3"])
    #expect(found.map(\.value.position.column) == [6, 6])
  }

  @Test("line breaks only YAML knows do not shift later lines")
  func exoticBreaks() throws {
    let found = try fields("a: \"x\u{2028}y\u{85}z\"\r\nb: 2\n")
    #expect(found[1].position.description == "r.md:2:1")
  }

  @Test("quotes, escapes and folding keep the place of each byte")
  func textPlaces() throws {
    let found = try fields(
      "a: 'it''s {{x}}'\nb: >-\n  one\n  {{y}}\nc: |\n  p\n\n  {{z}}\nd: é  {{w}}")
    let places = try found.map { field in
      let source = field.value.source
      let text = Array(source.text.utf8)
      let brace = try #require(text.firstIndex(of: UInt8(ascii: "{")))
      let name = source.slice((brace + 2)..<(brace + 3))
      return "\(name.text) \(name.position)"
    }
    #expect(places == ["x r.md:1:13", "y r.md:4:5", "z r.md:8:5", "w r.md:9:10"])
  }

  @Test(
    "escapes, anchors, tags and doubled quotes keep the place of what follows",
    arguments: [
      (#"a: "\u00e9\tb\x41 {{x}}""#, "r.md:1:21"), (#"a: "é\U0001F600 ö {{x}}""#, "r.md:1:23"),
      ("a: \"p\\\n  q {{x}}\"", "r.md:2:7"), ("a: \"b\u{85} c {{x}}\"", "r.md:1:13"),
      ("a: &anchor abc {{x}}", "r.md:1:18"), ("a: !!str 'it''s'' {{x}}'", "r.md:1:21"),
      ("a: &anchor |\n  & p\n   {{x}}\n", "r.md:3:6"), (#"a: "\"\\ {{x}}""#, "r.md:1:12"),
      ("a: &b\n  \"{{x}}\"", "r.md:2:6"),
    ])
  func escapes(yaml: String, place: String) throws {
    let source = try #require(try fields(yaml).first).value.source
    let text = Array(source.text.utf8)
    let brace = try #require(text.firstIndex(of: UInt8(ascii: "{")))
    #expect(source.slice((brace + 2)..<(brace + 3)).position.description == place)
    #expect(source.position(at: brace + 2).description == place)
  }

  @Test("a line of a megabyte is read at once, each item with its place")
  func longLine() throws {
    var yaml = "{"
    var places: [[Int]] = []
    for number in 0..<45_000 {
      places.append([yaml.utf8.count + 1])
      yaml += "ключ\(number): "
      places[number].append(yaml.utf8.count + 1)
      yaml += number.isMultiple(of: 2) ? #""\u00e9 ö", "# : "été \(number), "
    }
    yaml += "last: 1}"
    #expect(yaml.utf8.count > 1_000_000)
    let found = try fields(yaml, at: SourcePosition(file: "r.md", line: 1))
    #expect(found.dropLast().map { [$0.position.column, $0.value.position.column] } == places)
    let escaped = found[44_998].value.source
    #expect(escaped.text == "é ö")
    #expect(escaped.position(at: 3).column == places[44_998][1] + 8)
    let words = [String](repeating: "ö\\u00e9", count: 100_000).joined()
    let text = try #require(try fields("a: \"\(words)\"").first).value.source
    #expect(text.position(at: 4 * 99_999 + 2).column == 5 + 8 * 99_999 + 2)
  }

  @Test("unquoted braces around one name are text, not a map of a map")
  func bareBraces() throws {
    let found = try fields("a: {{params.x}}\nb: [{{params.y}}, 2]")
    #expect(found[0].value.source.text == "{{params.x}}")
    #expect(found[0].value.content == .text)
    guard case .list(let items) = found[1].value.content else {
      Issue.record("not a list")
      return
    }
    #expect(items[0].source.text == "{{params.y}}")
    #expect(items[0].position.column == 5)
  }

  @Test("blank documents are nothing", arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
  func blank(yaml: String) throws {
    #expect(try YAMLReader.read(yaml, at: YAMLSamples.start) == nil)
  }

  @Test("nesting beyond the limit is rejected, however it is written")
  func nesting() {
    let documents = [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
      String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 50_000),
      (0..<500).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
      (0..<500).map { String(repeating: " ", count: $0) + "-" }.joined(separator: "\n"),
      String(repeating: "[\n\n", count: 5000),
    ]
    for (index, document) in documents.enumerated() {
      let problem = YAMLSamples.yamlProblem(document)
      #expect(problem?.contains("nested deeper than 64") == true, "document \(index)")
    }
  }

  @Test("aliases cannot blow a small document up")
  func aliases() {
    var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...7 {
      let list = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      yaml += "a\(level): &a\(level) [\(list)]\n"
    }
    #expect(
      YAMLSamples.yamlProblem(yaml)?.contains("more than 100000 values in one block") == true)
  }
}
