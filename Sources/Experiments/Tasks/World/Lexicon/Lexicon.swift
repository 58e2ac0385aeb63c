/// The words of the world; their features decide which sentences are good.
enum Lexicon {
  /// Every word, once, in no particular order.
  static let words: Set<String> = {
    var words = Set(nouns.flatMap { [$0.singular] + ($0.plural.map { [$0] } ?? []) })
    words.formUnion((verbs + framedVerbs).flatMap(\.forms))
    words.formUnion(names.map(\.singular))
    words.formUnion(adjectives + functionWords + labelWords)
    words.remove(unused)
    return words
  }()

  /// Fills the form of a verb that the world never says.
  static let unused = "-"

  static func nouns(_ kinds: [Noun.Kind]) -> [Noun] { nouns.filter { kinds.contains($0.kind) } }

  /// Persons whose gender shows: only they can disagree with `himself`.
  static let gendered = nouns.filter { $0.kind == .person && $0.gender != .common }
  static let animates = nouns(.animate)
  static let countables = nouns.filter { !$0.isMass && $0.kind != .place }
  static let masses = nouns.filter(\.isMass)
  static let places = nouns([.place])
  static let portables = nouns(.inanimate).filter { !$0.isMass }

  static func verbs(_ frame: Verb.Frame) -> [Verb] {
    (verbs + framedVerbs).filter { $0.frame == frame }
  }

  /// The verb of what happens with this base form.
  ///
  /// - Precondition: There is one.
  static func verb(_ base: String) -> Verb {
    guard let verb = verbs.first(where: { $0.base == base }) else {
      preconditionFailure("the lexicon has no verb '\(base)'")
    }
    return verb
  }

  static let intransitives = verbs(.intransitive)
  static let transitives = verbs(.transitive)
  static let ditransitives = verbs(.ditransitive)
  static let declaratives = verbs(.declarative)
  static let interrogatives = verbs(.interrogative)
  static let controls = verbs(.control)
  static let raisings = verbs(.raising)
  static let objectControls = verbs(.objectControl)
  static let objectRaisings = verbs(.objectRaising)
  /// Verbs with past and participle of their own: `took`, `taken`.
  static let irregulars = (transitives + ditransitives).filter(\.hasOwnParticiple)
  /// Verbs whose object cannot be left out.
  static let strictTransitives = transitives.filter {
    ["like", "find", "hold", "take", "chase", "visit"].contains($0.base)
  }
  /// Verbs that one can do to oneself.
  static let reflexives = transitives.filter {
    ["see", "like", "help", "wash", "hide"].contains($0.base)
  }
}

extension Lexicon {
  /// Adjectives in pairs of opposites, said of persons and animals.
  static let animateOpposites = [
    ("big", "small"), ("tall", "short"), ("young", "old"), ("happy", "sad"),
  ]
  /// Adjectives in pairs of opposites, said of things.
  static let inanimateOpposites = [
    ("big", "small"), ("clean", "dirty"), ("new", "old"), ("warm", "cold"),
  ]
  static let colors = ["red", "blue", "green", "black"]
  static let animateAdjectives = animateOpposites.flatMap { [$0.0, $0.1] } + ["hungry"]
  static let inanimateAdjectives = inanimateOpposites.flatMap { [$0.0, $0.1] } + colors
  /// Said of what is done to their subject: `easy to find`.
  static let toughAdjectives = ["easy", "hard"]
  /// Said of what their subject does: `eager to sleep`.
  static let eagerAdjectives = ["eager", "afraid"]
  static let adjectives =
    animateAdjectives + inanimateAdjectives + toughAdjectives + eagerAdjectives + ["likely"]

  static let prepositions = ["near", "behind", "beside"]
  static let placePrepositions = ["in", "near", "behind"]
  static let frequencies = ["often", "always", "never"]

  /// Words of closed classes, and what a conversation about the world needs.
  static let functionWords: [String] = [
    determiners, pronouns, auxiliaries, prepositions, placePrepositions, frequencies,
    "to from by of with at than".words,
    "and or but because when while if that before after then too".words,
    "not no nobody someone anyone ever only even really more least there 's".words,
    "who what which where today yesterday now again quickly slowly".words,
    "person people animal animals thing things".words, walk.forms,
    ". ? , : ; question answer".words,
    remarkWords,
  ].flatMap(\.self)

  static let determiners =
    "the a an this that these those every each some any no many few much little all most".words
    + numerals
  static let numerals = "two three four".words
  static let pronouns =
    "he she it they him her them himself herself itself themselves his its their"
    .words
  static let auxiliaries =
    "is are was were be do does did has have will can not to".words

  /// What is said of sentences in order and spoiled, and of words known and unknown.
  static let remarks = (inOrder: "fine", spoiled: "odd", known: "known", unknown: "strange")
  static let remarkWords = [remarks.inOrder, remarks.spoiled, remarks.known, remarks.unknown]

  /// Nouns in both numbers, and names.
  static let nounForms =
    (nouns.flatMap { [$0.singular, $0.plural].compactMap(\.self) } + names.map(\.singular)).sorted()
  static let verbForms = Set(verbs.flatMap(\.forms)).sorted()
  /// Nouns, names, verbs and adjectives in all their forms.
  static let contentWords = (nounForms + verbForms + adjectives).sorted()

  /// Those of a text, each once, in the order of the alphabet.
  static func contentWords(of text: [String]) -> [String] {
    Set(text).intersection(contentWords).sorted()
  }

  /// What is said of words that were there before, and of new ones.
  static func remark(isNew: Bool) -> String { isNew ? remarks.unknown : remarks.known }

  /// What answers can be in labelled text: any of these may stand for anything.
  static let labelWords =
    ("yes no true false good bad right wrong up down left north south east west first second last"
    + " gold silver stone paper summer winter day night alpha beta gamma delta red blue green black"
    + " one two three four").words
}

extension String {
  /// The words between blanks.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
