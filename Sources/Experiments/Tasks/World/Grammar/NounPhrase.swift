/// A noun with all that belongs to it, and the features that the rest of a sentence agrees with.
struct NounPhrase: Hashable, Sendable {
  var words: [String]
  let number: Plurality
  let gender: Gender
  let kind: Noun.Kind
  /// The head; a name is a noun of its own.
  let noun: Noun

  /// The pronoun that can stand for it as a subject; nil when its gender does not show.
  var subjectPronoun: String? { pronoun("he", "she", "it", "they") }
  /// The pronoun that can stand for it as an object.
  var objectPronoun: String? { pronoun("him", "her", "it", "them") }
  var possessive: String? { pronoun("his", "her", "its", "their") }
  var reflexive: String? { pronoun("himself", "herself", "itself", "themselves") }

  private func pronoun(
    _ masculine: String, _ feminine: String, _ neuter: String, _ plural: String
  ) -> String? {
    switch (number, gender) {
    case (.plural, _): plural
    case (_, .masculine): masculine
    case (_, .feminine): feminine
    case (_, .neuter): neuter
    case (_, .common): nil
    }
  }
}
