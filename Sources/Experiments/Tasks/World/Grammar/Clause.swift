/// A statement in its parts, so that it can be said as a question, a negation or a passive as well.
struct Clause: Hashable, Sendable {
  var subject: NounPhrase
  var verb: Verb
  var tense: Tense
  var isNegated = false
  var object: NounPhrase?
  /// What stands behind the object: `to the girl`, `in the garden`.
  var tail: [String] = []

  var group: VerbGroup { VerbGroup(verb, tense, subject.number) }
  var complement: [String] { (object?.words ?? []) + tail }
  var predicate: [String] { group.words(negated: isNegated) + complement }
  var words: [String] { subject.words + predicate }

  /// `did the boy see the dog`, without the mark at the end.
  var question: [String] {
    [group.support] + subject.words + (isNegated ? ["not"] : []) + [group.main] + complement
  }

  /// `did the boy see`: a question's rest behind `who` or `what`, the object gone.
  var objectQuestion: [String] { [group.support] + subject.words + [group.main] + tail }

  /// `the dog was seen by the boy`, present or past; nil without an object.
  var passive: [String]? {
    guard let object else { return nil }
    return object.words + [Copula.form(object.number, past: tense != .present)]
      + (isNegated ? ["not"] : []) + [verb.participle, "by"] + subject.words + tail
  }
}
