/// What counts goes with what can be counted, and what says how many with sentences that allow it.
enum Quantifiers: Phenomenon {
  static let name = "quantifiers"

  static let variants = [
    PhenomenonVariant("existential") { composer in
      let noun = composer.pick(Lexicon.countables)
      return MinimalPair(
        ["there", Copula.form(.plural, past: composer.chance(0.5))],
        good: [composer.pick(["some", "many", "few", "no"] + Lexicon.numerals)],
        bad: [composer.pick(["all", "most", "these", "those"])],
        [noun.form(.plural)] + composer.placePhrase())
    },
    PhenomenonVariant("existential-singular") { composer in
      let noun = composer.pick(Lexicon.countables)
      return MinimalPair(
        ["there", Copula.form(.singular, past: composer.chance(0.5))],
        good: [composer.pick(["a", "no"])], bad: [composer.pick(["every", "each"])],
        [noun.singular] + composer.placePhrase())
    },
    PhenomenonVariant("mass") { composer in
      let noun = composer.pick(Lexicon.masses)
      return pair(
        noun, good: ["much", "little"], bad: ["many", "few"] + Lexicon.numerals, &composer)
    },
    PhenomenonVariant("count") { composer in
      let noun = composer.pick(Lexicon.portables)
      return pair(
        noun, good: ["many", "few"] + Lexicon.numerals, bad: ["much", "little"], &composer)
    },
    PhenomenonVariant("superlative") { composer in
      let verb = composer.pick(Lexicon.strictTransitives)
      let noun = composer.pick(Lexicon.countables.filter { verb.objects.contains($0.kind) })
      return MinimalPair(
        ["no", composer.pick(Lexicon.nouns([.person])).singular, verb.past],
        good: ["more", "than"], bad: ["at", "least"],
        [composer.pick(Lexicon.numerals), noun.form(.plural)])
    },
  ]

  private static func pair(
    _ noun: Noun, good: [String], bad: [String], _ composer: inout Composer
  ) -> MinimalPair {
    let verbs = Lexicon.transitives.filter {
      $0.objects.contains(noun.kind) && $0.subjects.contains(.animal)
    }
    let clause = Clause(
      subject: composer.nounPhrase(), verb: composer.pick(verbs),
      tense: composer.pick([.past, .past, .present, .future]))
    return MinimalPair(
      clause.words, good: [composer.pick(good)], bad: [composer.pick(bad)],
      [noun.form(.plural)])
  }
}
