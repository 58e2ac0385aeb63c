/// Past and participle of an irregular verb are not the same word.
enum IrregularForms: Phenomenon {
  static let name = "irregular-forms"

  static let variants = [
    PhenomenonVariant("past") { composer in
      let clause = clause(&composer)
      return MinimalPair(
        clause.subject.words, good: [clause.verb.past], bad: [clause.verb.participle],
        clause.complement)
    },
    PhenomenonVariant("perfect") { composer in
      let clause = clause(&composer)
      return MinimalPair(
        clause.subject.words + [clause.subject.number == .singular ? "has" : "have"],
        good: [clause.verb.participle], bad: [clause.verb.past], clause.complement)
    },
    PhenomenonVariant("passive") { composer in
      let clause = clause(&composer)
      let object = clause.object?.words ?? []
      let number = clause.object?.number ?? .singular
      return MinimalPair(
        object + [Copula.form(number, past: composer.chance(0.5))],
        good: [clause.verb.participle], bad: [clause.verb.past],
        ["by"] + clause.subject.words)
    },
    PhenomenonVariant("adjective") { composer in
      let verbs = Lexicon.irregulars.filter { ["break", "hide", "take"].contains($0.base) }
      let verb = composer.pick(verbs)
      let noun = composer.pick(Lexicon.nouns([.thing]))
      let rest = Copula.form(.singular, past: composer.chance(0.5))
      return MinimalPair(
        [composer.pick(["the", "this", "that"])], good: [verb.participle], bad: [verb.past],
        [noun.singular, rest, composer.adjective(.thing)])
    },
  ]

  private static func clause(_ composer: inout Composer) -> Clause {
    let verb = composer.pick(Lexicon.irregulars)
    return composer.clause(composer.nounPhrase(verb.subjects), verb, .past)
  }
}
