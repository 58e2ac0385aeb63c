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

extension SortingRule {
  /// How a single sentence is put.
  static let forms: [SortingRule] = [
    SortingRule("question and statement") { isSecond, composer in
      let clause = composer.clause(detail: 0)
      return [
        isSecond ? Composer.sentence(clause.question, "?") : Composer.sentence(clause.words)
      ]
    },
    SortingRule("negation") { isSecond, composer in
      var clause = composer.clause(detail: 0)
      clause.isNegated = isSecond
      return [Composer.sentence(clause.words)]
    },
    SortingRule("one clause and two") { isSecond, composer in
      let first = composer.clause(detail: 0.3, frame: .transitive)
      guard isSecond else { return [Composer.sentence(first.words + composer.placePhrase())] }
      let second = composer.clause(detail: 0, frame: .intransitive)
      return [Composer.sentence(first.words + [composer.pick(["and", "but"])] + second.words)]
    },
    SortingRule("active and passive") { isSecond, composer in
      let clause = composer.clause(nil, .past, detail: 0, frame: .transitive)
      return [Composer.sentence(isSecond ? clause.passive ?? clause.words : clause.words)]
    },
    SortingRule("an adjective or none") { isSecond, composer in
      let subject = composer.nounPhrase(
        of: composer.pick(Lexicon.nouns(.animate)), detail: isSecond ? 1 : 0)
      return [short(subject, &composer)]
    },
    SortingRule("in order and not") { isSecond, composer in
      let words = composer.clause(detail: 0.2, frame: composer.pick([.transitive, .ditransitive]))
        .words
      return [Composer.sentence(isSecond ? shuffled(words, &composer) : words)]
    },
    SortingRule("two words out of order") { isSecond, composer in
      var words = composer.clause(detail: 0.2, frame: composer.pick([.transitive, .ditransitive]))
        .words
      if isSecond {
        let index = composer.number(0...(words.count - 2))
        words.swapAt(index, index + 1)
      }
      return [Composer.sentence(words)]
    },
    SortingRule("a word said twice") { isSecond, composer in
      var words = composer.clause(detail: 0.2).words
      if isSecond {
        let index = composer.number(0...(words.count - 1))
        words.insert(words[index], at: index)
      }
      return [Composer.sentence(words)]
    },
    SortingRule("a word too many") { isSecond, composer in
      var words = composer.clause(detail: 0.2).words
      if isSecond {
        let index = composer.number(1...(words.count - 1))
        words.insert(composer.pick(["of", "than", "if", "who", "to", "at"]), at: index)
      }
      return [Composer.sentence(words)]
    },
    SortingRule("a word left out") { isSecond, composer in
      // Without an auxiliary, whose loss would leave a verb that does not agree.
      var words = composer.clause(nil, .past, detail: 0.2, frame: .transitive).words
      if isSecond { words.remove(at: composer.number(0...(words.count - 2))) }
      return [Composer.sentence(words)]
    },
    SortingRule("a word of another class") { isSecond, composer in
      var words = composer.clause(detail: 0.2, frame: .transitive).words
      if isSecond {
        words[composer.number(0...(words.count - 1))] =
          composer.pick(["of", "than", "if", "the", "or", "slowly", "by"])
      }
      return [Composer.sentence(words)]
    },
    SortingRule("he and him") { isSecond, composer in
      let clause = composer.clause(
        composer.gendered(composer.plurality()), .past, detail: 0, frame: .transitive)
      let pronoun = isSecond ? clause.subject.objectPronoun : clause.subject.subjectPronoun
      return [Composer.sentence([pronoun ?? "they"] + clause.predicate)]
    },
    SortingRule("two auxiliaries") { isSecond, composer in
      let clause = composer.clause(nil, .future, detail: 0, frame: .transitive)
      return [
        Composer.sentence(clause.subject.words + (isSecond ? ["can"] : []) + clause.predicate)
      ]
    },
    SortingRule("the determiner behind its noun") { isSecond, composer in
      let clause = composer.clause(nil, .past, detail: 0, frame: .transitive)
      let noun = composer.pick(Lexicon.countables).singular
      return [
        Composer.sentence(
          clause.subject.words + [clause.verb.past] + (isSecond ? [noun, "the"] : ["the", noun]))
      ]
    },
  ]

  /// The words in an order that is not theirs.
  private static func shuffled(_ words: [String], _ composer: inout Composer) -> [String] {
    var result = words
    while result == words { result = composer.permuted(words) }
    return result
  }
}
