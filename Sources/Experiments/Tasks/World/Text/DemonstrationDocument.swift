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
