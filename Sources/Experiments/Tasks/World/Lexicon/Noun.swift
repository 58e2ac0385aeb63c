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

extension Lexicon {
  static let nouns: [Noun] = [
    Noun("boy", "boys", .person, .masculine), Noun("girl", "girls", .person, .feminine),
    Noun("man", "men", .person, .masculine), Noun("woman", "women", .person, .feminine),
    Noun("king", "kings", .person, .masculine), Noun("queen", "queens", .person, .feminine),
    Noun("brother", "brothers", .person, .masculine),
    Noun("sister", "sisters", .person, .feminine),
    Noun("child", "children", .person, .common), Noun("teacher", "teachers", .person, .common),
    Noun("doctor", "doctors", .person, .common), Noun("farmer", "farmers", .person, .common),
    Noun("dog", "dogs", .animal), Noun("cat", "cats", .animal), Noun("horse", "horses", .animal),
    Noun("bird", "birds", .animal), Noun("mouse", "mice", .animal),
    Noun("goose", "geese", .animal), Noun("wolf", "wolves", .animal),
    Noun("ball", "balls", .thing), Noun("box", "boxes", .thing), Noun("cup", "cups", .thing),
    Noun("knife", "knives", .thing), Noun("hat", "hats", .thing), Noun("coat", "coats", .thing),
    Noun("key", "keys", .thing), Noun("lamp", "lamps", .thing),
    Noun("book", "books", .writing), Noun("letter", "letters", .writing),
    Noun("cake", "cakes", .food), Noun("pear", "pears", .food), Noun("loaf", "loaves", .food),
    Noun("bread", nil, .food), Noun("rice", nil, .food),
    Noun("water", nil, .drink), Noun("milk", nil, .drink),
    Noun("house", "houses", .place), Noun("garden", "gardens", .place),
    Noun("school", "schools", .place), Noun("field", "fields", .place),
    Noun("kitchen", "kitchens", .place), Noun("market", "markets", .place),
  ]

  static let names: [Noun] =
    ["tom", "ben", "sam", "max"].map { Noun($0, nil, .person, .masculine) }
    + ["anna", "mary", "lucy", "kate"].map { Noun($0, nil, .person, .feminine) }

  /// What else a thing of a kind is called: every dog is an animal.
  static func hypernym(_ kind: Noun.Kind) -> Noun? {
    switch kind {
    case .person: Noun("person", "people", .person, .common)
    case .animal: Noun("animal", "animals", .animal)
    case .thing, .writing: Noun("thing", "things", .thing)
    default: nil
    }
  }
}
