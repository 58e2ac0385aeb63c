import Testing

@testable import Plot

/// Texts as gd reads them.
@Suite struct TypesetterTests {
  @Test(
    "what gd would read as something else is written so that it does not",
    arguments: [
      ("a & b", "a &amp; b"), ("&lt;", "&amp;lt;"), ("gut, schön 😀", "gut, schön \u{25A1}"),
      ("two\nlines\tand\u{2028}more", "two lines and more"), ("👩‍🔬", "\u{25A1}\u{25A1}"),
      ("– „mies“", "– „mies“"), ("❤️", "❤"),
    ])
  func escaped(text: String, expected: String) {
    #expect(Typesetter.escaped(text) == expected)
  }
}
