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
