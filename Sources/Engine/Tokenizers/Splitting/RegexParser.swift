/// Reads a regular expression into the steps of ``WordRegex``.
struct RegexParser {
  private indirect enum Node {
    case one(CharacterClass)
    case sequence([Node])
    case choice([Node])
    case repeated(Node, minimum: Int, maximum: Int, isPossessive: Bool)
    case ahead(Node, isNegated: Bool)
    case lineStart
    case lineEnd

    /// Whether it may repeat without end.
    var isUnbounded: Bool {
      switch self {
      case .one, .lineStart, .lineEnd: false
      case .sequence(let nodes), .choice(let nodes): nodes.contains(where: \.isUnbounded)
      case .repeated(let node, _, let maximum, _): maximum == .max || node.isUnbounded
      case .ahead(let node, _): node.isUnbounded
      }
    }

    /// Whether it may match no character.
    var mayBeEmpty: Bool {
      switch self {
      case .one: false
      case .sequence(let nodes): nodes.allSatisfy(\.mayBeEmpty)
      case .choice(let nodes): nodes.contains(where: \.mayBeEmpty)
      case .repeated(let node, let minimum, _, _): minimum == 0 || node.mayBeEmpty
      case .ahead, .lineStart, .lineEnd: true
      }
    }
  }

  /// Something that this reader does not know.
  private struct Unreadable: Error {}

  /// Longer expressions, deeper groups and larger counts are no splitting patterns.
  private static let limits = (length: 4096, depth: 32, count: 64, steps: 4096)

  private var rest: ArraySlice<Unicode.Scalar>
  private var ignoresCase = false
  private var depth = 0

  init(_ expression: String) { rest = Array(expression.unicodeScalars)[...] }

  /// The steps, or nil where the expression holds what is not supported.
  mutating func steps() -> [WordRegex.Step]? {
    guard rest.count <= Self.limits.length, let node = try? alternatives(), rest.isEmpty else {
      return nil
    }
    var steps: [WordRegex.Step] = []
    guard (try? Self.append(node, to: &steps)) != nil else { return nil }
    return steps + [.match]
  }

  private static func append(
    _ node: Node, to steps: inout [WordRegex.Step]
  ) throws(Unreadable) {
    guard steps.count < limits.steps else { throw Unreadable() }
    switch node {
    case .one(let set):
      steps.append(.one(set))
    case .sequence(let nodes):
      for node in nodes { try append(node, to: &steps) }
    case .choice(let nodes):
      var jumps: [Int] = []
      for (index, node) in nodes.enumerated() {
        guard index + 1 < nodes.count else {
          try append(node, to: &steps)
          break
        }
        let place = steps.count
        steps.append(.match)
        try append(node, to: &steps)
        jumps.append(steps.count)
        steps.append(.match)
        steps[place] = .choice(first: place + 1, second: steps.count)
      }
      for jump in jumps { steps[jump] = .jump(steps.count) }
    case .repeated(.one(let set), let minimum, let maximum, let isPossessive):
      steps.append(
        .run(set, minimum: minimum, maximum: maximum, isPossessive: isPossessive))
    case .repeated(let node, let minimum, let maximum, let isPossessive):
      guard !isPossessive, !node.mayBeEmpty, maximum != .max || !node.isUnbounded else {
        throw Unreadable()
      }
      for _ in 0..<minimum { try append(node, to: &steps) }
      if maximum == .max {
        let place = steps.count
        steps.append(.match)
        try append(node, to: &steps)
        steps.append(.jump(place))
        steps[place] = .choice(first: place + 1, second: steps.count)
      } else {
        var places: [Int] = []
        for _ in minimum..<maximum {
          places.append(steps.count)
          steps.append(.match)
          try append(node, to: &steps)
        }
        for place in places { steps[place] = .choice(first: place + 1, second: steps.count) }
      }
    case .ahead(let node, let isNegated):
      let place = steps.count
      steps.append(.match)
      try append(node, to: &steps)
      steps.append(.match)
      steps[place] = .ahead(end: steps.count, isNegated: isNegated)
    case .lineStart:
      steps.append(.lineStart)
    case .lineEnd:
      steps.append(.lineEnd)
    }
  }
}

