/// A list of any words that is said again: what has been read decides what comes next.
///
/// It teaches looking up what followed a word before, on which learning from examples builds.
enum ListDocument {
  private static let words = Lexicon.words.sorted()

  static func words(_ composer: inout Composer) -> [String] {
    let list = Array(composer.permuted(words).prefix(composer.number(2...16)))
    var result: [String] = []
    for _ in 0..<composer.number(2...8) { result += list + ["."] }
    return result
  }
}
