import Testing

@testable import Formats

@Suite struct SuggestionTests {
  @Test(
    "a suggestion is made for slips only",
    arguments: [
      ("chrat", "chart"), ("Chart", "chart"), ("tables", "table"), ("experment", "experiment"),
      ("x", nil), ("banana", nil),
    ])
  func suggestions(word: String, expected: String?) {
    #expect(
      Suggestion.closest(to: word, in: ["chart", "experiment", "table"]) == expected)
  }
}
