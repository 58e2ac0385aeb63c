/// A verb decides what stands beside it: how many objects, and of what kind.
enum ArgumentStructure: Phenomenon {
  static let name = "argument-structure"

  static let variants = [
    PhenomenonVariant("transitive") { composer in
      // An object beside a verb that takes none.
      let clause = composer.clause(frame: .transitive)
      let verb = composer.pick(personal)
      return MinimalPair(
        clause.subject.words, good: clause.group.words(negated: false),
        bad: VerbGroup(verb, clause.tense, clause.subject.number).words(negated: false),
        clause.complement)
    },
    PhenomenonVariant("intransitive") { composer in
      // No object beside a verb that needs one.
      let subject = composer.nounPhrase()
      let tense = composer.pick(Tense.allCases)
      let tail = composer.chance(0.5) ? composer.placePhrase() : []
      let (good, bad) = (composer.pick(personal), composer.pick(Lexicon.strictTransitives))
      return MinimalPair(
        subject.words, good: VerbGroup(good, tense, subject.number).words(negated: false),
        bad: VerbGroup(bad, tense, subject.number).words(negated: false), tail)
    },
    PhenomenonVariant("animacy") { composer in
      // Things do not laugh, nor do they take anything.
      let clause =
        composer.chance(0.5)
        ? composer.clause(nil, nil, detail: 0.2, frame: .transitive)
        : composer.clause(composer.nounPhrase(), composer.pick(personal), .past)
      let thing = composer.nounPhrase([.thing, .writing, .food], clause.subject.number)
      return MinimalPair(good: clause.words, bad: thing.words + clause.predicate)
    },
    PhenomenonVariant("passive") { composer in
      // A verb without an object has no passive.
      var clause = composer.clause(nil, composer.pick([.past, .present]), frame: .transitive)
      let good = clause.passive ?? clause.words
      clause.verb = composer.pick(personal)
      return MinimalPair(good: good, bad: clause.passive ?? clause.words)
    },
    PhenomenonVariant("dative") { composer in
      // Two objects beside a verb that takes one.
      let clause = composer.clause(composer.nounPhrase([.person]), .past, frame: .ditransitive)
      let verb = Lexicon.verb(composer.pick(["hold", "hide", "see", "break", "wash"]))
      let recipient = composer.nounPhrase([.person], detail: 0)
      let thing = composer.nounPhrase([.thing], detail: 0)
      return MinimalPair(
        clause.subject.words, good: [clause.verb.past], bad: [verb.past],
        recipient.words + thing.words)
    },
  ]

  /// Verbs without an object that only persons and animals do.
  private static let personal = Lexicon.intransitives.filter { !$0.subjects.contains(.thing) }
}

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

/// A question word needs a place that is empty for it, and a place may only be empty for one.
enum FillerGap: Phenomenon {
  static let name = "filler-gap"

  static let variants = [
    PhenomenonVariant("gap") { composer in
      // `knows what anna took`, not `knows that anna took`.
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: [question(clause)], bad: ["that"], clause.subject.words + [clause.verb.past])
    },
    PhenomenonVariant("no-gap") { composer in
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: ["that"], bad: [question(clause)],
        clause.subject.words + [clause.verb.past] + clause.complement)
    },
    PhenomenonVariant("subject-gap") { composer in
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: ["who"], bad: ["that"], [clause.verb.past] + clause.complement)
    },
    PhenomenonVariant("question") { composer in
      let (_, clause) = parts(&composer)
      return MinimalPair(
        good: [question(clause)] + clause.objectQuestion,
        bad: [question(clause)] + clause.question, mark: "?")
    },
    PhenomenonVariant("relative") { composer in
      let (_, clause) = parts(&composer)
      let head = composer.nounPhrase(clause.verb.objects, named: false)
      let extra = composer.object(of: clause.verb, detail: 0)
      let past = Lexicon.verb(composer.pick(["fall", "vanish"])).past
      let start = head.words + ["that"] + clause.subject.words + [clause.verb.past]
      return MinimalPair(start, good: [], bad: extra.words, [past])
    },
  ]

  private static func question(_ clause: Clause) -> String {
    clause.object.map { [Noun.Kind].animate.contains($0.kind) } == true ? "who" : "what"
  }

  /// Somebody who knows, and a clause in the past whose verb needs its object.
  private static func parts(_ composer: inout Composer) -> ([String], Clause) {
    let knower = composer.nounPhrase([.person], detail: 0)
    let subject = composer.nounPhrase(detail: 0)
    let clause = composer.clause(
      subject, composer.pick(Lexicon.strictTransitives), .past, detail: 0)
    let knows = composer.chance(0.5) ? "knew" : knower.number == .singular ? "knows" : "know"
    return (knower.words + [knows], clause)
  }
}

/// Out of some parts of a sentence nothing can be asked for.
enum Islands: Phenomenon {
  static let name = "islands"

  static let variants = [
    PhenomenonVariant("coordination") { composer in
      let (subject, verb, other) = parts(&composer)
      return MinimalPair(
        ["who", "did"] + subject,
        good: ["and"] + other + [verb.base], bad: [verb.base] + other + ["and"], mark: "?")
    },
    PhenomenonVariant("adjunct") { composer in
      let (subject, verb, _) = parts(&composer)
      let other = composer.nounPhrase([.person], detail: 0).words
      let second = composer.pick(Lexicon.intransitives)
      let word = composer.pick(["before", "after", "because", "while"])
      return MinimalPair(
        ["who", "did"] + subject,
        good: [verb.base, word] + other + [second.past],
        bad: [second.base, word] + other + [verb.past], mark: "?")
    },
    PhenomenonVariant("left-branch") { composer in
      let (subject, _, _) = parts(&composer)
      let noun = composer.pick(Lexicon.portables)
      let verbs = Lexicon.transitives.filter { $0.objects.contains(noun.kind) }
      let (form, verb) = (noun.form(composer.plurality()), composer.pick(verbs).base)
      return MinimalPair(
        ["which"], good: [form, "did"] + subject + [verb], bad: ["did"] + subject + [verb, form],
        mark: "?")
    },
    PhenomenonVariant("subject") { composer in
      let (subject, verb, other) = parts(&composer)
      let second = composer.pick(Composer.animateTransitives)
      return MinimalPair(
        ["who", "did"] + subject + ["that"], good: [verb.past] + other + [second.base],
        bad: [verb.past, second.base] + other, mark: "?")
    },
    PhenomenonVariant("question") { composer in
      let (subject, verb, other) = parts(&composer)
      let (say, ask) = (
        composer.pick(["say", "think", "believe"]), composer.pick(["ask", "wonder"])
      )
      return MinimalPair(
        ["who", "did"] + subject, good: [say, "that"], bad: [ask, "when"],
        other + [verb.past], mark: "?")
    },
  ]

  /// A person, a verb that needs an object, and another person.
  private static func parts(_ composer: inout Composer) -> ([String], Verb, [String]) {
    let verb = composer.pick(Composer.animateTransitives)
    return (
      composer.nounPhrase([.person], named: false, detail: 0).words, verb,
      composer.nounPhrase([.person], detail: 0).words
    )
  }
}
