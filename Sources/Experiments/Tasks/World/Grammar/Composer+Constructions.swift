extension Composer {
  /// A statement of a construction that clauses alone do not have, without its mark.
  mutating func construction() -> [String] {
    switch number(0...21) {
    case 0, 20, 21:
      let subject = nounPhrase(detail: 0)
      let verb = pick(Lexicon.controls + Lexicon.raisings)
      let form = chance(0.5) ? verb.past : verb.present(subject.number)
      return subject.words + [form, "to"] + infinitive(of: subject)
    case 1:
      let subject = nounPhrase(detail: 0)
      return subject.words + [
        Copula.form(subject.number, past: chance(0.5)),
        pick(Lexicon.eagerAdjectives + ["likely"]), "to",
      ] + infinitive(of: subject)
    case 2:
      let clause = clause(nil, .present, detail: 0)
      return clause.subject.words + [pick(Lexicon.frequencies)] + clause.predicate
    case 3, 4: return possession()
    case 5:
      let clause = clause(nounPhrase([.person]), Lexicon.verb("take"), .past, detail: 0)
      return clause.words + ["from"] + nounPhrase([.person], detail: 0).words
    case 6:
      let clause = clause(nil, .past, detail: 0, frame: .transitive)
      return [pick(["someone", "nobody"])] + clause.predicate
    case 7:
      var clause = clause(nounPhrase(detail: 0), pick(Self.animateTransitives), .past)
      clause.isNegated = true
      return clause.subject.words + clause.group.words(negated: true) + ["anyone"]
    case 8:
      let clause = clause(nounPhrase([.person], .singular), pick([.past, .perfect]), detail: 0)
      return [pick(["even", "only"])] + clause.words
    case 9:
      let clause = clause(nil, pick([.progressive, .perfect]), detail: 0)
      let group = clause.group.words(negated: false)
      return clause.subject.words + [group[0], pick(["now", "really"])]
        + Array(group.dropFirst())
        + clause.complement
    case 10:
      let verb = pick(Lexicon.strictTransitives)
      let noun = pick(Lexicon.countables.filter { verb.objects.contains($0.kind) })
      return nounPhrase(detail: 0).words + [verb.past]
        + pick([["at", "least"], ["more", "than"]])
        + [pick(Lexicon.numerals), noun.form(.plural)]
    case 11:
      let subject = nounPhrase([.animal])
      return subject.words + [pick(Lexicon.reflexives).past]
        + [subject.number == .singular ? "itself" : "themselves"]
    case 12:
      let (first, second) = (gendered(plurality()), gendered(plurality()))
      let verb = pick(Lexicon.declaratives).past
      return first.words + [verb, "that"] + second.words
        + [pick(Self.animateTransitives).past, first.objectPronoun ?? "them"]
    case 13: return kindOf()
    case 14:
      let (first, second) = pick(Lexicon.inanimateOpposites)
      let subject = nounPhrase([.thing, .writing], detail: 0)
      let copula = Copula.form(subject.number, past: false)
      return subject.words + [copula, first, "and", "not", second]
    case 15:
      return clause(nil, .past, detail: 0).words + [pick(["before", "after"])]
        + clause(nil, .past, detail: 0).words
    case 17:
      let subject = nounPhrase([.person], detail: 0)
      let verb = pick(Lexicon.interrogatives)
      let inner = clause(nil, .past, detail: 0)
      return subject.words + [chance(0.5) ? verb.past : verb.present(subject.number)]
        + (chance(0.5) ? ["if"] + inner.words : ["who"] + inner.predicate)
    case 18:
      let subject = nounPhrase(detail: 0)
      let group = VerbGroup(Lexicon.walk, pick(Tense.allCases), subject.number)
      return subject.words + group.words(negated: false)
        + ["to", "the", pick(Lexicon.places).singular]
    case 16: return clause(nil, .past, detail: 0).words + ["again"]
    default:
      let clause = clause(nil, .past, detail: 0, frame: .transitive)
      let object = clause.object
      return clause.words + ["and", clause.subject.subjectPronoun ?? "they"]
        + [pick(Lexicon.verbs(.transitive).filter { $0.objects == .anything }).past]
        + [object?.objectPronoun ?? "them"]
    }
  }

  /// A verb in its base form with what it takes.
  private mutating func infinitive(of subject: NounPhrase) -> [String] {
    let clause = clause(
      subject, .future, detail: 0, frame: pick([.intransitive, .transitive]))
    return [clause.verb.base] + clause.complement
  }

  /// What is somebody's: `the girl found her hat`.
  private mutating func possession() -> [String] {
    let owner = chance(0.3) ? nounPhrase([.animal], detail: 0) : gendered(plurality())
    let possessive = owner.possessive ?? "their"
    guard chance(0.5) else {
      let verb = pick(
        Lexicon.transitives.filter { $0.objects.contains(.writing) && $0.base != "write" })
      return owner.words + [verb.past, possessive, pick(Lexicon.nouns([.thing])).singular]
    }
    let companion = pick(Lexicon.nouns(.animate))
    return owner.words + [Lexicon.walk.past, "to", "the", pick(Lexicon.places).singular]
      + ["with", possessive, companion.form(plurality())]
  }

  /// `every dog is an animal`.
  private mutating func kindOf() -> [String] {
    let noun = pick(Lexicon.countables.filter { Lexicon.hypernym($0.kind) != nil })
    guard let kind = Lexicon.hypernym(noun.kind) else { return existence() }
    return chance(0.5)
      ? [pick(["every", "the", "this"]), noun.singular, "is", "a", kind.singular]
      : [pick(["all", "the", "most"]), noun.form(.plural), "are", kind.form(.plural)]
  }
}
