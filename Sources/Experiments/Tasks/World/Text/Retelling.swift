/// Events that are told, and one that is told again, as it was or otherwise.
///
/// Whether the second says anything new is a question about words, not about what follows: who did it to
/// whom may be turned around, and what two did may be mixed, and nothing of it is new.
struct Retelling {
  let told: [String]
  let again: [String]

  /// Tells one or two events; `isNew` asks for a second text that says a word which the first does not say.
  init(isNew: Bool, _ composer: inout Composer) {
    while true {
      let events = Self.events(&composer)
      let sentences = events.map { Composer.sentence($0.words(detailed: true, placed: true)) }
      let before = composer.chance(0.2) ? composer.anySentence() : []
      let told = before + sentences.flatMap(\.self)
      let again = Self.again(events, isNew: isNew, &composer)
      let saysNew = again.contains { !Self.isSaid($0, in: told) }
      if saysNew == isNew,
        !sentences.contains(where: { InferenceData.pairs.contains([$0, again]) })
      {
        (self.told, self.again) = (told, again)
        return
      }
    }
  }

  /// Whether a word that counts was said, or what says it too: another form of a verb, or a narrower
  /// noun, as `dog` says that there is an `animal`.
  static func isSaid(_ word: String, in told: [String]) -> Bool {
    guard counting.contains(word), !told.contains(word) else { return true }
    return sayings[word]?.isDisjoint(with: told) == false
  }

  /// Words that can be new: nouns, names, verbs, adjectives, numerals and `not`.
  static let counting = Set(Lexicon.contentWords + Lexicon.numerals + ["not"]).union(sayings.keys)

  /// The words that say a word without being it.
  private static let sayings: [String: Set<String>] = {
    var result: [String: Set<String>] = [:]
    for verb in Lexicon.verbs {
      for form in verb.forms { result[form, default: []].formUnion(verb.forms) }
    }
    for noun in Lexicon.nouns + Lexicon.names {
      guard let wider = Lexicon.hypernym(noun.kind) else { continue }
      for form in [wider.form(.singular), wider.form(.plural)] {
        result[form, default: []].formUnion([noun.form(.singular), noun.form(.plural)])
      }
    }
    return result
  }()

  private static func events(_ composer: inout Composer) -> [Event] {
    (0..<composer.pick([1, 1, 1, 2])).map { _ in
      var event = Event(&composer)
      event.isNegated = composer.chance(0.15)
      return event
    }
  }

  /// Says one of the events again; when it is to be new, what is said is new more often than not.
  private static func again(
    _ events: [Event], isNew: Bool, _ composer: inout Composer
  ) -> [String] {
    var event = composer.pick(events)
    if let other = events.first(where: { $0 != event }), composer.chance(0.5) {
      event.mix(with: other, &composer)
    }
    if composer.chance(0.2) { event.turnAround() }
    var kind: Noun.Kind?
    if isNew {
      switch composer.number(0...9) {
      case 0: event.isNegated.toggle()
      case 1, 2: kind = composer.pick([.person, .animal, .thing])
      default: event.change(&composer)
      }
    }
    if let noun = event.object?.noun, kind != nil || composer.chance(0.2),
      let wider = Lexicon.hypernym(kind ?? noun.kind)
    {
      event.object = Participant(noun: wider, determiner: "a")
    }
    let isPlaceNew = event.place != nil && !events.contains { $0.place == event.place }
    return Composer.sentence(
      event.words(
        detailed: composer.chance(0.25), placed: isPlaceNew || composer.chance(0.3),
        passive: composer.chance(0.15)))
  }
}

extension Event {
  /// Takes who acts, or whom it is done to, from another event where the verb allows it.
  fileprivate mutating func mix(with other: Event, _ composer: inout Composer) {
    if composer.chance(0.5) {
      if verb.subjects.contains(other.subject.noun.kind) { subject = other.subject }
    } else if object != nil, let taken = other.object, verb.objects.contains(taken.noun.kind) {
      object = taken
    }
  }

  /// Lets the one that it is done to do it, where the verb allows it.
  fileprivate mutating func turnAround() {
    guard let object, verb.subjects.contains(object.noun.kind),
      verb.objects.contains(subject.noun.kind)
    else { return }
    (subject, self.object) = (object, subject)
  }
}
