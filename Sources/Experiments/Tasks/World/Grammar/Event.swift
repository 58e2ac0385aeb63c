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
