extension SortingRule {
  /// Single words and short phrases.
  static let words: [SortingRule] = [
    SortingRule(
      "two words",
      perDocument: { composer in
        let first = composer.pick(Lexicon.countables)
        let second = composer.pick(Lexicon.countables, not: first)
        return { isSecond, _ in [[(isSecond ? second : first).singular]] }
      }),
    SortingRule(
      "kinds of nouns",
      perDocument: { composer in
        let chosen = composer.permuted(kinds)
        return { isSecond, composer in
          [[composer.pick(Lexicon.nouns([chosen[isSecond ? 1 : 0]])).form(composer.plurality())]]
        }
      }),
    SortingRule("number of a noun") { isSecond, composer in
      [[composer.pick(Lexicon.countables).form(isSecond ? .plural : .singular)]]
    },
    SortingRule("gender of a name") { isSecond, composer in
      [composer.name(isSecond ? .masculine : .feminine).words]
    },
    SortingRule("nouns and verbs") { isSecond, composer in
      [[isSecond ? composer.pick(Lexicon.verbs).base : composer.pick(Lexicon.countables).singular]]
    },
    SortingRule(
      "two lists",
      perDocument: { composer in
        let nouns = composer.permuted(Lexicon.countables)
        let (first, second) = (Array(nouns[0..<3]), Array(nouns[3..<6]))
        return { isSecond, composer in [[composer.pick(isSecond ? second : first).singular]] }
      }),
  ]

  static let kinds: [Noun.Kind] = [.person, .animal, .thing, .food, .place]
}
