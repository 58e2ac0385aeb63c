import Testing

@testable import Engine

@Suite("Word patterns")
struct WordPatternTests {
  private func words(_ pattern: WordPattern, _ text: String) -> [[UInt8]] {
    var words: [[UInt8]] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      PreTokenizer.apply([.pattern(pattern)], to: bytes, isFirst: true) { words.append(Array($0)) }
    }
    return words
  }

  /// Recorded from Hugging Face `tokenizers` 0.23.3, `Split(Regex(…), "isolated")`.
  @Test(
    "a text is cut as the regular expression cuts it",
    arguments: [
      (
        .gpt2,
        ["It", "'s", " we", "'", "LL", " '", "x", " ", " 12345", " six", "!", "\n\n ", " end"]
      ),
      (.gpt2, [" \t\n", " x", "\r\n"]),
      (.gpt2, ["a", "\u{a0}", "b", " \u{bd}\u{663}\u{2167}9", " e", "\u{301}", "\u{e9}"]),
      (.gpt2, [" ", " ?!", "\r", "\n", "ok", " (", "c", ")", "d", "  "]),
      (.gpt2, [" '", " '", "ll", "'"]),
      (.gpt2, ["\n \n"]),
      (.gpt2, ["\u{65e5}\u{672c}", " ", "\u{3000}", "\u{8a9e}", " \u{1f44d}", "x"]),
      (
        .llama3(digits: 3),
        ["It", "'s", " we", "'LL", " '", "x", " ", " ", "123", "45", " six", "!\n\n", " ", " end"]
      ),
      (.llama3(digits: 3), [" \t\n", " x", "\r\n"]),
      (
        .llama3(digits: 3),
        ["a", "\u{a0}b", " ", "\u{bd}\u{663}\u{2167}", "9", " e", "\u{301}\u{e9}"]
      ),
      (.llama3(digits: 3), [" ", " ?!\r\n", "ok", " (", "c", ")d", "  "]),
      (.llama3(digits: 3), [" '", " '", "ll", "'"]),
      (.llama3(digits: 3), ["\n \n"]),
      (.llama3(digits: 3), ["\u{65e5}\u{672c}", " ", "\u{3000}\u{8a9e}", " \u{1f44d}", "x"]),
      (
        .llama3(digits: 1),
        [
          "It", "'s", " we", "'LL", " '", "x", " ", " ", "1", "2", "3", "4", "5", " six", "!\n\n",
          " ", " end",
        ]
      ),
      (.llama3(digits: 1), [" \t\n", " x", "\r\n"]),
      (
        .llama3(digits: 1),
        ["a", "\u{a0}b", " ", "\u{bd}", "\u{663}", "\u{2167}", "9", " e", "\u{301}\u{e9}"]
      ),
      (.llama3(digits: 1), [" ", " ?!\r\n", "ok", " (", "c", ")d", "  "]),
      (.llama3(digits: 1), [" '", " '", "ll", "'"]),
      (.llama3(digits: 1), ["\n \n"]),
      (.llama3(digits: 1), ["'\u{17f}", "a", " \u{17f}"]),
      (.llama3(digits: 1), ["\u{65e5}\u{672c}", " ", "\u{3000}\u{8a9e}", " \u{1f44d}", "x"]),
    ] as [(WordPattern, [String])])
  func cuts(pattern: WordPattern, expected: [String]) {
    #expect(words(pattern, expected.joined()) == expected.map { Array($0.utf8) })
  }

  @Test(
    "every character stands in some word", arguments: [.gpt2, .llama3(digits: 3)] as [WordPattern])
  func coverage(pattern: WordPattern) {
    for value in stride(from: 0 as UInt32, through: 0x10FFFF, by: 37) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a\(scalar)1 \(scalar)\(scalar)\t\(scalar)"
      #expect(words(pattern, text).flatMap { $0 } == Array(text.utf8))
    }
  }

  @Test("an unknown expression is not taken for a known one")
  func unknown() {
    #expect(WordPattern(expression: #"\s+"#) == nil)
    #expect(WordPattern(expression: #"\p{N}"#) == nil)
  }
}
