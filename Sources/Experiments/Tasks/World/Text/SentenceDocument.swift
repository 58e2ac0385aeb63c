/// Sentences one after another, of every construction the world knows; all of them good.
enum SentenceDocument {
  /// A paragraph of up to twelve sentences.
  static func words(_ composer: inout Composer) -> [String] {
    var words: [String] = []
    for _ in 0..<composer.number(4...12) {
      words += composer.chance(0.5) ? composer.anySentence() : instance(&composer)
    }
    return words
  }

  /// The good half of a pair, at times as what somebody says.
  private static func instance(_ composer: inout Composer) -> [String] {
    let good = composer.pick(variants).pair(&composer).good
    guard good.last == ".", composer.chance(0.25) else { return good }
    return composer.report() + good
  }

  private static let variants = PhenomenonRegistry.standard.variants
}
