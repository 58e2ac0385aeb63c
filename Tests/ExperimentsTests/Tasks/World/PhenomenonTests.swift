import Testing

@testable import Experiments

@Suite("Phenomena")
struct PhenomenonTests {
  /// A variant with the name of its phenomenon.
  struct Case: Sendable, CustomTestStringConvertible {
    let phenomenon: String
    let variant: PhenomenonVariant

    var testDescription: String { "\(phenomenon), \(variant.name)" }

    func pairs(_ count: Int) -> [MinimalPair] {
      var composer = Composer(seed: 5, purpose: "test of \(testDescription)")
      return (0..<count).map { _ in variant.pair(&composer) }
    }

    static let all = PhenomenonRegistry.standard.phenomena.flatMap { phenomenon in
      phenomenon.variants.map { Case(phenomenon: phenomenon.name, variant: $0) }
    }
  }

  @Test("there are at least twelve, all with names of their own")
  func names() {
    let names = PhenomenonRegistry.standard.phenomena.map { $0.name }
    #expect(names.count >= 12)
    #expect(Set(names).count == names.count)
    #expect(Set(Case.all.map(\.testDescription)).count == Case.all.count)
  }

  @Test("pairs are many, differ, and say nothing outside the vocabulary", arguments: Case.all)
  func pairs(of variant: Case) {
    let pairs = variant.pairs(400)
    let vocabulary = Set(World.vocabulary)
    #expect(Set(pairs).count >= 300, "only \(Set(pairs).count) of 400 are distinct")
    for pair in pairs {
      #expect(pair.good != pair.bad)
      #expect(pair.good.last == pair.bad.last)
      #expect(vocabulary.isSuperset(of: pair.good + pair.bad), "\(pair)")
      #expect((3...24).contains(pair.good.count) && (3...24).contains(pair.bad.count))
    }
  }

  @Test("no sentence is good in one pair and bad in another")
  func consistency() {
    let pairs = Case.all.flatMap { $0.pairs(300) }
    let both = Set(pairs.map(\.good)).intersection(pairs.map(\.bad))
    #expect(both.isEmpty, "\(both.prefix(5).map { $0.joined(separator: " ") })")
  }

  @Test("what is the same stands at both ends, what differs is short")
  func difference() {
    for pair in Case.all.flatMap({ $0.pairs(20) }) {
      let (good, bad) = (pair.good, pair.bad)
      let head = zip(good, bad).prefix { $0 == $1 }.count
      let tail = zip(good.reversed(), bad.reversed()).prefix { $0 == $1 }.count
      #expect(tail >= 1)
      #expect(head + tail >= 1)
      #expect(good.count - head - tail <= 12, "\(pair)")
    }
  }

  @Test(
    "the verb agrees with the first noun, whatever stands between",
    arguments: ["verb", "phrase-attractor", "relative-attractor"])
  func agreement(variant: String) {
    let variant = Case(
      phenomenon: "agreement", variant: PhenomenonRegistry.standard.variant("agreement", variant))
    let plurals = Set(Lexicon.nouns.compactMap(\.plural))
    let singulars = Set((Lexicon.nouns + Lexicon.names).map(\.singular))
    let thirds = Set(Lexicon.verbs.map(\.third))
    for pair in variant.pairs(300) {
      guard let head = pair.good.first(where: { plurals.contains($0) || singulars.contains($0) }),
        let place = pair.good.indices.first(where: { pair.good[$0] != pair.bad[$0] })
      else {
        Issue.record("no noun or no difference in \(pair)")
        continue
      }
      #expect(thirds.contains(pair.good[place]) == singulars.contains(head), "\(pair)")
      #expect(thirds.contains(pair.bad[place]) != thirds.contains(pair.good[place]), "\(pair)")
    }
  }

  @Test("the reflexive is the one of the subject next to it", arguments: ["embedded", "possessor"])
  func binding(variant: String) {
    let variant = Case(
      phenomenon: "binding", variant: PhenomenonRegistry.standard.variant("binding", variant))
    let persons = Dictionary(
      uniqueKeysWithValues: (Lexicon.gendered + Lexicon.names).map { ($0.singular, $0.gender) })
    for pair in variant.pairs(200) {
      let own = pair.good.compactMap { persons[$0] }.last
      #expect(pair.good.contains("himself") == (own == .masculine), "\(pair)")
      #expect(pair.bad.contains("himself") == (own == .feminine), "\(pair)")
    }
  }

  @Test(
    "pairs read as they should",
    arguments: [
      ("agreement", "relative-attractor"), ("islands", "adjunct"), ("ellipsis", "noun"),
      ("negative-polarity", "scope"), ("control-raising", "there-subject"),
    ])
  func samples(phenomenon: String, variant: String) {
    let variant = Case(
      phenomenon: phenomenon, variant: PhenomenonRegistry.standard.variant(phenomenon, variant))
    let pair = variant.pairs(1)[0]
    let text = pair.good.joined(separator: " ") + " | " + pair.bad.joined(separator: " ")
    #expect(text == Self.recorded["\(phenomenon) \(variant.variant.name)"])
  }

  static let recorded = [
    "agreement relative-attractor":
      "the geese that a girl likes drink the milk . | the geese that a girl likes drinks the milk .",
    "islands adjunct":
      "who did the queens visit because the women ran ? | "
      + "who did the queens run because the women visited ?",
    "ellipsis noun":
      "the king saw three cold books and that teacher saw four . | "
      + "the king saw three books and that teacher saw four cold .",
    "negative-polarity scope":
      "no boy that this doctor sees has ever helped the queen . | "
      + "this boy that no doctor sees has ever helped the queen .",
    "control-raising there-subject":
      "there tended to be a sister in the school . | there wanted to be a sister in the school .",
  ]
}
