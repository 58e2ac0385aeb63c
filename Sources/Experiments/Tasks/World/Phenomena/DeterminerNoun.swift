/// A determiner that shows number stands with a noun in that number.
enum DeterminerNoun: Phenomenon {
  static let name = "determiner-noun"

  static let variants = [
    PhenomenonVariant("demonstrative") { composer in
      pair(
        of: Lexicon.countables.filter { !$0.isIrregular }, demonstratives, adjective: false,
        &composer)
    },
    PhenomenonVariant("adjective") { composer in
      pair(of: Lexicon.countables, demonstratives, adjective: true, &composer)
    },
    PhenomenonVariant("irregular") { composer in
      pair(
        of: Lexicon.countables.filter(\.isIrregular), demonstratives, adjective: false, &composer)
    },
    PhenomenonVariant("quantity") { composer in
      pair(of: Lexicon.countables, quantities, adjective: false, &composer)
    },
  ]

  private static let demonstratives: [(String, Plurality)] = [
    ("this", .singular), ("that", .singular), ("these", .plural), ("those", .plural),
  ]
  private static let quantities: [(String, Plurality)] = [
    ("every", .singular), ("each", .singular), ("a", .singular),
    ("many", .plural), ("few", .plural), ("two", .plural), ("three", .plural), ("four", .plural),
  ]

  /// The phrase is an object, so that nothing else in the sentence shows its number.
  private static func pair(
    of nouns: [Noun], _ determiners: [(String, Plurality)], adjective: Bool,
    _ composer: inout Composer
  ) -> MinimalPair {
    let noun = composer.pick(nouns)
    let (determiner, number) = composer.pick(determiners)
    let verbs = Lexicon.transitives.filter {
      $0.objects.contains(noun.kind) && $0.subjects.contains(.animal)
    }
    let clause = Clause(
      subject: composer.nounPhrase(), verb: composer.pick(verbs),
      tense: composer.pick([.present, .past, .past, .future]))
    let before = [determiner] + (adjective ? [composer.adjective(noun.kind)] : [])
    return MinimalPair(
      clause.words + before, good: [noun.form(number)], bad: [noun.form(number.other)])
  }
}
