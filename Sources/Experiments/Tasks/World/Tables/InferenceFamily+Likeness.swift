extension InferenceFamily {
  /// Families in which what follows mostly repeats the premise's words and what is ruled out mostly
  /// brings new ones, as in MNLI; each family has both classes, and no single word tells them apart.
  ///
  /// As in image captions that such corpora begin with, both sentences speak of the same event: it has
  /// one agent, one object and one place.
  static let likenesses: [(share: Int, family: InferenceFamily)] = [
    (12, events), (3, kinds), (2, states), (2, negations), (2, numbers), (1, couples),
  ]

  /// The event without its details, or with another participant, verb or place.
  private static let events = InferenceFamily("event") { isEntailed, composer in
    let premise = Event(&composer)
    var hypothesis = premise
    if !isEntailed { hypothesis.change(&composer) }
    return said(premise, hypothesis, isEntailed, &composer)
  }

  /// A participant as one of its kind, or of another.
  private static let kinds = InferenceFamily("kind") { isEntailed, composer in
    let premise = transitive(&composer)
    var hypothesis = premise
    let kinds: [Noun.Kind] = [.person, .animal, .thing]
    let object = premise.object?.noun.kind ?? .thing
    let own = object == .writing ? .thing : object
    let kind = isEntailed ? own : composer.pick(kinds, not: own)
    if let noun = Lexicon.hypernym(kind) {
      hypothesis.object = Participant(noun: noun, determiner: "a")
    }
    return said(premise, hypothesis, isEntailed, &composer)
  }

  /// `the box was big`: not small, or small.
  private static let states = InferenceFamily("state") { isEntailed, composer in
    var subject = composer.participant(.anything, counted: false)
    let isAnimate = [Noun.Kind].animate.contains(subject.noun.kind)
    var (first, second) = composer.pick(
      isAnimate ? Lexicon.animateOpposites : Lexicon.inanimateOpposites)
    if composer.chance(0.5) { swap(&first, &second) }
    if isAnimate || subject.noun.isMass {
      subject.adjective = nil
    } else {
      subject.adjective = composer.pick(Lexicon.colors)
    }
    let copula = composer.pick(["is", "was"])
    let place = composer.chance(0.5) ? composer.placePhrase() : []
    let premiseNegates = composer.chance(0.25)
    let premise = premiseNegates ? ["not", second] : [first]
    let follows = composer.chance(0.5) ? ["not", second] : [first]
    let excluded = composer.chance(0.5) ? ["not", first] : [second]
    let start = subject.phrase(detailed: false).words
    return Inference(
      subject.phrase(detailed: true).words + place + [copula] + premise,
      start + [copula] + (isEntailed ? follows : excluded), isEntailed: isEntailed)
  }

  /// One sentence denies what the other says, or both deny it.
  private static let negations = InferenceFamily("negation") { isEntailed, composer in
    var premise = Event(&composer)
    var hypothesis = premise
    if isEntailed {
      let isNegated = composer.chance(0.75)
      (premise.isNegated, hypothesis.isNegated) = (isNegated, isNegated)
      // What did not happen did not happen anywhere in particular: here details come with the second.
      return Inference(
        premise.words(detailed: !isNegated, placed: !isNegated),
        hypothesis.words(detailed: isNegated, placed: isNegated), isEntailed: true)
    }
    premise.isNegated = composer.chance(0.5)
    hypothesis.isNegated = !premise.isNegated
    let detailed = composer.chance(0.5)
    return Inference(
      premise.words(detailed: detailed && !premise.isNegated, placed: !premise.isNegated),
      hypothesis.words(detailed: false, placed: premise.isNegated && detailed), isEntailed: false)
  }

  /// As many, or another number of them.
  private static let numbers = InferenceFamily("number") { isEntailed, composer in
    var premise = Event(&composer)
    let kinds: [Noun.Kind] = premise.verb.subjects == [.person] ? [.person] : .animate
    premise.subject = composer.participant(kinds, named: false)
    let numeral = composer.pick(Lexicon.numerals)
    premise.subject.determiner = numeral
    var hypothesis = premise
    if isEntailed {
      if composer.chance(0.3) { hypothesis.subject.determiner = "some" }
    } else {
      hypothesis.subject.determiner = composer.pick(Lexicon.numerals, not: numeral)
    }
    return said(premise, hypothesis, isEntailed, &composer)
  }

  /// Two events in one premise: one of them, or a mixture of both.
  private static let couples = InferenceFamily("couple") { isEntailed, composer in
    var first = transitive(&composer)
    var second = first
    second.subject = composer.participant(first.verb.subjects, not: first.subject.noun)
    second.object = composer.participant(
      first.verb.objects, counted: false, not: first.object?.noun)
    (first.place, second.place) = (nil, nil)
    var hypothesis = composer.chance(0.5) ? first : second
    if !isEntailed {
      hypothesis.object = hypothesis == first ? second.object : first.object
    }
    return Inference(
      first.words(detailed: true, placed: false) + [composer.pick(["and", "but"])]
        + second.words(detailed: true, placed: false),
      hypothesis.words(detailed: false, placed: false), isEntailed: isEntailed)
  }

  private static func transitive(_ composer: inout Composer) -> Event {
    while true {
      let event = Event(&composer)
      if let noun = event.object?.noun, Lexicon.hypernym(noun.kind) != nil { return event }
    }
  }

  /// Says both: the premise in full, the hypothesis with less, either of them now and then as a passive.
  private static func said(
    _ premise: Event, _ hypothesis: Event, _ isEntailed: Bool, _ composer: inout Composer
  ) -> Inference {
    let isPlaceNews = hypothesis.place != premise.place
    return Inference(
      premise.words(detailed: true, placed: true, passive: composer.chance(0.15)),
      hypothesis.words(
        detailed: composer.chance(0.25), placed: isPlaceNews || composer.chance(0.25),
        passive: composer.chance(0.15)),
      isEntailed: isEntailed)
  }
}
