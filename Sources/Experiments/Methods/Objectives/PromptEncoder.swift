import Engine

/// Turns examples into token sequences through a pattern.
struct PromptEncoder: Sendable {
  let pattern: Pattern
  let tokenizer: any Tokenizer
  /// Longest prompt, in tokens.
  let limit: Int

  init(_ context: ObjectiveContext, pattern name: String) throws(TaskError) {
    pattern = try context.task.pattern(named: name)
    tokenizer = context.tokenizer
    limit = context.maximumTokens
  }

  /// The tokens of an example's text; a text over the limit keeps its first token and its end.
  ///
  /// Blanks at the end are dropped: tokenizers attach a blank to the word after it, so a prompt that
  /// ends in one asks for a word the model never saw in that place.
  func prompt(
    for example: Example, special: Bool = true, followedBy suffix: [Int32] = [],
    limit: Int? = nil
  ) -> [Int32] {
    tokens(pattern.text(for: example), special: special, followedBy: suffix, limit: limit)
  }

  func tokens(
    _ text: String, special: Bool, followedBy suffix: [Int32] = [], limit: Int? = nil
  ) -> [Int32] {
    let trimmed = text.trimmingTrailingBlanks()
    var tokens = tokenizer.encode(trimmed, addingSpecialTokens: special) + suffix
    let limit = limit ?? self.limit
    if tokens.count > limit {
      let keepsFirst = special && limit > 1
      tokens = (keepsFirst ? [tokens[0]] : []) + tokens.suffix(limit - (keepsFirst ? 1 : 0))
    }
    // An empty text without special tokens still needs one token to ask about.
    return tokens.isEmpty ? [Int32(tokenizer.beginToken ?? tokenizer.endToken ?? 0)] : tokens
  }
}

extension String {
  /// The string without the blanks and line breaks at its end.
  fileprivate func trimmingTrailingBlanks() -> String {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return String(self[..<end])
  }
}

extension Tokenizer {
  /// The tokens of a text that follows another: those that it adds to a neutral word.
  func continuation(_ text: String) -> [Int32] {
    let neutral = encode("x", addingSpecialTokens: false)
    return Array(encode("x" + text, addingSpecialTokens: false).dropFirst(neutral.count))
  }
}

/// The tokens that stand for a task's classes.
struct LabelWords: Hashable, Sendable {
  /// One vocabulary id a class, all different.
  let ids: [Int]
  /// Tokens all label words begin with; they end every prompt so that the next token decides.
  let shared: [Int32]

  /// Finds the first token at which the label words differ.
  ///
  /// - Parameters:
  ///   - pattern: Names the words.
  ///   - tokenizer: The model's.
  /// - Throws: ``MethodError`` when the pattern has no words, or the tokenizer does not know them or cannot tell them
  ///   apart.
  init(_ pattern: Pattern, tokenizer: any Tokenizer) throws(MethodError) {
    let words = pattern.labelWords
    guard !words.isEmpty else {
      throw MethodError(.patternHasNoLabelWords(pattern.name), option: PatternChoice.option.name)
    }
    let continuations = pattern.continuations.map { tokenizer.continuation($0) }
    if let unknown = tokenizer.unknownToken,
      let index = continuations.firstIndex(where: { $0.contains(unknown) })
    {
      throw MethodError(.unknownLabelWord(words[index]), option: PatternChoice.option.name)
    }
    let shortest = continuations.map { $0.count }.min() ?? 0
    let common = (0..<shortest).prefix { i in
      continuations.allSatisfy { $0[i] == continuations[0][i] }
    }.count
    let ids = continuations.compactMap { $0.count > common ? Int($0[common]) : nil }
    guard ids.count == words.count, Set(ids).count == ids.count else {
      throw MethodError(.indistinctLabelWords(words), option: PatternChoice.option.name)
    }
    self.ids = ids
    shared = Array(continuations[0].prefix(common))
  }
}
