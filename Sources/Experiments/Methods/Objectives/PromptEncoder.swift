package import Engine

/// Turns examples into token sequences through a pattern.
struct PromptEncoder: Sendable {
  let pattern: Pattern
  let tokenizer: any Tokenizer
  /// Longest prompt, in tokens.
  let limit: Int
  /// Whether the end of a text over the limit is kept, where an answer follows; an encoder reads the
  /// beginning, as Transformers' tokenizers cut.
  private let keepsEnd: Bool
  /// What is cut off instead; nil for the usual.
  let side: TruncationSide?
  /// Whether every token sees the whole text.
  var readsBothSides: Bool { !keepsEnd }

  init(_ context: ObjectiveContext, pattern name: String) throws(TaskError) {
    pattern = try context.task.pattern(named: name)
    tokenizer = context.tokenizer
    limit = context.maximumTokens
    keepsEnd = !context.model.description.isBidirectional
    side = context.truncation.side
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
    var text = pattern.text(for: example)
    if let side, pattern.name != TaskDefinition.plainPattern {
      let room = (limit ?? self.limit) - suffix.count
      text = pattern.text(for: fitting(example, room, side, special: special))
    }
    return tokens(text, special: special, followedBy: suffix, limit: limit)
  }

  /// An example of which so much is cut off that its prompt has at most `room` tokens: a pattern
  /// around a text stays whole.
  private func fitting(
    _ example: Example, _ room: Int, _ side: TruncationSide, special: Bool
  ) -> Example {
    var example = example
    func fits(_ example: Example) -> Bool {
      let text = pattern.text(for: example).trimmingTrailingBlanks()
      // A token has at least one byte.
      return text.utf8.count <= room - 8
        || tokenizer.encode(text, addingSpecialTokens: special).count <= room
    }
    let longest = example.fields.indices.sorted {
      example.fields[$0].utf8.count > example.fields[$1].utf8.count
    }
    for field in longest where !fits(example) {
      let whole = Array(example.fields[field])
      var (kept, tooMany) = (0, whole.count)
      while kept + 1 < tooMany {
        let middle = (kept + tooMany) / 2
        example.fields[field] = Self.cut(whole, to: middle, side)
        if fits(example) { kept = middle } else { tooMany = middle }
      }
      example.fields[field] = Self.cut(whole, to: kept, side)
    }
    return example
  }

  private static func cut(_ text: [Character], to kept: Int, _ side: TruncationSide) -> String {
    String(text.indices.lazy.filter { side.keeps($0, kept, text.count) }.map { text[$0] })
  }

  /// The tokens of an example's two texts, as the tokenizer puts a pair together; the ends of texts over
  /// the limit, or what ``side`` says, are cut off, the longer one's first.
  func pair(of example: Example) -> TokenSequence {
    let pair = tokenizer.encode(
      example.fields[0], pair: example.fields[1], addingSpecialTokens: true
    ).truncated(to: limit, side: side ?? .right)
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
      if let side {
        return cut(trimmed, tokens, suffix: suffix.count, to: limit, side)
      }
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

extension PromptEncoder {
  /// The tokens of a text without some of its own; what the tokenizer puts around it and what follows it stay.
  private func cut(
    _ text: String, _ tokens: [Int32], suffix: Int, to limit: Int, _ side: TruncationSide
  ) -> [Int32] {
    let own = tokenizer.encode(text, addingSpecialTokens: false)
    let around = max(0, tokens.count - suffix - own.count)
    let start = (0...around).first { tokens[$0...].starts(with: own) } ?? 0
    let kept = max(0, limit - around - suffix)
    let cut = tokens.indices.filter {
      $0 < start || $0 >= start + own.count || side.keeps($0 - start, kept, own.count)
    }
    return cut.suffix(limit).map { tokens[$0] }
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
  func cutTextsWords(
    of examples: [[String]], _ tokenizer: any Tokenizer, _ truncation: Truncation
  ) -> String? {
    let count = cutTexts(of: examples, tokenizer)
    guard count > 0 else { return nil }
    return "\(count) of \(examples.count) texts \(count == 1 ? "is" : "are") longer than the "
      + "\(description.maximumPositions) tokens that the model reads: "
      + "\(truncation.words(isEncoder: description.isBidirectional)) cut off"
  }
}

extension TaskFacts.LongTexts {
  /// Counts the texts of a task that a model does not read whole.
  package init(of task: LoadedTask, for folder: ModelFolder, _ tokenizer: any Tokenizer) {
    let groups =
      [(TaskDefinition.trainingRole, task.training)]
      + task.evaluations.map { ($0.name, $0.examples) }
    let counts = groups.map { name, examples in
      (name, folder.cutTexts(of: examples.map(\.fields), tokenizer))
    }
    self.init(
      limit: folder.description.maximumPositions,
      counts: Dictionary(counts.filter { $0.1 > 0 }, uniquingKeysWith: { first, _ in first }),
      isEncoder: folder.description.isBidirectional)
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
