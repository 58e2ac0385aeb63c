import Engine

/// Draws words, phrases and sentences of the world from a random stream.
///
/// What it composes is good English as the world has it; what a phenomenon spoils, it spoils itself.
struct Composer {
  private var random: RandomStream

  init(_ random: RandomStream) {
    self.random = random
  }

  init(seed: UInt64, purpose: String) {
    self.init(RandomStream(seed: seed, purpose: purpose))
  }

  /// One of the elements, each as likely.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[random.index(below: elements.count)]
  }

  /// One of the elements that is not `other`.
  mutating func pick<Element: Equatable>(_ elements: [Element], not other: Element) -> Element {
    pick(elements.filter { $0 != other })
  }

  mutating func chance(_ probability: Double) -> Bool { share() < probability }

  /// A number drawn evenly from [0, 1).
  mutating func share() -> Double { random.uniform() }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.index(below: range.count)
  }

  mutating func permuted<Element>(_ elements: [Element]) -> [Element] { random.permuted(elements) }

  mutating func plurality() -> Plurality { chance(0.5) ? .singular : .plural }

  /// A sentence of words: its mark added, `a` turned to `an` before a vowel.
  static func sentence(_ words: [String], _ mark: String = ".") -> [String] {
    var result = words
    for index in result.indices.dropLast() where result[index] == "a" {
      if let first = result[index + 1].first, "aeiou".contains(first) { result[index] = "an" }
    }
    result.append(mark)
    return result
  }
}
