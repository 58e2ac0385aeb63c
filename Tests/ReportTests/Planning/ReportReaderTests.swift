import Testing

@testable import Formats
@testable import Report

@Suite struct ReportReaderTests {
  private func reading(_ body: String, who: String = "reader") throws -> ReportReader.Reading {
    let front = "---\ntitle: T\nparams:\n  who: \(who)\n---\n"
    return ReportReader().read(try ReportSource(file: "study.md", text: front + body))
  }

  /// The body's document as a tree, which must have no mistake.
  private func tree(_ body: String, who: String = "reader") throws -> String {
    let reading = try reading(body, who: who)
    #expect(reading.diagnostics == [])
    return TreeText(try #require(reading.report?.document)).text
  }

  @Test(
    "parameters are written into prose as the front matter has them",
    arguments: ["reader", "3", "1.5", "true", "[2, 4]"])
  func prose(value: String) throws {
    #expect(
      try tree("Dear {{params.who}} and *{{ params.who }}*.", who: value) == """
        paragraph
          text "Dear \(value) and "
          emphasis
            text "\(value)"
          text "."

        """)
  }

  @Test("a parameter stands in for part of an inline value")
  func inlineValue() throws {
    #expect(
      try tree("`{val} small[{{params.who}}].ood.accuracy`").contains(
        "value \"small[reader].ood.accuracy\""))
  }

  @Test("a code span keeps its braces, and other double braces are left alone")
  func literal() throws {
    #expect(
      try tree("`{{params.who}}` {{other}} {{") == """
        paragraph
          code "{{params.who}}"
          text " {{other}} {{"

        """)
  }

  @Test("a value of a parameter is text, never markup")
  func noMarkup() throws {
    #expect(try tree("{{params.who}}", who: "'*a* <b>'").contains("text \"*a* <b>\""))
  }

  @Test("an unknown parameter in prose is a mistake where it stands")
  func unknown() throws {
    let reading = try reading("# Title\n\nDear {{params.whom}}.")
    #expect(
      reading.diagnostics.map(\.description) == [
        """
        study.md:8:8: error[FT013]: no parameter is named 'whom'
          help: did you mean 'who'?
        """
      ])
    #expect(reading.hasErrors)
  }
}