extension RegexParser {
  private mutating func alternatives() throws(Unreadable) -> Node {
    var nodes = [try sequence()]
    while take("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  private mutating func sequence() throws(Unreadable) -> Node {
    var nodes: [Node] = []
    while let next = rest.first, next != "|", next != ")" {
      nodes.append(try quantified(try atom()))
    }
    return .sequence(nodes)
  }

  private mutating func quantified(_ node: Node) throws(Unreadable) -> Node {
    guard let (minimum, maximum, isInterval) = try quantifier() else { return node }
    var isPossessive = false
    var most = maximum
    if take("+") {
      // After an interval, a plus repeats it: of one character that is a longer run.
      if isInterval {
        guard minimum == 1, case .one = node else { throw Unreadable() }
        most = .max
      } else {
        isPossessive = true
      }
    }
    guard let next = rest.first else {
      return .repeated(node, minimum: minimum, maximum: most, isPossessive: isPossessive)
    }
    // A lazy quantifier, or another one on top.
    if next == "?" || next == "*" || next == "+" { throw Unreadable() }
    return .repeated(node, minimum: minimum, maximum: most, isPossessive: isPossessive)
  }

  private mutating func quantifier() throws(Unreadable) -> (Int, Int, isInterval: Bool)? {
    if take("?") { return (0, 1, false) }
    if take("*") { return (0, .max, false) }
    if take("+") { return (1, .max, false) }
    guard take("{") else { return nil }
    let least = number()
    var most = least
    if take(",") { most = number() ?? .max }
    guard take("}"), let most, (least ?? 0) <= Self.limits.count, least ?? 0 <= most,
      most == .max || most <= Self.limits.count
    else { throw Unreadable() }
    return (least ?? 0, most, true)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = rest.first, ("0"..."9").contains(digit), (value ?? 0) < 1000 {
      value = (value ?? 0) * 10 + Int(digit.value - 0x30)
      rest.removeFirst()
    }
    return value
  }

  private mutating func atom() throws(Unreadable) -> Node {
    guard let next = rest.popFirst() else { throw Unreadable() }
    switch next {
    case "(": return try group()
    case "[": return .one(try set().prepared())
    case "^": return .lineStart
    case "$": return .lineEnd
    case "\\": return .one(try escape().prepared())
    case "*", "+", "?", "{", ".": throw Unreadable()
    default: return .one(literal(next).prepared())
    }
  }

  private mutating func group() throws(Unreadable) -> Node {
    depth += 1
    guard depth <= Self.limits.depth else { throw Unreadable() }
    let ignoredCase = ignoresCase
    defer {
      depth -= 1
      ignoresCase = ignoredCase
    }
    var isNegated: Bool?
    if take("?") {
      if take("i") {
        ignoresCase = true
        guard take(":") else { throw Unreadable() }
      } else if take("!") {
        isNegated = true
      } else if take("=") {
        isNegated = false
      } else if !take(":") {
        throw Unreadable()
      }
    }
    let node = try alternatives()
    guard take(")") else { throw Unreadable() }
    return isNegated.map { .ahead(node, isNegated: $0) } ?? node
  }

  /// A class in brackets, after the first of them.
  private mutating func set() throws(Unreadable) -> CharacterClass {
    depth += 1
    guard depth <= Self.limits.depth else { throw Unreadable() }
    defer { depth -= 1 }
    var result = CharacterClass()
    result.isNegated = take("^")
    var isFirst = true
    while let next = rest.popFirst() {
      if next == "]", !isFirst { return result }
      isFirst = false
      var item: CharacterClass
      switch next {
      case "[":
        // A class such as [:alpha:] is another thing.
        guard rest.first != ":" else { throw Unreadable() }
        result.nested.append(try set())
        continue
      case "&" where rest.first == "&": throw Unreadable()
      case "\\": item = try escape()
      default: item = literal(next)
      }
      if rest.first == "-", rest.dropFirst().first != "]", let low = item.single {
        rest.removeFirst()
        guard let last = rest.popFirst(), last != "[" else { throw Unreadable() }
        let end = last == "\\" ? try escape() : CharacterClass(ranges: [last.value...last.value])
        guard let high = end.single, low <= high, !ignoresCase else { throw Unreadable() }
        result.ranges.append(low...high)
        continue
      }
      item = ignoresCase ? item.ignoringCase() : item
      if item.isNegated || item.hasWords {
        result.nested.append(item)
      } else {
        result.categories |= item.categories
        result.hasSpaces = result.hasSpaces || item.hasSpaces
        result.ranges += item.ranges
      }
    }
    throw Unreadable()
  }

  /// What follows a backslash.
  private mutating func escape() throws(Unreadable) -> CharacterClass {
    guard let next = rest.popFirst() else { throw Unreadable() }
    func character(_ value: UInt32) -> CharacterClass { CharacterClass(ranges: [value...value]) }
    switch next {
    case "s": return CharacterClass(hasSpaces: true)
    case "S": return CharacterClass(hasSpaces: true, isNegated: true)
    case "w": return CharacterClass(hasWords: true)
    case "W": return CharacterClass(hasWords: true, isNegated: true)
    case "d", "D":
      return CharacterClass(
        categories: UnicodeCategory.bits(named: "Nd") ?? 0, isNegated: next == "D")
    case "p", "P":
      guard take("{") else { throw Unreadable() }
      let isNegated = take("^")
      var name = ""
      while let letter = rest.popFirst(), letter != "}" { name.unicodeScalars.append(letter) }
      guard let bits = UnicodeCategory.bits(named: name) else { throw Unreadable() }
      return CharacterClass(categories: bits, isNegated: isNegated != (next == "P"))
    case "r": return character(0x0D)
    case "n": return character(0x0A)
    case "t": return character(0x09)
    case "f": return character(0x0C)
    case "v": return character(0x0B)
    case "x":
      let isLong = take("{")
      var value: UInt32 = 0
      var digits = 0
      while digits < (isLong ? 6 : 2),
        let digit = rest.first.flatMap({ Character($0).hexDigitValue })
      {
        value = value << 4 | UInt32(digit)
        digits += 1
        rest.removeFirst()
      }
      guard digits > 0, Unicode.Scalar(value) != nil, !isLong || take("}") else {
        throw Unreadable()
      }
      return character(value)
    case _ where next.isASCII && next.properties.isAlphabetic, "0"..."9": throw Unreadable()
    default: return literal(next)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> CharacterClass {
    let one = CharacterClass(ranges: [scalar.value...scalar.value])
    return ignoresCase ? one.ignoringCase() : one
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }
}

extension CharacterClass {
  init(
    categories: UInt32 = 0, hasSpaces: Bool = false, hasWords: Bool = false,
    ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false
  ) {
    self.categories = categories
    self.hasSpaces = hasSpaces
    self.hasWords = hasWords
    self.ranges = ranges
    self.isNegated = isNegated
  }

  /// The only character of the set, as far as it was written as one.
  fileprivate var single: UInt32? {
    guard let range = ranges.first, range.count == 1, categories == 0, !hasSpaces, !isNegated else {
      return nil
    }
    return range.lowerBound
  }
}
