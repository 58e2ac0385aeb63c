/// A statement in its parts, so that it can be said as a question, a negation or a passive as well.
struct Clause: Hashable, Sendable {
  var subject: NounPhrase
  var verb: Verb
  var tense: Tense
  var isNegated = false
  var object: NounPhrase?
  /// What stands behind the object: `to the girl`, `in the garden`.
  var tail: [String] = []

  var group: VerbGroup { VerbGroup(verb, tense, subject.number) }
  var complement: [String] { (object?.words ?? []) + tail }
  var predicate: [String] { group.words(negated: isNegated) + complement }
  var words: [String] { subject.words + predicate }

  /// `did the boy see the dog`, without the mark at the end.
  var question: [String] {
    [group.support] + subject.words + (isNegated ? ["not"] : []) + [group.main] + complement
  }

  /// `did the boy see`: a question's rest behind `who` or `what`, the object gone.
  var objectQuestion: [String] { [group.support] + subject.words + [group.main] + tail }

  /// `the dog was seen by the boy`, present or past; nil without an object.
  var passive: [String]? {
    guard let object else { return nil }
    return object.words + [Copula.form(object.number, past: tense != .present)]
      + (isNegated ? ["not"] : []) + [verb.participle, "by"] + subject.words + tail
  }
}

extension Composer {
  /// A statement with a verb that takes no object, one, or two.
  ///
  /// - Parameters:
  ///   - subject: Who does it; nil draws one.
  ///   - tense: When; nil draws one.
  ///   - detail: Probability of an adjective in each phrase.
  ///   - frame: What the verb takes; nil draws that.
  /// - Returns: The clause, not negated.
  mutating func clause(
    _ subject: NounPhrase? = nil, _ tense: Tense? = nil, detail: Double = 0.2,
    frame: Verb.Frame? = nil
  ) -> Clause {
    let subject = subject ?? nounPhrase(detail: detail)
    let frame =
      frame ?? pick([.intransitive, .transitive, .transitive, .transitive, .ditransitive])
    var verbs = Lexicon.verbs(frame).filter { $0.subjects.contains(subject.kind) }
    if verbs.isEmpty { verbs = Lexicon.intransitives.filter { $0.subjects.contains(subject.kind) } }
    let tense = tense ?? pick([.present, .present, .past, .past, .past] + Tense.allCases)
    return clause(subject, pick(verbs), tense, detail: detail)
  }

  /// A statement with this verb and what it takes.
  mutating func clause(
    _ subject: NounPhrase, _ verb: Verb, _ tense: Tense, detail: Double = 0.2
  ) -> Clause {
    var clause = Clause(subject: subject, verb: verb, tense: tense)
    switch verb.frame {
    case .transitive:
      clause.object = object(of: verb, detail: detail)
    case .ditransitive:
      clause.object = object(of: verb, detail: detail)
      clause.tail = ["to"] + nounPhrase([.person], detail: 0).words
    default: break
    }
    return clause
  }

  mutating func object(of verb: Verb, detail: Double = 0.2) -> NounPhrase {
    nounPhrase(verb.objects, detail: detail)
  }

  /// `the box is big`.
  mutating func description(_ past: Bool? = nil) -> [String] {
    let subject = nounPhrase(.anything, detail: 0)
    let isPast = past ?? chance(0.5)
    return subject.words + [Copula.form(subject.number, past: isPast), adjective(subject.kind)]
  }

  /// `there are some dogs in the garden`.
  mutating func existence() -> [String] {
    let number = plurality()
    let noun = pick(Lexicon.countables)
    let determiner = number == .singular ? "a" : pick(["some", "many", "few"] + Lexicon.numerals)
    return ["there", Copula.form(number, past: chance(0.5)), determiner, noun.form(number)]
      + placePhrase()
  }

  /// `tom says that …`, put before a statement.
  mutating func report() -> [String] {
    let speaker = nounPhrase([.person], detail: 0)
    let verb = pick(Lexicon.declaratives)
    let form = chance(0.5) ? verb.past : verb.present(speaker.number)
    return speaker.words + [form, "that"]
  }

  /// Any sentence, with its mark.
  mutating func anySentence() -> [String] {
    switch number(0...19) {
    case 0...3: return Self.sentence(clause().words + (chance(0.2) ? placePhrase() : []))
    case 4:
      var clause = clause()
      clause.isNegated = true
      return Self.sentence(clause.words)
    case 5: return Self.sentence(description())
    case 6: return Self.sentence(existence())
    case 7: return Self.sentence(clause().question, "?")
    case 8:
      let clause = clause(frame: .transitive)
      let word = clause.object.map { [Noun.Kind].animate.contains($0.kind) ? "who" : "what" }
      return Self.sentence([word ?? "what"] + clause.objectQuestion, "?")
    case 9:
      let clause = clause(nil, pick([.past, .present]), frame: .transitive)
      return Self.sentence(clause.passive ?? clause.words)
    case 10: return Self.sentence(report() + clause().words)
    case 11:
      return Self.sentence(
        clause(detail: 0).words + [pick(["and", "but", "because", "while", "when"])]
          + clause(detail: 0).words)
    case 12:
      return Self.sentence(
        [pick(["because", "when", "if", "while"])] + clause(detail: 0).words + [","]
          + clause(detail: 0).words)
    case 13: return Self.sentence(clause(modified(nounPhrase(named: false))).words)
    case 14:
      let head = nounPhrase(named: false, detail: 0)
      let other = nounPhrase(detail: 0)
      return Self.sentence(
        clause(relative(head, other, extracted: chance(0.5), past: chance(0.5))).words)
    case 15...18: return Self.sentence(construction())
    default:
      let clause = clause(nil, .past, frame: .intransitive)
      return Self.sentence(clause.words + [pick(["quickly", "slowly", "today", "yesterday"])])
    }
  }
}

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
