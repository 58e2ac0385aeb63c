/// Who or what takes part in an event.
struct Participant: Hashable, Sendable {
  var noun: Noun
  /// Nil for names, whose noun says all; a numeral and `some` make a plural.
  var determiner: String?
  var adjective: String?

  var number: Plurality {
    determiner.map((Lexicon.numerals + ["some"]).contains) == true ? .plural : .singular
  }

  /// As it is said, with the adjective or without.
  func phrase(detailed: Bool) -> NounPhrase {
    var words = determiner.map { [$0] } ?? []
    if detailed, let adjective { words.append(adjective) }
    words.append(noun.form(number))
    return NounPhrase(
      words: words, number: number, gender: noun.gender, kind: noun.kind, noun: noun)
  }
}

extension Composer {
  /// A participant of one of the kinds: a name, `the` or a numeral before a noun.
  mutating func participant(
    _ kinds: [Noun.Kind], named: Bool = true, counted: Bool = true, not other: Noun? = nil
  ) -> Participant {
    if named, kinds.contains(.person), chance(0.25) {
      return Participant(noun: pick(Lexicon.names.filter { $0 != other }))
    }
    let noun = pick(Lexicon.nouns([pick(kinds)]).filter { $0 != other })
    let determiner = counted && !noun.isMass && chance(0.15) ? pick(Lexicon.numerals) : "the"
    return Participant(
      noun: noun, determiner: determiner,
      adjective: noun.isMass || chance(0.6) ? nil : adjective(noun.kind))
  }
}
