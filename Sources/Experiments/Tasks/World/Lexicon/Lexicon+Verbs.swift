extension Lexicon {
  /// Verbs of what happens: base, third person, past, participle, progressive.
  static let verbs: [Verb] = [
    Verb("sleep sleeps slept slept sleeping", .intransitive),
    Verb("run runs ran run running", .intransitive),
    Verb("laugh laughs laughed laughed laughing", .intransitive),
    Verb("sing sings sang sung singing", .intransitive),
    Verb("swim swims swam swum swimming", .intransitive),
    Verb("smile smiles smiled smiled smiling", .intransitive),
    Verb("wait waits waited waited waiting", .intransitive),
    Verb("fall falls fell fallen falling", .intransitive, by: .anything),
    Verb("vanish vanishes vanished vanished vanishing", .intransitive, by: .anything),
    Verb("see sees saw seen seeing", .transitive, of: .anything),
    Verb("like likes liked liked liking", .transitive, of: .anything),
    Verb("find finds found found finding", .transitive, of: .anything),
    Verb("hold holds held held holding", .transitive, of: .inanimate),
    Verb("take takes took taken taking", .transitive, of: .inanimate),
    Verb("hide hides hid hidden hiding", .transitive, of: .inanimate),
    Verb("break breaks broke broken breaking", .transitive, of: [.thing]),
    Verb("wash washes washed washed washing", .transitive, of: [.animal, .thing]),
    Verb("chase chases chased chased chasing", .transitive, of: .animate),
    Verb("help helps helped helped helping", .transitive, of: .animate),
    Verb("visit visits visited visited visiting", .transitive, of: .animate),
    Verb("eat eats ate eaten eating", .transitive, of: [.food]),
    Verb("drink drinks drank drunk drinking", .transitive, of: [.drink]),
    Verb("write writes wrote written writing", .transitive, by: [.person], of: [.writing]),
    Verb("give gives gave given giving", .ditransitive, by: [.person], of: .inanimate),
    Verb("show shows showed shown showing", .ditransitive, by: [.person], of: .inanimate),
    Verb("send sends sent sent sending", .ditransitive, by: [.person], of: .inanimate),
  ]

  /// Verbs that take a clause; the world says only some of their forms.
  static let framedVerbs: [Verb] = [
    Verb("think thinks thought - -", .declarative, by: [.person]),
    Verb("say says said - -", .declarative, by: [.person]),
    Verb("believe believes believed - -", .declarative, by: [.person]),
    Verb("hope hopes hoped - -", .declarative, by: [.person]),
    Verb("know knows knew - -", .interrogative, by: [.person]),
    Verb("ask asks asked - -", .interrogative, by: [.person]),
    Verb("wonder wonders wondered - -", .interrogative, by: [.person]),
    Verb("try tries tried - -", .control),
    Verb("want wants wanted - -", .control),
    Verb("decide decides decided - -", .control),
    Verb("seem seems seemed - -", .raising, by: .anything),
    Verb("appear appears appeared - -", .raising, by: .anything),
    Verb("tend tends tended - -", .raising, by: .anything),
    Verb("force forces forced - -", .objectControl, by: [.person]),
    Verb("persuade persuades persuaded - -", .objectControl, by: [.person]),
    Verb("expect expects expected - -", .objectRaising, by: [.person]),
    Verb("need needs needed - -", .objectRaising, by: [.person]),
  ]

  /// `walk` goes with a place: `walked to the garden`.
  static let walk = Verb("walk walks walked walked walking", .intransitive)
}
