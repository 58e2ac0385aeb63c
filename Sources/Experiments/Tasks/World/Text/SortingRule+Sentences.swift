extension SortingRule {
  /// What a single sentence is about.
  static let sentences: [SortingRule] = [
    SortingRule("number of the subject") { isSecond, composer in
      let subject = composer.nounPhrase(.animate, isSecond ? .plural : .singular, detail: 0.1)
      return [short(subject, &composer)]
    },
    SortingRule("present and past") { isSecond, composer in
      [Composer.sentence(composer.clause(nil, isSecond ? .past : .present, detail: 0).words)]
    },
    SortingRule(
      "who it is about",
      perDocument: { composer in
        let nouns = composer.permuted(Lexicon.nouns(.animate))
        return { isSecond, composer in
          [short(composer.nounPhrase(of: nouns[isSecond ? 1 : 0]), &composer)]
        }
      }),
    SortingRule(
      "what it is done to",
      perDocument: { composer in
        let nouns = composer.permuted(Lexicon.portables)
        return { isSecond, composer in
          let noun = nouns[isSecond ? 1 : 0]
          let verb = composer.pick(
            Lexicon.transitives.filter {
              $0.objects.contains(noun.kind) && $0.subjects.contains(.animal)
            })
          var clause = Clause(
            subject: composer.nounPhrase(detail: 0), verb: verb,
            tense: composer.pick([.past, .present]))
          clause.object = composer.nounPhrase(of: noun)
          return [Composer.sentence(clause.words)]
        }
      }),
    SortingRule("persons and animals") { isSecond, composer in
      [short(composer.nounPhrase([isSecond ? .animal : .person]), &composer)]
    },
    SortingRule("living and not") { isSecond, composer in
      let subject = composer.nounPhrase(isSecond ? [.thing, .writing] : .animate, detail: 0)
      let past = composer.chance(0.5)
      return [
        Composer.sentence(
          subject.words + [
            Copula.form(subject.number, past: past), composer.pick(["big", "small", "old"]),
          ])
      ]
    },
    SortingRule("gender of the subject") { isSecond, composer in
      let wanted: Gender = isSecond ? .masculine : .feminine
      let noun = composer.pick(Lexicon.gendered.filter { $0.gender == wanted })
      return [
        short(
          composer.chance(0.4) ? composer.name(wanted) : composer.nounPhrase(of: noun), &composer)
      ]
    },
    SortingRule(
      "which verb",
      perDocument: { composer in
        let verbs = composer.permuted(Lexicon.transitives)
        return { isSecond, composer in
          let verb = verbs[isSecond ? 1 : 0]
          let clause = composer.clause(
            composer.nounPhrase(verb.subjects, detail: 0), verb, composer.pick([.past, .present]),
            detail: 0)
          return [Composer.sentence(clause.words)]
        }
      }),
    SortingRule(
      "opposites",
      perDocument: { composer in
        let (first, second) = composer.pick(Lexicon.inanimateOpposites)
        return { isSecond, composer in
          let subject = composer.nounPhrase([.thing, .writing], detail: 0)
          let past = composer.chance(0.5)
          return [
            Composer.sentence(
              subject.words + [Copula.form(subject.number, past: past), isSecond ? second : first])
          ]
        }
      }),
    SortingRule("a place or none") { isSecond, composer in
      [
        Composer.sentence(
          composer.clause(detail: 0).words + (isSecond ? composer.placePhrase() : []))
      ]
    },
  ]

  /// A short sentence about somebody.
  static func short(_ subject: NounPhrase, _ composer: inout Composer) -> [String] {
    Composer.sentence(
      composer.clause(
        subject, composer.pick([.past, .past, .present]), detail: 0,
        frame: composer.pick([.intransitive, .transitive])
      ).words)
  }
}

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
