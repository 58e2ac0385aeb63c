/// What a sentence leaves out must be there to be understood, and nothing else may be left.
enum Ellipsis: Phenomenon {
  static let name = "ellipsis"

  static let variants = [
    PhenomenonVariant("noun") { composer in
      // `two red cups and … three` but not `two cups and … three red`.
      let (first, second) = subjects(&composer)
      let noun = composer.pick(Lexicon.portables)
      let verb = composer.pick(["see", "like", "find", "hold", "take", "hide"])
      let past = Lexicon.verb(verb).past
      let one = composer.pick(Lexicon.numerals)
      let other = composer.pick(Lexicon.numerals, not: one)
      let adjective = composer.adjective(noun.kind)
      let (head, middle) = (first + [past, one], ["and"] + second + [past, other])
      return MinimalPair(
        good: head + [adjective, noun.form(.plural)] + middle,
        bad: head + [noun.form(.plural)] + middle + [adjective])
    },
    PhenomenonVariant("auxiliary") { composer in
      // `tom is sleeping and anna is too`, not `does too`.
      let (first, second) = subjects(&composer)
      let verb = composer.pick(Lexicon.intransitives)
      let tense: Tense = composer.pick([.past, .progressive, .future, .perfect])
      let (good, bad) = (support(tense), composer.pick(supports, not: support(tense)))
      let group = VerbGroup(verb, tense, .singular).words(negated: false)
      return MinimalPair(first + group + ["and"] + second, good: [good], bad: [bad], ["too"])
    },
    PhenomenonVariant("negation") { composer in
      let (first, second) = subjects(&composer)
      let verb = composer.pick(Lexicon.intransitives)
      let tense: Tense = composer.pick([.past, .progressive, .future, .perfect])
      let (good, bad) = (support(tense), composer.pick(supports, not: support(tense)))
      let group = VerbGroup(verb, tense, .singular).words(negated: true)
      return MinimalPair(first + group + ["but"] + second, good: [good], bad: [bad])
    },
    PhenomenonVariant("gap") { composer in
      // A verb can only be left out between two phrases if it was there between two.
      let (first, second) = subjects(&composer)
      let clause = composer.clause(composer.name(), .past, detail: 0, frame: .transitive)
      let other = composer.object(of: clause.verb, detail: 0)
      let place = composer.placePhrase()
      return MinimalPair(
        first, good: [clause.verb.past] + clause.complement,
        bad: [composer.pick(Lexicon.intransitives).past] + place,
        ["and"] + second + other.words)
    },
  ]

  private static let supports = ["did", "is", "will", "has"]

  private static func support(_ tense: Tense) -> String {
    switch tense {
    case .progressive: "is"
    case .future: "will"
    case .perfect: "has"
    default: "did"
    }
  }

  private static func subjects(_ composer: inout Composer) -> ([String], [String]) {
    let first = composer.nounPhrase([.person], .singular, detail: 0)
    let second = composer.nounPhrase([.person], .singular, detail: 0)
    return (first.words, second.words)
  }
}
