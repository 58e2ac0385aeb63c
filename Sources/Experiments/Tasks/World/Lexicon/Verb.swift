/// A verb with its forms, what stands beside it, and what it says that of.
struct Verb: Hashable, Sendable {
  /// What a verb takes beside its subject.
  enum Frame: Hashable, Sendable {
    case intransitive
    case transitive
    /// Two objects: `gave the girl a cup`.
    case ditransitive
    /// A sentence with `that`.
    case declarative
    /// A question: `asked who slept`.
    case interrogative
    /// An infinitive whose subject is the verb's own: `tried to sleep`.
    case control
    /// An infinitive and any subject, `there` included: `seemed to sleep`.
    case raising
    /// A person and an infinitive: `forced the boy to sleep`.
    case objectControl
    /// A sentence in the infinitive: `expected there to be a dog`.
    case objectRaising
  }

  let base: String
  /// Present, third person singular.
  let third: String
  let past: String
  let participle: String
  let progressive: String
  let frame: Frame
  let subjects: [Noun.Kind]
  let objects: [Noun.Kind]

  init(
    _ forms: String, _ frame: Frame, by subjects: [Noun.Kind] = .animate,
    of objects: [Noun.Kind] = []
  ) {
    let forms = forms.split(separator: " ").map(String.init)
    precondition(forms.count == 5, "a verb has five forms, not \(forms)")
    (base, third, past) = (forms[0], forms[1], forms[2])
    (participle, progressive) = (forms[3], forms[4])
    self.frame = frame
    self.subjects = subjects
    self.objects = objects
  }

  /// The present form that agrees with a subject of this number.
  func present(_ number: Plurality) -> String { number == .singular ? third : base }

  /// Whether past and participle are different words, neither of them made with `ed`.
  var hasOwnParticiple: Bool { past != participle && participle != base }

  var forms: [String] { [base, third, past, participle, progressive] }
}

/// The times and aspects that clauses come in.
enum Tense: Hashable, Sendable, CaseIterable {
  case present
  case past
  case future
  case ability
  case progressive
  case pastProgressive
  case perfect

  var isPast: Bool { self == .past || self == .pastProgressive }
}

/// A verb in a clause: the auxiliary that a question moves and the rest.
struct VerbGroup: Hashable, Sendable {
  /// Nil where only questions and negations need one.
  let auxiliary: String?
  /// The auxiliary of the question: `did` where ``auxiliary`` is nil.
  let support: String
  /// The verb behind the auxiliary.
  let main: String
  /// The verb without an auxiliary: `saw`; equal to ``main`` where there is one.
  let bare: String

  init(_ verb: Verb, _ tense: Tense, _ number: Plurality) {
    let isSingular = number == .singular
    switch tense {
    case .present:
      (auxiliary, support) = (nil, isSingular ? "does" : "do")
      (main, bare) = (verb.base, verb.present(number))
    case .past:
      (auxiliary, support, main, bare) = (nil, "did", verb.base, verb.past)
    case .future, .ability:
      support = tense == .future ? "will" : "can"
      (auxiliary, main, bare) = (support, verb.base, verb.base)
    case .progressive, .pastProgressive:
      support = Copula.form(number, past: tense.isPast)
      (auxiliary, main, bare) = (support, verb.progressive, verb.progressive)
    case .perfect:
      support = isSingular ? "has" : "have"
      (auxiliary, main, bare) = (support, verb.participle, verb.participle)
    }
  }

  func words(negated: Bool) -> [String] {
    if negated { return [support, "not", main] }
    return auxiliary.map { [$0, main] } ?? [bare]
  }
}

/// The forms of `be` that agree.
enum Copula {
  static func form(_ number: Plurality, past: Bool) -> String {
    switch number {
    case .singular: past ? "was" : "is"
    case .plural: past ? "were" : "are"
    }
  }
}

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
