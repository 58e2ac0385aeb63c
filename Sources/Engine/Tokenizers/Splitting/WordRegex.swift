/// A regular expression in the part of Oniguruma's dialect that splitting patterns use.
///
/// Literals, classes with categories, ranges and nested classes, groups, `(?i:…)`, lookahead,
/// alternatives, line ends, and greedy or possessive quantifiers. What else an expression holds makes it
/// unreadable, and so does an unbounded quantifier inside another, which could take exponential time.
/// Compiled to steps for a machine that backtracks: of several matches the one that Perl would find.
struct WordRegex: Hashable, Sendable {
  /// What the machine does next; places are indices of steps.
  enum Step: Hashable, Sendable {
    /// One character of a class.
    case one(CharacterClass)
    /// As many characters of a class as there are, and on the way back fewer unless possessive.
    case run(CharacterClass, minimum: Int, maximum: Int, isPossessive: Bool)
    case choice(first: Int, second: Int)
    case jump(Int)
    /// Goes on at `end` if the steps up to there do or do not match.
    case ahead(end: Int, isNegated: Bool)
    case lineStart
    case lineEnd
    case match
  }

  let expression: String
  private let steps: [Step]

  /// Reads an expression, or nil where it holds what is not supported.
  init?(expression: String) {
    var parser = RegexParser(expression)
    guard let steps = parser.steps() else { return nil }
    self.expression = expression
    self.steps = steps
  }

  static func == (one: WordRegex, other: WordRegex) -> Bool { one.expression == other.expression }

  func hash(into hasher: inout Hasher) { hasher.combine(expression) }

  /// Hands over the matches from left to right; they do not overlap.
  func forEachMatch(in text: UTF8Text.Bytes, _ body: (Range<Int>) -> Void) {
    var stack: [Choice] = []
    var position = 0
    var lastEnd = -1
    while position <= text.count {
      let end = end(of: 0, in: text, from: position, &stack)
      if let end, end > position || end != lastEnd {
        body(position..<end)
        lastEnd = end
        if end > position {
          position = end
          continue
        }
      }
      guard position < text.count else { return }
      position += UTF8Text.scalar(in: text, at: position).length
    }
  }

  /// Where to go on if what was tried fails: at a position or at any before it down to a lowest.
  private struct Choice {
    let step: Int
    var position: Int
    let lowest: Int
  }

  /// Where a match that begins at `start` ends, or nil.
  private func end(
    of first: Int, in text: UTF8Text.Bytes, from start: Int, _ stack: inout [Choice]
  ) -> Int? {
    let floor = stack.count
    defer { stack.removeLast(stack.count - floor) }
    var place = first
    var position = start
    while true {
      var fails = false
      switch steps[place] {
      case .match:
        return position
      case .jump(let target):
        place = target
      case .choice(let one, let other):
        stack.append(Choice(step: other, position: position, lowest: position))
        place = one
      case .one(let set):
        if position < text.count, let next = set.end(in: text, at: position) {
          position = next
          place += 1
        } else {
          fails = true
        }
      case .run(let set, let minimum, let maximum, let isPossessive):
        var count = 0
        var lowest = position
        while count < maximum, position < text.count, let next = set.end(in: text, at: position) {
          position = next
          count += 1
          if count == minimum { lowest = position }
        }
        place += 1
        if count < minimum {
          fails = true
        } else if !isPossessive, position > lowest {
          stack.append(
            Choice(
              step: place, position: UTF8Text.start(before: position, in: text), lowest: lowest))
        }
      case .ahead(let target, let isNegated):
        let found = end(of: place + 1, in: text, from: position, &stack) != nil
        if found == isNegated { fails = true } else { place = target }
      case .lineStart:
        if position == 0 || text[position - 1] == 0x0A { place += 1 } else { fails = true }
      case .lineEnd:
        if position == text.count || text[position] == 0x0A { place += 1 } else { fails = true }
      }
      guard fails else { continue }
      guard stack.count > floor, let choice = stack.last else { return nil }
      (place, position) = (choice.step, choice.position)
      if choice.position > choice.lowest {
        stack[stack.count - 1].position = UTF8Text.start(before: position, in: text)
      } else {
        stack.removeLast()
      }
    }
  }
}

/// A set of characters: a class in brackets, or what `\p{L}` and the like stand for.
struct CharacterClass: Hashable, Sendable {
  /// Categories of Unicode, a bit each.
  var categories: UInt32 = 0
  var hasSpaces = false
  var hasWords = false
  var ranges: [ClosedRange<UInt32>] = []
  var nested: [CharacterClass] = []
  var isNegated = false
  /// The answers for ASCII, low and high half, once known.
  private var ascii: (low: UInt64, high: UInt64)?

