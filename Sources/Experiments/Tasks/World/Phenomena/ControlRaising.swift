/// Some verbs say something of their subject, others only of the infinitive behind them.
enum ControlRaising: Phenomenon {
  static let name = "control-raising"

  static let variants = [
    PhenomenonVariant("there-subject") { composer in
      let past = composer.chance(0.5)
      return MinimalPair(
        ["there"], good: [form(composer.pick(Lexicon.raisings), past)],
        bad: [form(composer.pick(Lexicon.controls), past)], ["to", "be"] + existence(&composer))
    },
    PhenomenonVariant("there-object") { composer in
      let subject = composer.nounPhrase([.person], detail: 0)
      return MinimalPair(
        subject.words, good: [composer.pick(Lexicon.objectRaisings).past],
        bad: [composer.pick(Lexicon.objectControls).past],
        ["there", "to", "be"] + existence(&composer))
    },
    PhenomenonVariant("thing-subject") { composer in
      let subject = composer.nounPhrase([.thing, .writing], .singular)
      let past = composer.chance(0.5)
      return MinimalPair(
        subject.words, good: [form(composer.pick(Lexicon.raisings), past)],
        bad: [form(composer.pick(Lexicon.controls), past)],
        ["to", "be", composer.adjective(subject.kind)])
    },
    PhenomenonVariant("infinitive") { composer in
      let (subject, person) = (
        composer.nounPhrase([.person], detail: 0), composer.nounPhrase([.person], detail: 0)
      )
      let good = composer.pick(Lexicon.objectControls + Lexicon.objectRaisings)
      let bad = composer.pick(Lexicon.declaratives)
      let (past, number) = (composer.chance(0.5), subject.number)
      return MinimalPair(
        subject.words, good: [past ? good.past : good.present(number)],
        bad: [past ? bad.past : bad.present(number)],
        person.words + ["to", composer.pick(Lexicon.intransitives).base])
    },
    PhenomenonVariant("tough") { composer in
      let subject = composer.nounPhrase([.thing, .writing], detail: 0)
      let verbs = Lexicon.transitives.filter {
        $0.objects.contains(.writing) && !$0.objects.contains(.person)
      }
      return MinimalPair(
        subject.words + [Copula.form(subject.number, past: composer.chance(0.5))],
        good: [composer.pick(Lexicon.toughAdjectives)],
        bad: [composer.pick(Lexicon.eagerAdjectives)],
        ["to", composer.pick(verbs).base])
    },
  ]

  private static func form(_ verb: Verb, _ past: Bool) -> String { past ? verb.past : verb.third }

  private static func existence(_ composer: inout Composer) -> [String] {
    composer.nounPhrase(of: composer.pick(Lexicon.countables), .singular, determiner: "a").words
      + composer.placePhrase()
  }
}
