/// A reflexive agrees with what it stands for in gender and number.
enum AnaphorAgreement: Phenomenon {
  static let name = "anaphor-agreement"

  static let variants = [
    PhenomenonVariant("gender") { composer in
      let subject = composer.gendered()
      let isMasculine = subject.gender == .masculine
      return pair(
        subject, good: isMasculine ? "himself" : "herself",
        bad: isMasculine ? "herself" : "himself", &composer)
    },
    PhenomenonVariant("number") { composer in
      let subject = composer.gendered(composer.plurality())
      let own = subject.gender == .masculine ? "himself" : "herself"
      let isSingular = subject.number == .singular
      return pair(
        subject, good: isSingular ? own : "themselves", bad: isSingular ? "themselves" : own,
        &composer)
    },
    PhenomenonVariant("animacy") { composer in
      let subject = composer.gendered()
      let own = subject.gender == .masculine ? "himself" : "herself"
      return pair(subject, good: own, bad: "itself", &composer)
    },
  ]

  private static func pair(
    _ subject: NounPhrase, good: String, bad: String, _ composer: inout Composer
  ) -> MinimalPair {
    let clause = Clause(
      subject: subject, verb: composer.pick(Lexicon.reflexives),
      tense: composer.pick([.past, .past, .present, .future]))
    let tail = composer.chance(0.3) ? composer.placePhrase() : []
    return MinimalPair(clause.words, good: [good], bad: [bad], tail)
  }
}
