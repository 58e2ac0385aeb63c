/// Whether a phrase speaks of one or of several.
enum Plurality: Hashable, Sendable, CaseIterable {
  case singular
  case plural

  var other: Plurality { self == .singular ? .plural : .singular }
}

/// What pronoun a noun takes in the singular.
enum Gender: Hashable, Sendable {
  case masculine
  case feminine
  case neuter
  /// Persons of either gender: no pronoun in the singular gives them away.
  case common

  var opposite: Gender { self == .masculine ? .feminine : .masculine }
}

/// A noun with its forms and what the grammar must know about it.
struct Noun: Hashable, Sendable {
  /// What a noun names; verbs select their subjects and objects by it.
  enum Kind: Hashable, Sendable {
    case person
    case animal
    case thing
    /// Things to read and write.
    case writing
    case food
    case drink
    case place
  }

  let singular: String
  /// Nil for mass nouns, which have no plural: `water`.
  let plural: String?
  let kind: Kind
  let gender: Gender

  init(_ singular: String, _ plural: String?, _ kind: Kind, _ gender: Gender = .neuter) {
    self.singular = singular
    self.plural = plural
    self.kind = kind
    self.gender = gender
  }

  var isMass: Bool { plural == nil }
  /// Whether the plural is not made with `s`: `men`, `knives`.
  var isIrregular: Bool { plural.map { $0 != singular + "s" && $0 != singular + "es" } ?? false }

  /// The form for a number; a mass noun has one form only.
  func form(_ number: Plurality) -> String {
    number == .plural ? plural ?? singular : singular
  }
}

extension [Noun.Kind] {
  static var animate: [Noun.Kind] { [.person, .animal] }
  static var inanimate: [Noun.Kind] { [.thing, .writing, .food] }
  static var anything: [Noun.Kind] { animate + inanimate }
}
