import Engine

/// Labelled examples written out as the text that precedes a prompt.
struct Demonstrations {
  /// The tokens of the demonstrations, special tokens included.
  let tokens: [Int32]
  let count: Int

  /// Takes as many of the first `limit` examples as fit beside a prompt.
  ///
  /// Each demonstration with the line breaks behind it is tokenized as a text of its own, and so is
  /// the prompt: one stored prefix then serves every prompt. It stops at the first that does not
  /// fit, since samples alternate between classes and skipping long texts would not.
  ///
  /// - Parameters:
  ///   - examples: In the order of the sample.
  ///   - limit: Most demonstrations to take.
  ///   - room: Tokens left for them by the longest prompt.
  ///   - encoder: Writes them out.
  init(_ examples: [Example], limit: Int, room: Int, encoder: PromptEncoder) {
    let pattern = encoder.pattern
    var tokens: [Int32] = []
    var count = 0
    for example in examples.prefix(limit) {
      let text = pattern.demonstration(of: example) + pattern.separator
      let next = encoder.tokenizer.encode(text, addingSpecialTokens: tokens.isEmpty)
      guard tokens.count + next.count <= room else { break }
      tokens += next
      count += 1
    }
    self.tokens = tokens
    self.count = count
  }
}
