/// A reflexive stands for the subject of its own clause, and for nothing inside or outside of it.
enum Binding: Phenomenon {
  static let name = "binding"

  static let variants = [
    PhenomenonVariant("embedded") { composer in
      let (outer, inner) = pair(&composer)
      let speaks = composer.pick(Lexicon.declaratives).past
      return MinimalPair(
        outer.words + [speaks, "that"] + inner.words + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(inner)], bad: [reflexive(outer)])
    },
    PhenomenonVariant("phrase") { composer in
      let (other, head) = pair(&composer)
      return MinimalPair(
        head.words + [composer.pick(Lexicon.prepositions)] + other.words
          + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("relative") { composer in
      let (other, head) = pair(&composer)
      let subject = composer.relative(
        head, other, extracted: composer.chance(0.5), past: true)
      return MinimalPair(
        subject.words + [composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("possessor") { composer in
      let (other, head) = pair(&composer)
      return MinimalPair(
        other.words + ["'s", head.noun.singular, composer.pick(Lexicon.reflexives).past],
        good: [reflexive(head)], bad: [reflexive(other)])
    },
    PhenomenonVariant("subject") { composer in
      let person = composer.gendered()
      let verb = composer.pick(Lexicon.reflexives).past
      let tail = composer.chance(0.5) ? composer.placePhrase() : []
      return MinimalPair(
        good: person.words + [verb, reflexive(person)] + tail,
        bad: [reflexive(person), verb] + person.words + tail)
    },
  ]

  /// Two persons of different gender, the second not called by name.
  private static func pair(_ composer: inout Composer) -> (NounPhrase, NounPhrase) {
    let first = composer.gendered()
    let noun = composer.pick(Lexicon.gendered.filter { $0.gender == first.gender.opposite })
    return (first, composer.nounPhrase(of: noun, .singular, detail: 0))
  }

  private static func reflexive(_ phrase: NounPhrase) -> String {
    phrase.gender == .masculine ? "himself" : "herself"
  }
}
