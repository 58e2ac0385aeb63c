import Engine

/// Labelled examples written out as the text that precedes a prompt.
struct Demonstrations {
  /// The tokens of the demonstrations, special tokens included.
  let tokens: [Int32]
  let count: Int
  /// How many there were to take.
  let offered: Int

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
