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
