/// Out of some parts of a sentence nothing can be asked for.
enum Islands: Phenomenon {
  static let name = "islands"

  static let variants = [
    PhenomenonVariant("coordination") { composer in
      let (subject, verb, other) = parts(&composer)
      return MinimalPair(
        ["who", "did"] + subject,
        good: ["and"] + other + [verb.base], bad: [verb.base] + other + ["and"], mark: "?")
    },
    PhenomenonVariant("adjunct") { composer in
      let (subject, verb, _) = parts(&composer)
      let other = composer.nounPhrase([.person], detail: 0).words
      let second = composer.pick(Lexicon.intransitives)
      let word = composer.pick(["before", "after", "because", "while"])
      return MinimalPair(
        ["who", "did"] + subject,
        good: [verb.base, word] + other + [second.past],
        bad: [second.base, word] + other + [verb.past], mark: "?")
    },
    PhenomenonVariant("left-branch") { composer in
      let (subject, _, _) = parts(&composer)
      let noun = composer.pick(Lexicon.portables)
      let verbs = Lexicon.transitives.filter { $0.objects.contains(noun.kind) }
      let (form, verb) = (noun.form(composer.plurality()), composer.pick(verbs).base)
      return MinimalPair(
        ["which"], good: [form, "did"] + subject + [verb], bad: ["did"] + subject + [verb, form],
        mark: "?")
    },
    PhenomenonVariant("subject") { composer in
      let (subject, verb, other) = parts(&composer)
      let second = composer.pick(Composer.animateTransitives)
      return MinimalPair(
        ["who", "did"] + subject + ["that"], good: [verb.past] + other + [second.base],
        bad: [verb.past, second.base] + other, mark: "?")
    },
    PhenomenonVariant("question") { composer in
      let (subject, verb, other) = parts(&composer)
      let (say, ask) = (
        composer.pick(["say", "think", "believe"]), composer.pick(["ask", "wonder"])
      )
      return MinimalPair(
        ["who", "did"] + subject, good: [say, "that"], bad: [ask, "when"],
        other + [verb.past], mark: "?")
    },
  ]

  /// A person, a verb that needs an object, and another person.
  private static func parts(_ composer: inout Composer) -> ([String], Verb, [String]) {
    let verb = composer.pick(Composer.animateTransitives)
    return (
      composer.nounPhrase([.person], named: false, detail: 0).words, verb,
      composer.nounPhrase([.person], detail: 0).words
    )
  }
}
