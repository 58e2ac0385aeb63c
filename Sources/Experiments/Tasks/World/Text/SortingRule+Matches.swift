extension SortingRule {
  /// How the words of two texts go together, which says nothing of what follows from what.
  static let matches: [SortingRule] = [
    SortingRule("a word said again") { isSecond, composer in
      let first = list(composer.number(2...6), &composer)
      var second = list(composer.number(1...3), without: first, &composer)
      if !isSecond { second[composer.number(0...(second.count - 1))] = composer.pick(first) }
      return texts(first, second)
    },
    SortingRule("nothing new") { isSecond, composer in
      let first = list(composer.number(3...8), &composer)
      var second = Array(composer.permuted(first).prefix(composer.number(1...4)))
      if isSecond {
        for _ in 0..<composer.number(1...2) {
          second[composer.number(0...(second.count - 1))] =
            list(1, without: first, &composer).first ?? ""
        }
      }
      return texts(first, second)
    },
    SortingRule("the same last word") { isSecond, composer in
      let first = list(composer.number(2...5), &composer)
      var second = list(composer.number(2...4), without: first, &composer)
      if !isSecond { second[second.count - 1] = first[first.count - 1] }
      return texts(first, second)
    },
    SortingRule("nothing new is told") { isSecond, composer in
      let retelling = Retelling(isNew: isSecond, &composer)
      return [retelling.told, retelling.again]
    },
    SortingRule("words of a sentence") { isSecond, composer in
      var (sentence, said): ([String], [String]) = ([], [])
      while said.isEmpty {
        sentence = composer.anySentence()
        said = composer.permuted(Set(sentence).intersection(listed).sorted())
      }
      var words = Array(said.prefix(composer.number(1...3)))
      if isSecond {
        words[composer.number(0...(words.count - 1))] =
          composer.pick(listed.filter { !sentence.contains($0) })
      }
      return [sentence, words + ["."]]
    },
  ]

  private static let listed: [String] = {
    let nouns = Lexicon.nouns.map(\.singular)
    return (nouns + Lexicon.adjectives + Lexicon.names.map(\.singular)).sorted()
  }()

  private static func list(
    _ count: Int, without others: [String] = [], _ composer: inout Composer
  ) -> [String] {
    Array(composer.permuted(listed.filter { !others.contains($0) }).prefix(count))
  }

  private static func texts(_ first: [String], _ second: [String]) -> [[String]] {
    [first + ["."], second + ["."]]
  }
}
