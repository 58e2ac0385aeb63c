package import Engine

/// How long the methods of a study take, from counts of their arithmetic.
///
/// `2 N` operations a token forward and `4 N` backward, half of those where weights stay as they are, with
/// N the numbers outside of embeddings (Kaplan et al. 2020, arXiv:2001.08361, section 2.1).
package struct StudyTime {
  /// Operations a second of one core, somewhat below what training small encoders was measured at
  /// (9e10 to 1.1e11 on a core with AVX-512).
  private static let rate = 7.5e10
  /// Seconds of a run whatever it does: its worker loads the model and scores.
  private static let start = 0.2
  /// Tokens of a word, and those around a text.
  private static let tokensPerWord = 1.4
  private static let marks = 2.0

  private let numbers: Double
  private let tokens: Double
  private let rows: Double
  private let scored: Double

  /// Prepares to count.
  ///
  /// - Parameters:
  ///   - model: What is adapted.
  ///   - words: Of a text in the middle.
  ///   - rows: That a run trains on.
  ///   - scored: Rows that a run is scored on.
  package init(_ model: ModelDescription, words: Int, rows: Int, scored: Int) {
    let embeddings = model.vocabularySize * model.embeddingWidth
    numbers = Double(max(0, model.parameterCount - embeddings))
    tokens = Double(words) * Self.tokensPerWord + Self.marks
    self.rows = Double(rows)
    self.scored = Double(scored)
  }

  /// Core seconds of one run of a method.
  package func seconds(of method: Method) -> Double {
    guard method.readsModel else { return Self.start }
    let scoring = 2 * numbers * tokens * scored
    guard method.trains else { return Self.start + scoring / Self.rate }
    let operations = method.adaptation == FullAdaptation.name ? 6.0 : 4.0
    let epochs = Double(method.options.value(of: TrainingOptions.epochs) ?? 1)
    // An epoch of pairs takes two texts for each of two pairs an example, those of a batch once.
    let texts = method.objective == ContrastiveObjective.name ? rows * 3.2 : rows
    let training = operations * numbers * tokens * texts * epochs
    return Self.start + (training + scoring) / Self.rate
  }
}
