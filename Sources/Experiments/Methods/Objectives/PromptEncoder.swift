import Engine

/// Turns examples into token sequences through a pattern.
struct PromptEncoder: Sendable {
  let pattern: Pattern
  let tokenizer: any Tokenizer
  /// Longest prompt, in tokens.
  let limit: Int
  /// Whether the end of a text over the limit is kept, where an answer follows; an encoder reads the
  /// beginning, as Transformers' tokenizers cut.
  private let keepsEnd: Bool
  /// Whether every token sees the whole text.
  var readsBothSides: Bool { !keepsEnd }

  init(_ context: ObjectiveContext, pattern name: String) throws(TaskError) {
    pattern = try context.task.pattern(named: name)
    tokenizer = context.tokenizer
    limit = context.maximumTokens
    keepsEnd = !context.model.description.isBidirectional
  }

  /// The tokens of an example's text; of a text over the limit a decoder reads the first token and the
  /// end, an encoder the beginning and the last token.
  ///
  /// Blanks at the end are dropped: tokenizers attach a blank to the word after it, so a prompt that
  /// ends in one expects a word that the model never saw in that place.
  func prompt(
    for example: Example, special: Bool = true, followedBy suffix: [Int32] = [],
    limit: Int? = nil
  ) -> [Int32] {
    tokens(pattern.text(for: example), special: special, followedBy: suffix, limit: limit)
  }

  /// The tokens of an example's two texts, as the tokenizer puts a pair together; the ends of texts over
  /// the limit are cut off, the longer one's first.
  func pair(of example: Example) -> TokenSequence {
    let pair = tokenizer.encode(
      example.fields[0], pair: example.fields[1], addingSpecialTokens: true
    ).truncated(to: limit)
    guard !pair.ids.isEmpty else { return TokenSequence([emptyText]) }
    return TokenSequence(pair.ids, types: pair.typeIDs)
  }

  /// What stands for a text without tokens.
  private var emptyText: Int32 { tokenizer.beginToken ?? tokenizer.endToken ?? 0 }

  func tokens(
    _ text: String, special: Bool, followedBy suffix: [Int32] = [], limit: Int? = nil
  ) -> [Int32] {
    let trimmed = text.trimmingTrailingBlanks()
    var tokens = tokenizer.encode(trimmed, addingSpecialTokens: special) + suffix
    let limit = limit ?? self.limit
    if tokens.count > limit {
      let keepsFirst = special && limit > 1
      guard keepsEnd else {
        return Array(tokens.prefix(limit - (keepsFirst ? 1 : 0)))
          + (keepsFirst ? tokens.suffix(1) : [])
      }
      tokens = (keepsFirst ? [tokens[0]] : []) + tokens.suffix(limit - (keepsFirst ? 1 : 0))
    }
    // An empty text without special tokens still needs one token.
    return tokens.isEmpty ? [emptyText] : tokens
  }
}

extension ModelFolder {
  /// How many examples have more tokens than the model reads at once; what exceeds them is cut off.
  func cutTexts(of examples: [[String]], _ tokenizer: any Tokenizer) -> Int {
    examples.count { texts in
      // A token has at least one byte.
      texts.reduce(0) { $0 + $1.utf8.count } >= description.maximumPositions - 8
        && tokenizer.encode(texts.joined(separator: " "), addingSpecialTokens: true).count
          > description.maximumPositions
    }
  }

  /// The same in a sentence; nil for none.
  func cutTextsWords(of examples: [[String]], _ tokenizer: any Tokenizer) -> String? {
    let count = cutTexts(of: examples, tokenizer)
    guard count > 0 else { return nil }
    return "\(count) of \(examples.count) texts \(count == 1 ? "is" : "are") longer than the "
      + "\(description.maximumPositions) tokens that the model reads: "
      + (description.isBidirectional ? "their ends are" : "what precedes their ends is")
      + " cut off"
  }
}

extension Tokenizer {
  /// The tokens of a text that follows another: those that it adds to a neutral word.
  func continuation(_ text: String) -> [Int32] {
    let neutral = encode("x", addingSpecialTokens: false)
    return Array(encode("x" + text, addingSpecialTokens: false).dropFirst(neutral.count))
  }
}

/// The tokens of a task's label words.
struct LabelWords: Hashable, Sendable {
  /// One vocabulary id per class, all different.
  let ids: [Int]
  /// Tokens all label words begin with; they end every prompt so that the next token decides.
  let shared: [Int32]

  /// Finds the first token at which the label words differ.
  ///
  /// - Parameters:
  ///   - pattern: Names the words.
  ///   - tokenizer: The model's.
  /// - Throws: ``MethodError`` when the pattern has no words, or the tokenizer does not know
  ///   or distinguish them.
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

/// Labelled examples written out as the text that precedes a prompt.
struct Demonstrations {
  /// The tokens of the demonstrations, special tokens included.
  let tokens: [Int32]
  let count: Int
  /// How many there were to take.
  let offered: Int

  /// Takes as many of the first `limit` examples as fit beside a prompt.
  ///
  /// Each demonstration with its trailing line breaks is tokenized as a separate text, and so is
  /// the prompt: one stored prefix then serves every prompt. It stops at the first that does not
  /// fit, since samples alternate between classes and skipping long texts would not.
  ///
  /// - Parameters:
  ///   - examples: In the order of the sample.
  ///   - limit: Most demonstrations to take.
  ///   - room: Tokens left for them by the longest prompt.
  ///   - tokenizer: The model's.
  ///   - text: Writes one out, with what separates it from the next.
  init(
    _ examples: [Example], limit: Int, room: Int, tokenizer: any Tokenizer,
    text: (Example) -> String
  ) {
    var tokens: [Int32] = []
    var count = 0
    for example in examples.prefix(limit) {
      let next = tokenizer.encode(text(example), addingSpecialTokens: tokens.isEmpty)
      guard tokens.count + next.count <= room else { break }
      tokens += next
      count += 1
    }
    self.tokens = tokens
    self.count = count
    offered = min(limit, examples.count)
  }

  /// The same, each as the encoder's pattern has it, with its label word.
  init(_ examples: [Example], limit: Int, room: Int, encoder: PromptEncoder) {
    let pattern = encoder.pattern
    self.init(examples, limit: limit, room: room, tokenizer: encoder.tokenizer) {
      pattern.demonstration(of: $0) + pattern.separator
    }
  }

  /// What the model keeps of them for every prompt that follows; nil where there are none.
  func read(by model: Transformer<Float>) -> KeyValueCache<Float>? {
    guard count > 0 else { return nil }
    let cache = KeyValueCache<Float>(
      model.description, capacity: tokens.count, in: model.ledger)
    _ = model.hiddenStates(
      PackedBatch([tokens]), .lastTokens, cache: cache, storing: true,
      on: Tape<Float>(ledger: model.ledger))
    return cache
  }
}
