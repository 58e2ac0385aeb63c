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
    SortingRule("number in a phrase") { isSecond, composer in
      phrase(composer.pick(Lexicon.countables), isSecond ? .plural : .singular, &composer)
    },
    SortingRule(
      "kinds in phrases",
      perDocument: { composer in
        let chosen = composer.permuted(kinds)
        return { isSecond, composer in
          let noun = composer.pick(Lexicon.nouns([chosen[isSecond ? 1 : 0]]))
          return phrase(noun, composer.plurality(), &composer)
        }
      }),
    SortingRule("gender of a name") { isSecond, composer in
      [composer.name(isSecond ? .masculine : .feminine).words]
    },
    SortingRule("nouns and verbs") { isSecond, composer in
      [[isSecond ? composer.pick(Lexicon.verbs).base : composer.pick(Lexicon.countables).singular]]
    },
    SortingRule(
      "a word among others",
      perDocument: { composer in
        let nouns = composer.permuted(Lexicon.countables).map(\.singular)
        let others = Array(nouns.dropFirst(2))
        return { isSecond, composer in
          let count = composer.number(1...4)
          let line = Array(composer.permuted(others).prefix(count)) + [nouns[isSecond ? 1 : 0]]
          return [composer.permuted(line)]
        }
      }),
    SortingRule(
      "two lists",
      perDocument: { composer in
        let nouns = composer.permuted(Lexicon.countables)
        let (first, second) = (Array(nouns[0..<3]), Array(nouns[3..<6]))
        return { isSecond, composer in [[composer.pick(isSecond ? second : first).singular]] }
      }),
  ]

  static let kinds: [Noun.Kind] = [.person, .animal, .thing, .food, .place]

  /// A noun with other words around it: what is asked for has to be found first.
  private static func phrase(
    _ noun: Noun, _ number: Plurality, _ composer: inout Composer
  ) -> [[String]] {
    let adjectives = composer.permuted(["big", "small", "old"]).prefix(composer.number(0...2))
    let tail =
      composer.chance(0.5) ? [composer.pick(["quickly", "slowly", "today", "yesterday"])] : []
    return [["the"] + adjectives + [noun.form(number)] + tail]
  }
}
