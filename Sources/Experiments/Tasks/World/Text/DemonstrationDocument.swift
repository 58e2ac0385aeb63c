/// Examples of a rule, each with an answer: what in-context learning can be learnt from.
///
/// The two answers are words drawn for each document, `yes` and `no` no more than `gold` and `north`
/// and in either order, also where a layout names both: nothing but the examples before it tells which
/// one an example gets.
enum DemonstrationDocument {
  /// What stands between two examples.
  static let separator = ";"

  static func words(_ composer: inout Composer) -> [String] {
    let rules =
      switch composer.number(0...19) {
      case 0...3: SortingRule.words
      case 4...6: SortingRule.sentences
      case 7...11: SortingRule.forms
      case 12...16: SortingRule.matches
      default: SortingRule.pairs
      }
    return words(of: composer.pick(rules), &composer)
  }

  /// A document of 4 to 24 examples, fewer if they would be longer than a document may be.
  static func words(of rule: SortingRule, _ composer: inout Composer) -> [String] {
    let answers = Array(composer.permuted(Lexicon.labelWords).prefix(2))
    // A text that names the first class's answer first would teach what a pattern's order of answers
    // means, and so answer a task without one example.
    let named = composer.permuted(answers)
    let writer = rule.writer(&composer)
    let layout = composer.number(0...6)
    let isBalanced = composer.chance(0.7)
    var pending: [Bool] = []
    var words: [String] = []
    for _ in 0..<composer.number(4...24) {
      if pending.isEmpty {
        pending = isBalanced ? composer.permuted([false, true]) : [composer.chance(0.5)]
      }
      let isSecond = pending.removeLast()
      let text = writer(isSecond, &composer)
      let example =
        lay(out: text, layout, named) + [answers[isSecond ? 1 : 0], separator]
      guard words.count + example.count <= WorldText.longestDocument else { break }
      words += example
    }
    return words
  }

  /// Puts an example as a task's pattern would, up to its answer.
  private static func lay(
    out texts: [[String]], _ layout: Int, _ named: [String]
  ) -> [String] {
    let text = texts.flatMap(\.self)
    let choice = [named[0], "or", named[1], "?", "answer", ":"]
    switch layout {
    case 0...2: return text + ["?"]
    case 3: return text + [":"]
    case 6: return text
    default:
      guard texts.count > 1 else { return text + ["question", ":", "is", "this"] + choice }
      return texts[0] + ["question", ":"] + texts[1] + choice
    }
  }
}

/// A rule that sorts short texts into two classes, to be guessed from examples.
///
/// None of them is what a builtin task asks: no rule sorts by a phenomenon of ``PhenomenonRegistry``,
/// and none whether one text follows from another. What is told again may say nothing new and yet be false.
struct SortingRule: Sendable {
  /// Writes a text of class 0 or 1.
  typealias Writer = @Sendable (_ isSecond: Bool, _ composer: inout Composer) -> [[String]]

  let name: String
  /// Decides what is the same for a whole document, such as the two animals that are told apart.
  let writer: @Sendable (inout Composer) -> Writer

  /// A rule with decisions of its own for each document.
  init(_ name: String, perDocument writer: @escaping @Sendable (inout Composer) -> Writer) {
    self.name = name
    self.writer = writer
  }

  /// A rule that is the same in every document.
  init(_ name: String, _ writer: @escaping Writer) {
    self.init(name, perDocument: { _ in writer })
  }

  static let all = words + sentences + forms + pairs + matches
}

extension SortingRule {
  /// How the words of two texts go together, which says nothing of what follows from what.
  static let matches: [SortingRule] = [
    SortingRule("a word said again") { isSecond, composer in
      let first = list(composer.number(2...6), &composer)
      var second = list(composer.number(1...3), without: first, &composer)
      if !isSecond { second[composer.number(0...(second.count - 1))] = composer.pick(first) }
      return texts(first, second)
    },
    SortingRule("nothing new") { isSecond, composer in
      let first = list(composer.number(3...8), &composer)
      var second = Array(composer.permuted(first).prefix(composer.number(1...4)))
      if isSecond {
        for _ in 0..<composer.number(1...2) {
          second[composer.number(0...(second.count - 1))] =
            list(1, without: first, &composer).first ?? ""
        }
      }
      return texts(first, second)
    },
    SortingRule("the same last word") { isSecond, composer in
      let first = list(composer.number(2...5), &composer)
      var second = list(composer.number(2...4), without: first, &composer)
      if !isSecond { second[second.count - 1] = first[first.count - 1] }
      return texts(first, second)
    },
    SortingRule("nothing new is told") { isSecond, composer in
      let retelling = Retelling(isNew: isSecond, &composer)
      return [retelling.told, retelling.again]
    },
    SortingRule("words of a sentence") { isSecond, composer in
      var (sentence, said): ([String], [String]) = ([], [])
      while said.isEmpty {
        sentence = composer.anySentence()
        said = composer.permuted(Set(sentence).intersection(listed).sorted())
      }
      var words = Array(said.prefix(composer.number(1...3)))
      if isSecond {
        words[composer.number(0...(words.count - 1))] =
          composer.pick(listed.filter { !sentence.contains($0) })
      }
      return [sentence, words + ["."]]
    },
  ]

  private static let listed: [String] = {
    let nouns = Lexicon.nouns.map(\.singular)
    return (nouns + Lexicon.adjectives + Lexicon.names.map(\.singular)).sorted()
  }()

  private static func list(
    _ count: Int, without others: [String] = [], _ composer: inout Composer
  ) -> [String] {
    Array(composer.permuted(listed.filter { !others.contains($0) }).prefix(count))
  }

  private static func texts(_ first: [String], _ second: [String]) -> [[String]] {
    [first + ["."], second + ["."]]
  }
}
