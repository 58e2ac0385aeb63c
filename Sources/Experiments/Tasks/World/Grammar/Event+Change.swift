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
