import Engine

/// Draws words, phrases and sentences of the world from a random stream.
///
/// What it composes is good English as the world has it; what a phenomenon spoils, it spoils itself.
struct Composer {
  private var random: RandomStream

  init(_ random: RandomStream) {
    self.random = random
  }

  init(seed: UInt64, purpose: String) {
    self.init(RandomStream(seed: seed, purpose: purpose))
  }

  /// One of the elements, each as likely.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[random.index(below: elements.count)]
  }

  /// One of the elements that is not `other`.
  mutating func pick<Element: Equatable>(_ elements: [Element], not other: Element) -> Element {
    pick(elements.filter { $0 != other })
  }

  mutating func chance(_ probability: Double) -> Bool { share() < probability }

  /// A number drawn evenly from [0, 1).
  mutating func share() -> Double { random.uniform() }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.index(below: range.count)
  }

  mutating func permuted<Element>(_ elements: [Element]) -> [Element] { random.permuted(elements) }

  mutating func plurality() -> Plurality { chance(0.5) ? .singular : .plural }

  /// A sentence of words: its mark added, `a` turned to `an` before a vowel.
  static func sentence(_ words: [String], _ mark: String = ".") -> [String] {
    var result = words
    for index in result.indices.dropLast() where result[index] == "a" {
      if let first = result[index + 1].first, "aeiou".contains(first) { result[index] = "an" }
    }
    result.append(mark)
    return result
  }
}

/// A noun with all that belongs to it, and the features that the rest of a sentence agrees with.
struct NounPhrase: Hashable, Sendable {
  var words: [String]
  let number: Plurality
  let gender: Gender
  let kind: Noun.Kind
  /// The head; a name is a noun of its own.
  let noun: Noun

  /// The pronoun that can stand for it as a subject; nil when its gender does not show.
  var subjectPronoun: String? { pronoun("he", "she", "it", "they") }
  /// The pronoun that can stand for it as an object.
  var objectPronoun: String? { pronoun("him", "her", "it", "them") }
  var possessive: String? { pronoun("his", "her", "its", "their") }

  private func pronoun(
    _ masculine: String, _ feminine: String, _ neuter: String, _ plural: String
  ) -> String? {
    switch (number, gender) {
    case (.plural, _): plural
    case (_, .masculine): masculine
    case (_, .feminine): feminine
    case (_, .neuter): neuter
    case (_, .common): nil
    }
  }
}

extension Composer {
  /// A phrase with a noun of one of the kinds.
  ///
  /// - Parameters:
  ///   - kinds: What it may speak of.
  ///   - number: Singular or plural; nil draws one.
  ///   - named: Whether a person may be called by name.
  ///   - detail: Probability of an adjective.
  /// - Returns: The phrase, determiner included.
  mutating func nounPhrase(
    _ kinds: [Noun.Kind] = .animate, _ number: Plurality? = nil, named: Bool = true,
    detail: Double = 0.2
  ) -> NounPhrase {
    if named, number != .plural, kinds.contains(.person), chance(0.2) { return name() }
    let kind = pick(kinds)
    let noun = pick(Lexicon.nouns([kind]))
    return nounPhrase(of: noun, number, detail: detail)
  }

  /// A phrase with this noun; a mass noun counts as singular.
  mutating func nounPhrase(
    of noun: Noun, _ wanted: Plurality? = nil, determiner given: String? = nil,
    detail: Double = 0.2
  ) -> NounPhrase {
    let drawn = wanted ?? plurality()
    let number = noun.isMass ? .singular : drawn
    var words = [given ?? determiner(noun, number)]
    if noun.kind != .place, !noun.isMass, chance(detail) { words.append(adjective(noun.kind)) }
    words.append(noun.form(number))
    return phrase(words, noun, number)
  }

  /// A phrase of given words around a noun.
  func phrase(_ words: [String], _ noun: Noun, _ number: Plurality) -> NounPhrase {
    NounPhrase(words: words, number: number, gender: noun.gender, kind: noun.kind, noun: noun)
  }

  /// A person called by name.
  mutating func name(_ gender: Gender? = nil) -> NounPhrase {
    let noun = pick(Lexicon.names.filter { gender == nil || $0.gender == gender })
    return phrase([noun.singular], noun, .singular)
  }

  /// A person whose gender shows: `the girl`, `anna`, in the plural only for number.
  mutating func gendered(_ number: Plurality = .singular, named: Bool = true) -> NounPhrase {
    if named, number == .singular, chance(0.3) { return name() }
    return nounPhrase(of: pick(Lexicon.gendered), number)
  }

  mutating func adjective(_ kind: Noun.Kind) -> String {
    pick(
      [Noun.Kind].animate.contains(kind)
        ? Lexicon.animateAdjectives : Lexicon.inanimateAdjectives)
  }

  /// A determiner that goes with the noun in this number.
  private mutating func determiner(_ noun: Noun, _ number: Plurality) -> String {
    if noun.kind == .place || chance(0.5) { return "the" }
    if noun.isMass { return pick(["the", "some", "this", "that"]) }
    switch number {
    case .singular: return pick(["a", "a", "this", "that", "every", "each"])
    case .plural:
      return pick(
        ["some", "these", "those", "many", "few", "all", "most", "the"] + Lexicon.numerals)
    }
  }

  /// `in the garden`.
  mutating func placePhrase() -> [String] {
    [pick(Lexicon.placePrepositions), "the", pick(Lexicon.places).singular]
  }

  /// A phrase whose head is followed by another phrase, in the other number when `attracting`.
  mutating func modified(
    _ head: NounPhrase, attracting: Bool = false
  ) -> NounPhrase {
    let other = nounPhrase(.animate, attracting ? head.number.other : nil, detail: 0)
    var result = head
    result.words += [pick(Lexicon.prepositions)] + other.words
    return result
  }

  /// `the boy that the girls like`, or `the boy that likes the girls`, in the past or the present.
  ///
  /// - Parameters:
  ///   - head: What the relative clause is about; a person or an animal.
  ///   - other: What else it speaks of.
  ///   - extracted: Whether the head is the object of the relative clause.
  ///   - past: Its tense.
  /// - Returns: The head with its features and the relative clause behind it.
  mutating func relative(
    _ head: NounPhrase, _ other: NounPhrase, extracted: Bool, past: Bool
  ) -> NounPhrase {
    let verb = pick(Self.animateTransitives)
    let subject = extracted ? other : head
    let form = past ? verb.past : verb.present(subject.number)
    var result = head
    result.words += ["that"] + (extracted ? other.words + [form] : [form] + other.words)
    return result
  }

  /// Verbs that an animal or person can do to another.
  static let animateTransitives = Lexicon.transitives.filter {
    $0.objects.contains(.person) && $0.subjects.contains(.animal)
  }
}
