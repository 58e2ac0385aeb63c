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

/// A determiner that shows number stands with a noun in that number.
enum DeterminerNoun: Phenomenon {
  static let name = "determiner-noun"

  static let variants = [
    PhenomenonVariant("demonstrative") { composer in
      pair(
        of: Lexicon.countables.filter { !$0.isIrregular }, demonstratives, adjective: false,
        &composer)
    },
    PhenomenonVariant("adjective") { composer in
      pair(of: Lexicon.countables, demonstratives, adjective: true, &composer)
    },
    PhenomenonVariant("irregular") { composer in
      pair(
        of: Lexicon.countables.filter(\.isIrregular), demonstratives, adjective: false, &composer)
    },
    PhenomenonVariant("quantity") { composer in
      pair(of: Lexicon.countables, quantities, adjective: false, &composer)
    },
  ]

  private static let demonstratives: [(String, Plurality)] = [
    ("this", .singular), ("that", .singular), ("these", .plural), ("those", .plural),
  ]
  private static let quantities: [(String, Plurality)] = [
    ("every", .singular), ("each", .singular), ("a", .singular),
    ("many", .plural), ("few", .plural), ("two", .plural), ("three", .plural), ("four", .plural),
  ]

  /// The phrase is an object, so that nothing else in the sentence shows its number.
  private static func pair(
    of nouns: [Noun], _ determiners: [(String, Plurality)], adjective: Bool,
    _ composer: inout Composer
  ) -> MinimalPair {
    let noun = composer.pick(nouns)
    let (determiner, number) = composer.pick(determiners)
    let verbs = Lexicon.transitives.filter {
      $0.objects.contains(noun.kind) && $0.subjects.contains(.animal)
    }
    let clause = Clause(
      subject: composer.nounPhrase(), verb: composer.pick(verbs),
      tense: composer.pick([.present, .past, .past, .future]))
    let before = [determiner] + (adjective ? [composer.adjective(noun.kind)] : [])
    return MinimalPair(
      clause.words + before, good: [noun.form(number)], bad: [noun.form(number.other)])
  }
}

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
