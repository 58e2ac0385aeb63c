/// What a premise says and a hypothesis says again, or says otherwise.
struct Event: Hashable, Sendable {
  var subject: Participant
  var verb: Verb
  var object: Participant?
  /// `in the garden`; nil when it is not said where.
  var place: [String]?
  var tense: Tense
  var isNegated = false

  init(_ composer: inout Composer) {
    let subject = composer.participant(.animate)
    let isTransitive = composer.chance(0.75)
    let verbs = Lexicon.verbs(isTransitive ? .transitive : .intransitive)
    let verb = composer.pick(verbs.filter { $0.subjects.contains(subject.noun.kind) })
    (self.subject, self.verb) = (subject, verb)
    object =
      isTransitive ? composer.participant(verb.objects, counted: false, not: subject.noun) : nil
    place = composer.chance(0.5) ? composer.placePhrase() : nil
    tense = composer.pick([.past, .past, .past, .present, .future, .progressive, .perfect])
  }

  /// The sentence, with adjectives and place or without.
  func words(detailed: Bool, placed: Bool, passive: Bool = false) -> [String] {
    let clause = Clause(
      subject: subject.phrase(detailed: detailed), verb: verb, tense: tense, isNegated: isNegated,
      object: object?.phrase(detailed: detailed), tail: placed ? place ?? [] : [])
    if passive, tense == .past || tense == .present, let words = clause.passive { return words }
    return clause.words
  }
}

extension Event {
  /// Makes it another event in one or two respects: who, whom, what was done or where.
  mutating func change(_ composer: inout Composer) {
    let before = self
    repeat { draw(&composer) } while tellsTheSame(as: before)
  }

  /// Whether the events differ in adjectives and numbers at most.
  private func tellsTheSame(as other: Event) -> Bool {
    subject.noun == other.subject.noun && verb == other.verb
      && object?.noun == other.object?.noun && place == other.place
  }

  private mutating func draw(_ composer: inout Composer) {
    for _ in 0..<composer.number(1...2) {
      switch composer.number(0...3) {
      case 0:
        subject = composer.participant(verb.subjects, not: subject.noun)
      case 1:
        if let before = object {
          object = composer.participant(verb.objects, counted: false, not: before.noun)
          continue
        }
        fallthrough
      case 2:
        let kind = object?.noun.kind
        let verbs = Lexicon.verbs(verb.frame).filter { [verb, subject] other in
          other != verb && other.subjects.contains(subject.noun.kind)
            && (kind.map(other.objects.contains) ?? true)
        }
        if verbs.isEmpty {
          subject = composer.participant(verb.subjects, not: subject.noun)
        } else {
          verb = composer.pick(verbs)
        }
      default:
        guard let before = place else {
          subject = composer.participant(verb.subjects, not: subject.noun)
          continue
        }
        while place == before { place = composer.placePhrase() }
      }
    }
  }
}

/// Who or what takes part in an event.
struct Participant: Hashable, Sendable {
  var noun: Noun
  /// Nil for names, whose noun says all; a numeral and `some` make a plural.
  var determiner: String?
  var adjective: String?

  var number: Plurality {
    determiner.map((Lexicon.numerals + ["some"]).contains) == true ? .plural : .singular
  }

  /// As it is said, with the adjective or without.
  func phrase(detailed: Bool) -> NounPhrase {
    var words = determiner.map { [$0] } ?? []
    if detailed, let adjective { words.append(adjective) }
    words.append(noun.form(number))
    return NounPhrase(
      words: words, number: number, gender: noun.gender, kind: noun.kind, noun: noun)
  }
}

extension Composer {
  /// A participant of one of the kinds: a name, `the` or a numeral before a noun.
  mutating func participant(
    _ kinds: [Noun.Kind], named: Bool = true, counted: Bool = true, not other: Noun? = nil
  ) -> Participant {
    if named, kinds.contains(.person), chance(0.25) {
      return Participant(noun: pick(Lexicon.names.filter { $0 != other }))
    }
    let noun = pick(Lexicon.nouns([pick(kinds)]).filter { $0 != other })
    let determiner = counted && !noun.isMass && chance(0.15) ? pick(Lexicon.numerals) : "the"
    return Participant(
      noun: noun, determiner: determiner,
      adjective: noun.isMass || chance(0.6) ? nil : adjective(noun.kind))
  }
}
