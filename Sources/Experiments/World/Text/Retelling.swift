/// Events that are told, and one that is told again, as it was or otherwise.
///
/// Whether the second says anything new is a question about words, not about what follows: who did it to
/// whom may be turned around, and what two did may be mixed, and nothing of it is new. So no remark on a
/// retelling answers `inference`.
struct Retelling {
  let told: [String]
  let again: [String]

  /// - Parameter isNew: Whether the second is to say a word that the first does not say.
  init(isNew: Bool, _ composer: inout Composer) {
    while true {
      let (told, again) = Self.pair(isNew: isNew, &composer)
      let saysNew = again.contains { !Self.isSaid($0, in: told) }
      let last = told.dropLast().lastIndex(of: ".").map { Array(told[($0 + 1)...]) } ?? told
      if saysNew == isNew, !InferenceData.pairs.contains([last, again]) {
        (self.told, self.again) = (told, again)
        return
      }
    }
  }

  /// Whether a word that counts was said, or a narrower one: `animal` when a dog was spoken of.
  static func isSaid(_ word: String, in told: [String]) -> Bool {
    guard counting.contains(word), !told.contains(word) else { return true }
    return narrower[word]?.isDisjoint(with: told) == false
  }

  /// Words that can be new: nouns, names, verbs, adjectives, numerals and `not`.
  static let counting = Set(Lexicon.contentWords + Lexicon.numerals + ["not"]).union(narrower.keys)

  private static let narrower: [String: Set<String>] = {
    var result: [String: Set<String>] = [:]
    for noun in Lexicon.nouns + Lexicon.names {
      guard let wider = Lexicon.hypernym(noun.kind) else { continue }
      let forms = [Plurality.singular, .plural]
      for number in forms {
        result[wider.form(number), default: []].formUnion(forms.map(noun.form))
      }
    }
    return result
  }()

  private static let widened: [Noun.Kind] = [.person, .animal, .thing]

  private static func pair(
    isNew: Bool, _ composer: inout Composer
  ) -> (told: [String], again: [String]) {
    let events = (0..<composer.pick([1, 1, 1, 2])).map { _ in
      var event = Event(&composer)
      event.isNegated = composer.chance(0.15)
      return event
    }
    var again = composer.pick(events)
    if let other = events.first(where: { $0 != again }), composer.chance(0.5) {
      again.mix(with: other)
    }
    if composer.chance(0.2) { again.turnAround() }
    if isNew {
      switch composer.number(0...9) {
      case 0: again.isNegated.toggle()
      // Then only a wider word can be new.
      case 1, 2: break
      default: again.change(&composer)
      }
    }
    if composer.chance(0.2), let noun = again.object?.noun, let wider = Lexicon.hypernym(noun.kind)
    {
      again.object = Participant(noun: wider, determiner: "a")
    }
    let isPassive = composer.chance(0.15) && again.verb.past == again.verb.participle
    let isPlaceNew = again.place != nil && !events.contains { $0.place == again.place }
    var told = events.flatMap { Composer.sentence($0.words(detailed: true, placed: true)) }
    if composer.chance(0.2) { told = composer.anySentence() + told }
    return (
      told,
      Composer.sentence(
        again.words(
          detailed: composer.chance(0.25), placed: isPlaceNew || composer.chance(0.3),
          passive: isPassive))
    )
  }
}

extension Event {
  /// Takes who acts or whom it is done to from another event, where the verb allows it.
  fileprivate mutating func mix(with other: Event) {
    if verb.subjects.contains(other.subject.noun.kind) { subject = other.subject }
    if object == nil || subject != other.subject { return }
    if let thing = other.object, verb.objects.contains(thing.noun.kind) { object = thing }
  }

  /// Lets the one that it is done to do it.
  fileprivate mutating func turnAround() {
    guard let object, verb.subjects.contains(object.noun.kind),
      verb.objects.contains(subject.noun.kind)
    else { return }
    (subject, self.object) = (object, subject)
  }
}
