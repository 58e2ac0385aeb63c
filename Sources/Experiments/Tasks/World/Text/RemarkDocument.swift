/// Texts with a remark on each: whether a sentence is in order, or whether words have been said before.
///
/// What spoils a sentence here is none of the phenomena: words swapped, said twice, put in or replaced by
/// a word of another class, forms that an auxiliary or a place does not take. The words of the remarks
/// answer no task.
enum RemarkDocument {
  static func words(_ composer: inout Composer) -> [String] {
    let write = composer.pick([
      order, order, form, form, form, novelty, retelling, retelling,
    ])
    let mark = composer.pick([[], ["?"], [":"]])
    return (0..<composer.number(3...10)).flatMap { _ in
      let (text, remark) = write(&composer)
      return text + mark + [remark, "."]
    }
  }

  private static func order(_ composer: inout Composer) -> (text: [String], remark: String) {
    let sentence = composer.anySentence()
    guard composer.chance(0.5) else { return (sentence, Lexicon.remarks.inOrder) }
    return (spoiled(sentence, &composer), Lexicon.remarks.spoiled)
  }

  /// A sentence with a word in its right form or in one that its place does not take.
  private static func form(_ composer: inout Composer) -> (text: [String], remark: String) {
    let isSpoiled = composer.chance(0.5)
    let words =
      switch composer.number(0...3) {
      case 0, 1: auxiliary(isSpoiled, &composer)
      case 2: pronoun(isSpoiled, &composer)
      default: infinitive(isSpoiled, &composer)
      }
    return (
      Composer.sentence(words), isSpoiled ? Lexicon.remarks.spoiled : Lexicon.remarks.inOrder
    )
  }

  /// `the dog will sleep`, or `the dog will sleeping`; past and participle are never taken for each other.
  private static func auxiliary(_ isSpoiled: Bool, _ composer: inout Composer) -> [String] {
    let tense: Tense = composer.pick([.future, .ability, .progressive, .perfect])
    let clause = composer.clause(nil, tense, detail: 0.2)
    guard isSpoiled, let place = clause.words.firstIndex(of: clause.group.main) else {
      return clause.words
    }
    let verb = clause.verb
    let forms =
      switch tense {
      case .progressive: [verb.base, verb.third, verb.past]
      case .perfect: [verb.base, verb.third, verb.progressive]
      default: [verb.third, verb.past, verb.progressive]
      }
    var words = clause.words
    words[place] = composer.pick(forms.filter { $0 != clause.group.main })
    return words
  }

  /// `he saw her`, or `him saw her`, or `he saw she`.
  private static func pronoun(_ isSpoiled: Bool, _ composer: inout Composer) -> [String] {
    let subject = composer.gendered(composer.plurality())
    let object = composer.gendered(composer.plurality())
    let verb = composer.pick(Lexicon.transitives.filter { $0.objects.contains(.person) }).past
    let place = isSpoiled ? composer.number(0...2) : 3  // 0: subject, 1: object, 2: both
    let first = place == 0 || place == 2 ? subject.objectPronoun : subject.subjectPronoun
    let second = place == 1 || place == 2 ? object.subjectPronoun : object.objectPronoun
    return [first ?? "them", verb, second ?? "they"]
      + (composer.chance(0.5) ? composer.placePhrase() : [])
  }

  /// `tom wants to sleep`, or `tom wants to sleeps`.
  private static func infinitive(_ isSpoiled: Bool, _ composer: inout Composer) -> [String] {
    let subject = composer.nounPhrase(detail: 0)
    let outer = composer.pick(Lexicon.controls)
    let clause = composer.clause(
      subject, .future, detail: 0, frame: composer.pick([.intransitive, .transitive]))
    let verb = clause.verb
    let inner =
      isSpoiled ? composer.pick([verb.third, verb.past, verb.progressive]) : verb.base
    return subject.words + [outer.past, "to", inner] + clause.complement
  }

  /// A sentence or a list and some words: all of them from it, or not.
  private static func novelty(_ composer: inout Composer) -> (text: [String], remark: String) {
    let text =
      composer.chance(0.5)
      ? composer.anySentence()
      : Array(composer.permuted(Lexicon.contentWords).prefix(composer.number(2...8))) + ["."]
    let said = composer.permuted(Lexicon.contentWords(of: text))
    var asked = Array(said.prefix(composer.number(1...5)))
    if asked.isEmpty { asked = [text[0]] }
    let isNew = composer.chance(0.5)
    if isNew {
      for index in 0..<composer.number(1...asked.count) {
        asked[index] = composer.pick(
          Lexicon.contentWords.filter { !Retelling.isSaid($0, in: text) })
      }
      asked = composer.permuted(asked)
    }
    return (text + asked + ["."], Lexicon.remark(isNew: isNew))
  }

  /// Events, and one of them told again or changed: all of it said before, or not.
  private static func retelling(_ composer: inout Composer) -> (text: [String], remark: String) {
    let isNew = composer.chance(0.5)
    let retelling = Retelling(isNew: isNew, &composer)
    return (retelling.told + retelling.again, Lexicon.remark(isNew: isNew))
  }

  private static func spoiled(_ sentence: [String], _ composer: inout Composer) -> [String] {
    var words = sentence
    let last = words.count - 2  // before the mark
    switch composer.number(0...3) {
    case 0 where last > 0:
      let index = composer.number(0...(last - 1))
      if words[index] == words[index + 1] { fallthrough }
      words.swapAt(index, index + 1)
    case 1:
      let index = composer.number(0...last)
      words.insert(words[index], at: index)
    case 2:
      words.insert(composer.pick(classes[composer.number(1...2)]), at: composer.number(0...last))
    default:
      let index = composer.number(0...last)
      let others = classes.filter { !$0.contains(words[index]) }
      words[index] = composer.pick(composer.pick(others))
    }
    return words
  }

  /// Nouns, verbs, and words of closed classes.
  private static let classes: [[String]] = [
    Lexicon.nounForms, Lexicon.verbForms,
    ["of", "than", "if", "the", "or", "by", "that", "to", "is", "who", "and", "not"],
  ]
}

/// Texts, and words of which each is told to have been said there or not.
///
/// It teaches what knowing whether a sentence says anything new is made of: to look for every word in
/// what came before.
enum MarkDocument {
  static func words(_ composer: inout Composer) -> [String] {
    let isSentence = composer.chance(0.5)
    return (0..<composer.number(3...8)).flatMap { _ in
      isSentence ? again(&composer) : list(&composer)
    }
  }

  /// A text, and words in any order.
  private static func list(_ composer: inout Composer) -> [String] {
    let text =
      composer.chance(0.5)
      ? composer.anySentence()
      : Array(composer.permuted(Lexicon.contentWords).prefix(composer.number(3...9))) + ["."]
    let said = composer.permuted(Lexicon.contentWords(of: text))
    let asked = (0..<composer.number(2...6)).map { index in
      index < said.count && composer.chance(0.5)
        ? said[index] : composer.pick(Lexicon.contentWords)
    }
    return text + marked(asked, in: text) + ["."]
  }

  /// Events, and one of them told again or changed.
  private static func again(_ composer: inout Composer) -> [String] {
    let retelling = Retelling(isNew: composer.chance(0.6), &composer)
    return retelling.told + marked(retelling.again, in: retelling.told)
  }

  /// Puts behind each word that counts whether the text says it.
  static func marked(_ words: [String], in text: [String]) -> [String] {
    words.flatMap { word in
      guard Retelling.counting.contains(word) else { return [word] }
      return [word, Lexicon.remark(isNew: !Retelling.isSaid(word, in: text))]
    }
  }
}
