/// `ever` and `any` stand below a negation, `only` or a question.
enum NegativePolarity: Phenomenon {
  static let name = "negative-polarity"

  static let variants = [
    PhenomenonVariant("determiner") { composer in
      let person = composer.nounPhrase(of: composer.pick(people), .singular, determiner: "no")
      let rest = ["has", "ever"] + participle(&composer)
      let head = Array(person.words.dropFirst())
      return MinimalPair(
        good: ["no"] + head + rest,
        bad: [composer.pick(["the", "this", "every", "some"])] + head + rest)
    },
    PhenomenonVariant("negation") { composer in
      let person = composer.nounPhrase([.person], .singular, detail: 0)
      return MinimalPair(
        person.words + ["has"], good: ["not"], bad: [composer.pick(["now", "really"])],
        ["ever"] + participle(&composer))
    },
    PhenomenonVariant("pronoun") { composer in
      let clause = composer.clause(composer.name(), .past, detail: 0, frame: .transitive)
      let noun = composer.pick(Lexicon.nouns(clause.verb.objects))
      let place = composer.chance(0.5) ? composer.placePhrase() : []
      return MinimalPair(
        good: ["nobody"], bad: [composer.pick(["someone", "tom", "anna"])],
        [clause.verb.past, "any", noun.form(.plural)] + place)
    },
    PhenomenonVariant("only") { composer in
      let person = composer.nounPhrase([.person], .singular, detail: 0)
      return MinimalPair(
        good: ["only"], bad: ["even"],
        person.words + ["has", "ever"] + participle(&composer))
    },
    PhenomenonVariant("scope") { composer in
      let (first, second) = (composer.pick(people).singular, composer.pick(people).singular)
      let verb = composer.pick(Composer.animateTransitives).third
      let rest = [verb, "has", "ever"] + participle(&composer)
      let the = composer.pick(["the", "this", "that"])
      return MinimalPair(
        good: ["no", first, "that", the, second] + rest,
        bad: [the, first, "that", "no", second] + rest)
    },
    PhenomenonVariant("question") { composer in
      let person = composer.nounPhrase([.person], .singular, detail: 0)
      let rest = ["ever"] + participle(&composer)
      let ask = composer.pick(["asked", "wondered"])
      let other = composer.nounPhrase([.person], detail: 0).words
      return MinimalPair(
        other, good: [ask, "if"], bad: [composer.pick(Lexicon.declaratives).past, "that"],
        person.words + ["has"] + rest)
    },
  ]

  private static let people = Lexicon.nouns([.person])

  private static func participle(_ composer: inout Composer) -> [String] {
    let clause = composer.clause(
      composer.name(), .perfect, detail: 0, frame: composer.pick([.intransitive, .transitive]))
    return [clause.verb.participle] + clause.complement
  }
}
