import Engine

/// Hides tokens of texts that an encoder learns to predict.
///
/// Devlin et al. 2019, arXiv:1810.04805, section 3.1: every token of a text, those around it excepted, is
/// chosen with a probability of 15 %; of the chosen ones 80 % become the mask, 10 % another token drawn
/// evenly from the vocabulary, and 10 % stay. Every epoch draws anew (Liu et al. 2019, arXiv:1907.11692,
/// section 4.1). A text of which none is chosen has one chosen evenly.
struct TokenMasking {
  static let share = 0.15
  private static let maskShare = 0.8
  private static let randomShare = 0.1

  /// A text with hidden tokens, and what they were.
  struct Hidden: Hashable, Sendable {
    let sequence: TokenSequence
    let targets: [Int]
  }

  private let mask: Int32
  private let vocabularySize: Int
  /// Tokens that are put around a text.
  private let around: Set<Int32>
  private let seed: UInt64

  /// - Parameters:
  ///   - tokenizer: Of the model.
  ///   - vocabularySize: Of the model's.
  ///   - seed: Of the choices.
  /// - Throws: ``MethodError`` where the tokenizer has no mask.
  init(
    _ tokenizer: any Tokenizer, vocabularySize: Int, seed: UInt64
  ) throws(MethodError) {
    guard let mask = tokenizer.maskToken.flatMap(tokenizer.id(of:)) else {
      throw MethodError(.noMaskToken)
    }
    self.mask = mask
    self.vocabularySize = vocabularySize
    around = Set(tokenizer.encode("", addingSpecialTokens: true))
    self.seed = seed
  }

  /// Whether a text has a token to hide.
  func canHide(_ text: [Int32]) -> Bool { text.contains { !around.contains($0) } }

  /// A text as an epoch reads it.
  ///
  /// - Parameters:
  ///   - text: With a token to hide.
  ///   - index: Of the text.
  ///   - epoch: Counted from 0.
  /// - Returns: The text with at least one hidden token.
  func hidden(_ text: [Int32], index: Int, epoch: Int) -> Hidden {
    var random = RandomStream(
      seed: seed, purpose: "masks of pre-training epoch \(epoch), text \(index)")
    let own = text.indices.filter { !around.contains(text[$0]) }
    var chosen = own.filter { _ in random.uniform() < Self.share }
    if chosen.isEmpty { chosen = [own[random.index(below: own.count)]] }
    var tokens = text
    for place in chosen {
      let kind = random.uniform()
      if kind < Self.maskShare {
        tokens[place] = mask
      } else if kind < Self.maskShare + Self.randomShare {
        tokens[place] = Int32(random.index(below: vocabularySize))
      }
    }
    return Hidden(
      sequence: TokenSequence(tokens, masks: chosen), targets: chosen.map { Int(text[$0]) })
  }
}
