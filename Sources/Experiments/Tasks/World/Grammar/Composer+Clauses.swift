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
