/// Words that follow one another in an order of the document's own: what has been read decides what
/// comes next.
///
/// It teaches looking up what followed a word before, on which learning from examples builds. Where
/// the text goes on is drawn anew all the time: in a list that is said again as it was, a model learns
/// to count words instead of reading them.
enum ListDocument {
  private static let words =
    Lexicon.words.subtracting([".", ",", "?", ":", ";"] + Lexicon.remarkWords).sorted()

  static func words(_ composer: inout Composer) -> [String] {
    composer.chance(0.5) ? chain(&composer) : pairs(&composer)
  }

  /// A round of words, entered and left anywhere.
  private static func chain(_ composer: inout Composer) -> [String] {
    let round = Array(composer.permuted(words).prefix(composer.number(4...16)))
    var index = 0
    return (0..<(round.count * composer.number(3...6))).map { _ in
      index =
        composer.chance(0.2)
        ? composer.number(0...(round.count - 1)) : (index + 1) % round.count
      return round[index]
    }
  }

  /// Words with what belongs to each, in any order.
  private static func pairs(_ composer: inout Composer) -> [String] {
    let count = composer.number(2...8)
    let chosen = composer.permuted(words)
    let keys = Array(chosen.prefix(count))
    // As answers do, values come again: two for all keys, or one for each.
    let hasTwoValues = composer.chance(0.5)
    let values = (0..<count).map { index in
      chosen[count + (hasTwoValues && index > 1 ? composer.number(0...1) : index)]
    }
    let marks: (inner: [String], outer: String) = composer.pick([
      ([], "."), ([], ","), (["?"], "."), ([":"], "."),
    ])
    return (0..<(count * composer.number(3...8))).flatMap { _ in
      let index = composer.number(0...(count - 1))
      return [keys[index]] + marks.inner + [values[index], marks.outer]
    }
  }
}
