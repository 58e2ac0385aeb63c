/// A question word needs a place that is empty for it, and a place may only be empty for one.
enum FillerGap: Phenomenon {
  static let name = "filler-gap"

  static let variants = [
    PhenomenonVariant("gap") { composer in
      // `knows what anna took`, not `knows that anna took`.
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: [question(clause)], bad: ["that"], clause.subject.words + [clause.verb.past])
    },
    PhenomenonVariant("no-gap") { composer in
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: ["that"], bad: [question(clause)],
        clause.subject.words + [clause.verb.past] + clause.complement)
    },
    PhenomenonVariant("subject-gap") { composer in
      let (knower, clause) = parts(&composer)
      return MinimalPair(
        knower, good: ["who"], bad: ["that"], [clause.verb.past] + clause.complement)
    },
    PhenomenonVariant("question") { composer in
      let (_, clause) = parts(&composer)
      return MinimalPair(
        good: [question(clause)] + clause.objectQuestion,
        bad: [question(clause)] + clause.question, mark: "?")
    },
    PhenomenonVariant("relative") { composer in
      let (_, clause) = parts(&composer)
      let head = composer.nounPhrase(clause.verb.objects, named: false)
      let extra = composer.object(of: clause.verb, detail: 0)
      let past = Lexicon.verb(composer.pick(["fall", "vanish"])).past
      let start = head.words + ["that"] + clause.subject.words + [clause.verb.past]
      return MinimalPair(start, good: [], bad: extra.words, [past])
    },
  ]

  private static func question(_ clause: Clause) -> String {
    clause.object.map { [Noun.Kind].animate.contains($0.kind) } == true ? "who" : "what"
  }

  /// Somebody who knows, and a clause in the past whose verb needs its object.
  private static func parts(_ composer: inout Composer) -> ([String], Clause) {
    let knower = composer.nounPhrase([.person], detail: 0)
    let subject = composer.nounPhrase(detail: 0)
    let clause = composer.clause(
      subject, composer.pick(Lexicon.strictTransitives), .past, detail: 0)
    let knows = composer.chance(0.5) ? "knew" : knower.number == .singular ? "knows" : "know"
    return (knower.words + [knows], clause)
  }
}
