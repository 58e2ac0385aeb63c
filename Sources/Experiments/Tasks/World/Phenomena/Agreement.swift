/// A verb agrees with the number of its subject's head, whatever stands between them.
enum Agreement: Phenomenon {
  static let name = "agreement"

  static let variants = [
    PhenomenonVariant("verb") { composer in
      pair(composer.nounPhrase(), &composer)
    },
    PhenomenonVariant("auxiliary") { composer in
      let subject = composer.nounPhrase()
      let verb = clause(subject, .perfect, &composer)
      let (good, bad) = composer.pick([("has", "have"), ("is", "are"), ("was", "were")])
      let rest = good == "has" ? verb.verb.participle : verb.verb.progressive
      let isSingular = subject.number == .singular
      return MinimalPair(
        subject.words, good: [isSingular ? good : bad], bad: [isSingular ? bad : good],
        [rest] + verb.complement)
    },
    PhenomenonVariant("copula") { composer in
      let subject = composer.nounPhrase(.anything)
      let past = composer.chance(0.5)
      return MinimalPair(
        subject.words, good: [Copula.form(subject.number, past: past)],
        bad: [Copula.form(subject.number.other, past: past)], [composer.adjective(subject.kind)])
    },
    PhenomenonVariant("coordination") { composer in
      let (first, second) = (
        composer.nounPhrase(.animate, .singular), composer.nounPhrase(.animate, .singular)
      )
      var both = first
      both.words += ["and"] + second.words
      let clause = clause(first, .present, &composer)
      return MinimalPair(
        both.words, good: [clause.verb.base], bad: [clause.verb.third], clause.complement)
    },
    PhenomenonVariant("phrase-attractor") { composer in
      let head = composer.nounPhrase(named: false, detail: 0)
      return pair(composer.modified(head, attracting: true), &composer)
    },
    PhenomenonVariant("relative-attractor") { composer in
      let head = composer.nounPhrase(named: false, detail: 0)
      let other = composer.nounPhrase(.animate, head.number.other, detail: 0)
      return pair(
        composer.relative(head, other, extracted: composer.chance(0.5), past: composer.chance(0.5)),
        &composer)
    },
  ]

  /// A short clause.
  private static func clause(
    _ subject: NounPhrase, _ tense: Tense, _ composer: inout Composer
  ) -> Clause {
    composer.clause(subject, tense, detail: 0, frame: composer.pick([.intransitive, .transitive]))
  }

  /// The subject with a verb in the present, in its number and in the other.
  private static func pair(_ subject: NounPhrase, _ composer: inout Composer) -> MinimalPair {
    let clause = clause(subject, .present, &composer)
    return MinimalPair(
      subject.words, good: [clause.verb.present(subject.number)],
      bad: [clause.verb.present(subject.number.other)], clause.complement)
  }
}
