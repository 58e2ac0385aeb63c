/// Finds the slip behind a scanner's complaint, which often shows only a line later.
struct YAMLSlip {
  let source: YAMLSource
  let problem: String
  let context: String
  let offset: Int
  let contextOffset: Int?

  var diagnostic: Diagnostic {
    tabbedIndent ?? unclosed ?? missingColon ?? unquotedBraces ?? wrongIndent ?? unquotedValue
      ?? Diagnostic(
        .malformedYAML, at: position(min(offset, source.bytes.count)),
        context.isEmpty ? problem : "\(problem) \(context)")
  }

  private func position(_ offset: Int) -> SourcePosition { source.position(at: offset) }

  private var lineIndex: Int { source.lineIndex(at: offset) }

  /// The nearest line above that is neither blank nor a comment.
  private var lineAbove: Int? {
    (0..<lineIndex).last {
      let text = source.line($0).drop { $0 == " " }
      return !text.isEmpty && !text.starts(withBytes: "#")
    }
  }

  private func indent(_ line: Int) -> Int { source.line(line).prefix { $0 == " " }.utf8.count }

  private var tabbedIndent: Diagnostic? {
    for line in 0...lineIndex {
      let space = source.line(line).prefix { $0 == " " || $0 == "\t" }
      guard space.utf8.count < source.line(line).utf8.count,
        let tab = space.utf8.firstIndex(of: UInt8(ascii: "\t"))
      else { continue }
      let column = space.utf8.distance(from: space.startIndex, to: tab)
      return Diagnostic(
        .malformedYAML, at: position(source.lineStart(line) + column),
        "a tab indents this line",
        help: "YAML indents with spaces; use two spaces instead of the tab")
    }
    return nil
  }

  private var unclosed: Diagnostic? {
    guard let contextOffset else { return nil }
    if problem.contains("unexpected end of stream"), context.contains("quoted scalar") {
      return Diagnostic(
        .malformedYAML, at: position(contextOffset), "this quote is never closed",
        help: "end the value with the quote it begins with")
    }
    for (close, what) in [("]", "list"), ("}", "map")]
    where problem.hasSuffix("'\(close)'") && !lineHasBraces(contextOffset) {
      return Diagnostic(
        .malformedYAML, at: position(contextOffset),
        "the \(what) that begins here is not closed or lacks a comma",
        help: "separate its items with ',' and end it with '\(close)'")
    }
    return nil
  }

  private var missingColon: Diagnostic? {
    if problem.contains("could not find expected ':'"), let contextOffset {
      return missingColon(onLine: source.lineIndex(at: contextOffset))
    }
    guard problem.contains("mapping values are not allowed"), let above = lineAbove,
      indent(above) == indent(lineIndex), !source.line(above).hasKey
    else { return nil }
    return missingColon(onLine: above)
  }

  private func missingColon(onLine line: Int) -> Diagnostic {
    let text = source.line(line)
    let word = text.drop { $0 == " " }.prefix { $0 != " " && $0 != ":" }
    return Diagnostic(
      .malformedYAML, at: position(source.lineStart(line) + indent(line)),
      "this line is not 'key: value'", help: "write '\(word): …', with a space after the colon")
  }

  private var unquotedBraces: Diagnostic? {
    guard let line = [offset, contextOffset ?? offset].first(where: lineHasBraces) else {
      return nil
    }
    let text = source.line(source.lineIndex(at: line))
    guard let brace = text.firstRange(of: "{{") else { return nil }
    let column = text.utf8.distance(from: text.startIndex, to: brace.lowerBound)
    return Diagnostic(
      .malformedYAML, at: position(source.lineStart(source.lineIndex(at: line)) + column),
      "'{{' with text around it needs quotes here",
      help: "put the whole value in double quotes: \"{{params.name}}/more\"")
  }

  private func lineHasBraces(_ offset: Int) -> Bool {
    source.line(source.lineIndex(at: offset)).contains(bytes: "{{")
  }

  private var wrongIndent: Diagnostic? {
    guard let above = lineAbove else { return nil }
    if problem.contains("'-' indicator") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "this line is neither a list item nor part of one",
        help: "begin it with '- ' as its neighbours, or indent it")
    }
    let isFirst = offset - source.lineStart(lineIndex) == indent(lineIndex)
    let isDeeper =
      problem.contains("mapping values are not allowed") && indent(lineIndex) > indent(above)
    guard isDeeper || (isFirst && problem.hasPrefix("did not find expected")) else { return nil }
    return Diagnostic(
      .malformedYAML, at: position(source.lineStart(lineIndex) + indent(lineIndex)),
      "this line's indentation fits no line above it",
      help:
        "keys of one map begin in the same column; line \(position(source.lineStart(above)).line)"
        + " begins in column \(indent(above) + 1)")
  }

  private var unquotedValue: Diagnostic? {
    if problem.contains("mapping values are not allowed") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "a second ': ' on one line",
        help: "put the value in quotes")
    }
    if problem.contains("cannot start any token"), offset < source.bytes.count {
      let character = String(decoding: source.bytes[offset...].prefix(1), as: UTF8.self)
      return Diagnostic(
        .malformedYAML, at: position(offset), "a value cannot begin with '\(character)'",
        help: "put the value in quotes")
    }
    if problem.contains("did not find expected key") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "text after the end of a value",
        help: "put the whole value in quotes; inside single quotes, write '' for a quote")
    }
    if problem.contains("expected node content") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "a value is missing here",
        help: "write the value or delete the comma")
    }
    if problem.contains("unknown escape") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "an unknown escape in double quotes",
        help: "use single quotes, in which a backslash is itself")
    }
    if problem.contains("undefined alias") {
      return Diagnostic(
        .malformedYAML, at: position(offset), "an alias without an anchor",
        help: "put the value in quotes, or define the anchor (&name) first")
    }
    if problem.contains("another document") {
      return Diagnostic(
        .malformedYAML, at: position(offset),
        "a block contains one document, and '---' begins another",
        help: "delete the line '---'")
    }
    return nil
  }
}

extension String {
  /// Whether a line holds a key: a colon with a space or nothing after it.
  fileprivate var hasKey: Bool { contains(bytes: ": ") || ends(withBytes: ":") }
}