  static func == (one: CharacterClass, other: CharacterClass) -> Bool {
    one.categories == other.categories && one.hasSpaces == other.hasSpaces
      && one.hasWords == other.hasWords && one.ranges == other.ranges && one.nested == other.nested
      && one.isNegated == other.isNegated
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(categories)
    hasher.combine(ranges)
  }

  /// The end of the character at a place of a text if it is one of the set, or nil.
  @inline(__always)
  func end(in text: UTF8Text.Bytes, at position: Int) -> Int? {
    let byte = text[position]
    if let ascii, byte < 0x80 {
      let bits = byte < 64 ? ascii.low >> byte : ascii.high >> (byte - 64)
      return bits & 1 == 1 ? position + 1 : nil
    }
    let (value, length) = UTF8Text.scalar(in: text, at: position)
    return contains(value) ? position + length : nil
  }

  func contains(_ value: UInt32) -> Bool {
    let isMember =
      categories >> UnicodeCategory.bit(of: value) & 1 == 1
      || (hasSpaces && UTF8Text.characterClass(value).isSpace)
      || (hasWords && Self.isWord(value))
      || ranges.contains { $0.contains(value) }
      || nested.contains { $0.contains(value) }
    return isMember != isNegated
  }

  /// Whether Oniguruma's `\w` has the character: not the joiners, but the Latin fractions and the
  /// raised figures.
  private static func isWord(_ value: UInt32) -> Bool {
    switch value {
    case 0xB2, 0xB3, 0xB9, 0xBC...0xBE: true
    case 0x200C, 0x200D: false
    default: UTF8Text.isWord(value)
    }
  }

  /// The same set with its answers for ASCII worked out.
  func prepared() -> CharacterClass {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for value in 0..<64 as Range<UInt32> {
      if contains(value) { low |= 1 << value }
      if contains(value + 64) { high |= 1 << value }
    }
    var result = self
    result.ascii = (low, high)
    return result
  }

  /// With every letter in its other case as well.
  func ignoringCase() -> CharacterClass {
    var result = self
    for range in ranges where range.count < 0x100 {
      for value in range {
        guard let scalar = Unicode.Scalar(value) else { continue }
        let properties = scalar.properties
        for mapping in [properties.lowercaseMapping, properties.uppercaseMapping]
        where mapping.unicodeScalars.count == 1 {
          for other in mapping.unicodeScalars { result.ranges.append(other.value...other.value) }
        }
        // The long s is a small s, the Kelvin sign a k and the Ångström sign an å.
        for (small, special) in [("s", 0x17F), ("k", 0x212A), ("å", 0x212B)] as [(String, UInt32)]
        where mapping(of: scalar) == small {
          result.ranges.append(special...special)
        }
      }
    }
    return result
  }

  private func mapping(of scalar: Unicode.Scalar) -> String { scalar.properties.lowercaseMapping }
}

/// The categories of Unicode by the names that expressions have for them.
enum UnicodeCategory {
  private static let names = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  /// The bits of a category such as `Lu` or of a group such as `L`; nil for another name.
  static func bits(named name: String) -> UInt32? {
    let bits = names.indices.filter {
      names[$0] == name || (name.count == 1 && names[$0].hasPrefix(name))
    }
    .reduce(0 as UInt32) { $0 | 1 << UInt32($1) }
    return bits == 0 ? nil : bits
  }

  static func bit(of value: UInt32) -> UInt32 {
    value < 0x10000 ? UInt32(basic[Int(value)]) : computedBit(value)
  }

  private static let basic: [UInt8] = (0..<0x10000).map { UInt8(computedBit($0)) }

  private static func computedBit(_ value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value),
      UnicodeTables.isAssigned(scalar, by: UnicodeTables.patternVersion)
    else { return 29 }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter: 0
    case .lowercaseLetter: 1
    case .titlecaseLetter: 2
    case .modifierLetter: 3
    case .otherLetter: 4
    case .nonspacingMark: 5
    case .spacingMark: 6
    case .enclosingMark: 7
    case .decimalNumber: 8
    case .letterNumber: 9
    case .otherNumber: 10
    case .connectorPunctuation: 11
    case .dashPunctuation: 12
    case .openPunctuation: 13
    case .closePunctuation: 14
    case .initialPunctuation: 15
    case .finalPunctuation: 16
    case .otherPunctuation: 17
    case .mathSymbol: 18
    case .currencySymbol: 19
    case .modifierSymbol: 20
    case .otherSymbol: 21
    case .spaceSeparator: 22
    case .lineSeparator: 23
    case .paragraphSeparator: 24
    case .control: 25
    case .format: 26
    case .surrogate: 27
    case .privateUse: 28
    default: 29
    }
  }
}
