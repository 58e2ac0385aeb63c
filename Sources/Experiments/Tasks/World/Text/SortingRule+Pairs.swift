extension SortingRule {
  /// How two sentences go together; who acts is never the same unless that is the question, so that
  /// no pair speaks of one event.
  static let pairs: [SortingRule] = [
    SortingRule("same subject") { isSecond, composer in
      let first = event(&composer)
      var second = event(&composer, not: first.subject.noun, verb: first.verb)
      if !isSecond { second.subject = first.subject }
      return texts(first, second)
    },
    SortingRule("same verb") { isSecond, composer in
      let first = event(&composer)
      var second = event(&composer, not: first.subject.noun, verb: first.verb)
      if !isSecond {
        second = composer.clause(second.subject, first.verb, .past, detail: 0)
      }
      return texts(first, second)
    },
    SortingRule("same object") { isSecond, composer in
      let first = event(&composer)
      var second = event(&composer, not: first.subject.noun, verb: first.verb)
      second.verb = composer.pick(handling, not: first.verb)
      second.object =
        isSecond ? composer.nounPhrase(.inanimate, named: false, detail: 0) : first.object
      return texts(first, second)
    },
    SortingRule("same number of subjects") { isSecond, composer in
      let number = composer.plurality()
      let first = composer.nounPhrase(.animate, number, detail: 0)
      let second = composer.nounPhrase(.animate, isSecond ? number.other : number, detail: 0)
      return [short(first, &composer), short(second, &composer)]
    },
    SortingRule("same tense") { isSecond, composer in
      let tense: Tense = composer.chance(0.5) ? .past : .present
      let other: Tense = tense == .past ? .present : .past
      let frames: [Verb.Frame] = [.intransitive, .transitive]
      let first = composer.clause(nil, tense, detail: 0, frame: composer.pick(frames))
      let second = composer.clause(
        nil, isSecond ? other : tense, detail: 0, frame: composer.pick(frames))
      return texts(first, second)
    },
    SortingRule("same adjective") { isSecond, composer in
      let adjective = composer.pick(Lexicon.inanimateAdjectives)
      let other = composer.pick(Lexicon.inanimateAdjectives, not: adjective)
      return [adjective, isSecond ? other : adjective].map { word in
        let subject = composer.nounPhrase([.thing, .writing], detail: 0)
        return Composer.sentence(subject.words + [Copula.form(subject.number, past: false), word])
      }
    },
    SortingRule("one kind of subject") { isSecond, composer in
      let kinds = composer.permuted([Noun.Kind].animate)
      let first = composer.nounPhrase([kinds[0]], detail: 0)
      let second = composer.nounPhrase([kinds[isSecond ? 1 : 0]], detail: 0)
      return [short(first, &composer), short(second, &composer)]
    },
  ]

  private static let handling = Lexicon.transitives.filter {
    $0.objects == .inanimate || $0.objects == .anything
  }

  /// Somebody does something with a thing; neither by the person nor with the verb given.
  private static func event(
    _ composer: inout Composer, not subject: Noun? = nil, verb: Verb? = nil
  ) -> Clause {
    let nouns = Lexicon.nouns(.animate).filter { $0 != subject }
    let verbs = handling.filter { $0 != verb }
    var clause = Clause(
      subject: composer.nounPhrase(of: composer.pick(nouns), detail: 0),
      verb: composer.pick(verbs), tense: .past)
    clause.object = composer.nounPhrase(.inanimate, named: false, detail: 0)
    return clause
  }

  private static func texts(_ first: Clause, _ second: Clause) -> [[String]] {
    [Composer.sentence(first.words), Composer.sentence(second.words)]
  }
}
