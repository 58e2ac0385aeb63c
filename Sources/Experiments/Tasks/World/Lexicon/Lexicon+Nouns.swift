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
