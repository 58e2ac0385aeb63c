/// Texts, and words of which each is told to have been said there or not.
///
/// It teaches what knowing whether a sentence says anything new is made of: to look for every word in
/// what came before. Words are looked for as they are written, whatever they mean.
enum MarkDocument {
  static func words(_ composer: inout Composer) -> [String] {
    let isSentence = composer.chance(0.5)
    return (0..<composer.number(3...8)).flatMap { _ in
      isSentence ? again(&composer) : list(&composer)
    }
  }

  /// A text, and words in any order.
  private static func list(_ composer: inout Composer) -> [String] {
    let text = composer.chance(0.5) ? composer.anySentence() : unordered(&composer)
    let said = composer.permuted(Array(Set(text).intersection(contentWords)).sorted())
    let count = composer.number(2...6)
    let others = (0..<count).map { _ in composer.pick(Lexicon.contentWords) }
    let asked = (0..<count).map { index in
      index < said.count && composer.chance(0.5) ? said[index] : others[index]
    }
    return text + marked(asked, text) + ["."]
  }

  /// Events, and one of them told again or changed.
  private static func again(_ composer: inout Composer) -> [String] {
    let retelling = Retelling(isNew: composer.chance(0.6), &composer)
    return retelling.told + marked(retelling.again, retelling.told)
  }

  private static func unordered(_ composer: inout Composer) -> [String] {
    Array(composer.permuted(Lexicon.contentWords).prefix(composer.number(3...9))) + ["."]
  }

  private static func marked(_ words: [String], _ text: [String]) -> [String] {
    words.flatMap { word in
      guard Retelling.counting.contains(word) else { return [word] }
      let isSaid = Retelling.isSaid(word, in: text)
      return [word, isSaid ? Lexicon.remarks.known : Lexicon.remarks.unknown]
    }
  }

  private static let contentWords = Set(Lexicon.contentWords)
}
