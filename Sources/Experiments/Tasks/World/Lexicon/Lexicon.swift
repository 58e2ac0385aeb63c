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
