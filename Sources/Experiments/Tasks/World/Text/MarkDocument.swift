/// Texts, and words of which each is told to have been said there or not.
///
/// It teaches what knowing whether a sentence says anything new is made of: to look for every word in
/// what came before.
enum MarkDocument {
  static func words(_ composer: inout Composer) -> [String] {
    let isSentence = composer.chance(0.5)
    return (0..<composer.number(3...8)).flatMap { _ in
      isSentence ? again(&composer) : list(&composer)
    }
  }

  /// A text, and words in any order.
  private static func list(_ composer: inout Composer) -> [String] {
    let text =
      composer.chance(0.5)
      ? composer.anySentence()
      : Array(composer.permuted(Lexicon.contentWords).prefix(composer.number(3...9))) + ["."]
    let said = composer.permuted(Lexicon.contentWords(of: text))
    let asked = (0..<composer.number(2...6)).map { index in
      index < said.count && composer.chance(0.5)
        ? said[index] : composer.pick(Lexicon.contentWords)
    }
    return text + marked(asked, in: text) + ["."]
  }

  /// Events, and one of them told again or changed.
  private static func again(_ composer: inout Composer) -> [String] {
    let retelling = Retelling(isNew: composer.chance(0.6), &composer)
    return retelling.told + marked(retelling.again, in: retelling.told)
  }

  /// Puts behind each word that counts whether the text says it.
  static func marked(_ words: [String], in text: [String]) -> [String] {
    words.flatMap { word in
      guard Retelling.counting.contains(word) else { return [word] }
      return [word, Lexicon.remark(isNew: !Retelling.isSaid(word, in: text))]
    }
  }
}
