/// A few events about the same persons and things, told in order, and what can be asked about them.
struct Story {
  /// The sentences, each with its mark.
  private(set) var sentences: [[String]] = []
  /// Questions and their answers, both with marks, about what holds at the end.
  private(set) var questions: [(question: [String], answer: [String])] = []

  private let persons: [NounPhrase]
  private let things: [NounPhrase]
  /// Where each person is, by position in ``persons``.
  private var places: [String?]
  /// Who has each thing, by position in ``things``.
  private var holders: [Int?]
  /// Who was spoken of last: `he` is only said when it is clear who that is.
  private var topic: Int?
  private var mentioned: Set<Int> = []
  private var happened: [(person: Int, verb: Verb, thing: Int)] = []

  init(_ composer: inout Composer, events: Int) {
    let first = composer.gendered(.singular)
    var second = composer.gendered(.singular)
    // Different genders, so that a pronoun says who is meant.
    while second.gender == first.gender { second = composer.gendered(.singular) }
    persons = [first, second].map { Self.definite($0) }
    let nouns = composer.permuted(Lexicon.portables).prefix(2)
    things = nouns.map { noun in
      Self.definite(composer.nounPhrase(of: noun, .singular, determiner: "the", detail: 0.5))
    }
    places = [nil, nil]
    holders = [nil, nil]
    for _ in 0..<events { tellEvent(&composer) }
    gatherQuestions()
  }

  /// The same phrase as something known: `the` stands before the noun.
  private static func definite(_ phrase: NounPhrase) -> NounPhrase {
    var result = phrase
    if phrase.words.count > 1 { result.words[0] = "the" }
    return result
  }

  private mutating func tellEvent(_ composer: inout Composer) {
    let person = composer.chance(0.6) ? topic ?? 0 : composer.number(0...1)
    let thing = composer.number(0...1)
    switch composer.number(0...6) {
    case 0, 1:
      let place = composer.pick(Lexicon.places).singular
      places[person] = place
      tell(person, ["walked", "to", "the", place], &composer)
    case 2:
      tell(person, [composer.pick(Lexicon.intransitives).past], &composer)
    case 3:
      tell(person, ["was", composer.adjective(.person)], &composer)
    case 4:
      let thing = things[thing]
      sentences.append(
        Composer.sentence(thing.words + ["was", composer.adjective(thing.kind)]))
    default: handle(person, thing, &composer)
    }
  }

  /// Somebody finds a thing, or does something with the one that is there.
  private mutating func handle(_ person: Int, _ thing: Int, _ composer: inout Composer) {
    guard let holder = holders[thing] else {
      let verb = composer.pick(Self.takings)
      act(person, verb, thing, &composer)
      holders[thing] = person
      if let place = places[person], composer.chance(0.5) {
        sentences[sentences.count - 1].removeLast()
        sentences[sentences.count - 1] += ["in", "the", place, "."]
      }
      return
    }
    let other = 1 - holder
    if composer.chance(0.6) {
      let object = composer.chance(0.5) ? things[thing].words : ["it"]
      var receiver = persons[other].words
      if mentioned.contains(other), composer.chance(0.5), let pronoun = persons[other].objectPronoun
      {
        receiver = [pronoun]
      }
      tell(holder, ["gave"] + object + ["to"] + receiver, &composer)
      mentioned.insert(other)
      holders[thing] = other
      topic = other
    } else {
      act(holder, composer.pick(Self.doings), thing, &composer)
    }
  }

  private mutating func act(
    _ person: Int, _ verb: Verb, _ thing: Int, _ composer: inout Composer
  ) {
    happened.append((person, verb, thing))
    if composer.chance(0.15) {
      sentences.append(
        Composer.sentence(
          things[thing].words + ["was", verb.participle, "by"] + persons[person].words))
      topic = person
      mentioned.insert(person)
    } else {
      tell(person, [verb.past] + things[thing].words, &composer)
    }
  }

  private mutating func tell(
    _ person: Int, _ predicate: [String], _ composer: inout Composer
  ) {
    var subject = persons[person].words
    if topic == person, composer.chance(0.7), let pronoun = persons[person].subjectPronoun {
      subject = [pronoun]
    }
    let start = !sentences.isEmpty && composer.chance(0.15) ? ["then"] : []
    sentences.append(Composer.sentence(start + subject + predicate))
    topic = person
    mentioned.insert(person)
  }

  private mutating func gatherQuestions() {
    for (thing, holder) in zip(things, holders) {
      guard let holder else { continue }
      ask(["who", "has"] + thing.words, persons[holder].words)
    }
    for (person, place) in zip(persons, places) {
      guard let place else { continue }
      ask(["where", "is"] + person.words, ["in", "the", place])
    }
    for event in happened {
      let (person, thing) = (persons[event.person], things[event.thing])
      let same = happened.filter { $0.verb == event.verb }
      if same.allSatisfy({ $0.thing != event.thing || $0.person == event.person }) {
        ask(["who", event.verb.past] + thing.words, person.words)
      }
      if same.allSatisfy({ $0.person != event.person || $0.thing == event.thing }) {
        ask(["what", "did"] + person.words + [event.verb.base], thing.words)
      }
    }
  }

  private mutating func ask(_ question: [String], _ answer: [String]) {
    questions.append((Composer.sentence(question, "?"), Composer.sentence(answer)))
  }

  private static let takings = Lexicon.transitives.filter {
    ["find", "take"].contains($0.base)
  }
  private static let doings = Lexicon.transitives.filter {
    ["hold", "hide", "like", "see"].contains($0.base)
  }
}

/// Stories, with questions about them and answers.
enum StoryDocument {
  /// One story, without questions.
  static func narrative(_ composer: inout Composer) -> [String] {
    Story(&composer, events: composer.number(5...14)).sentences.flatMap(\.self)
  }

  /// A story, then questions that it answers; answers are never `yes` or `no`.
  static func questions(_ composer: inout Composer) -> [String] {
    var words: [String] = []
    for _ in 0..<composer.number(1...3) {
      let story = Story(&composer, events: composer.number(3...8))
      let asked = composer.permuted(story.questions).prefix(composer.number(1...4))
      let isTagged = composer.chance(0.5)
      words += story.sentences.flatMap(\.self)
      for (question, answer) in asked {
        words +=
          isTagged ? ["question", ":"] + question + ["answer", ":"] + answer : question + answer
      }
    }
    return words
  }
}
