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

/// A reflexive stands for the subject of its own clause, and for nothing inside or outside of it.
enum Binding: Phenomenon {
  static let name = "binding"

  static let variants = [
    PhenomenonVariant("embedded") { composer in
      let (outer, inner) = pair(&composer)
      let speaks = composer.pick(Lexicon.declaratives).past
      return MinimalPair(
        outer.words + [speaks, "that"] + inner.words + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(inner)], bad: [reflexive(outer)])
    },
    PhenomenonVariant("phrase") { composer in
      let (other, head) = pair(&composer)
      return MinimalPair(
        head.words + [composer.pick(Lexicon.prepositions)] + other.words
          + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("relative") { composer in
      let (other, head) = pair(&composer)
      let subject = composer.relative(
        head, other, extracted: composer.chance(0.5), past: true)
      return MinimalPair(
        subject.words + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("possessor") { composer in
      let (other, head) = pair(&composer)
      return MinimalPair(
        other.words + ["'s", head.noun.singular, composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("subject") { composer in
      let person = composer.gendered()
      let verb = composer.pick(Lexicon.reflexives).past
      let tail = composer.chance(0.5) ? composer.placePhrase() : []
      return MinimalPair(
        good: person.words + [verb, reflexive(person)] + tail,
        bad: [reflexive(person), verb] + person.words + tail)
    },
  ]

  /// Two persons of different gender, the second not called by name.
  private static func pair(_ composer: inout Composer) -> (NounPhrase, NounPhrase) {
    let first = composer.gendered()
    let noun = composer.pick(Lexicon.gendered.filter { $0.gender == first.gender.opposite })
    return (first, composer.nounPhrase(of: noun, .singular, detail: 0))
  }

  private static func reflexive(_ phrase: NounPhrase) -> String {
    phrase.gender == .masculine ? "himself" : "herself"
  }
}

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
