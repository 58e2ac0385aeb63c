import Formats

extension TreeBuilder {
  /// Copies inlines while a cursor walks their source.
  mutating func inlines(
    _ nodes: [CMarkNode], _ cursor: inout InlineCursor, depth: Int
  ) -> [DocumentInline] {
    guard !isTooDeep(depth, at: cursor.offset) else { return [] }
    var result: [DocumentInline] = []
    var pending = ""  // cmark may split text where brackets or tildes turned out to be plain
    for node in nodes {
      if node.kind == .text {
        pending += node.literal
      } else {
        result += pieces(of: pending, &cursor)
        pending = ""
        result += inline(node, &cursor, depth: depth)
      }
    }
    return result + pieces(of: pending, &cursor)
  }

  private mutating func inline(
    _ node: CMarkNode, _ cursor: inout InlineCursor, depth: Int
  ) -> [DocumentInline] {
    switch node.kind {
    case .softBreak: return [.softBreak]
    case .lineBreak: return [.lineBreak]
    case .code: return [code(node.literal, &cursor)]
    case .htmlInline:
      _ = cursor.find(node.literal.utf8)
      return [.html(node.literal)]
    case .emphasis: return [.emphasis(inlines(node.children, &cursor, depth: depth + 1))]
    case .strong: return [.strong(inlines(node.children, &cursor, depth: depth + 1))]
    case .strikethrough:
      return [.strikethrough(inlines(node.children, &cursor, depth: depth + 1))]
    case .link: return [link(node, &cursor, depth: depth)]
    case .image: return [image(node, &cursor, depth: depth)]
    case .footnoteReference: return [footnoteReference(node, &cursor)]
    default: return inlines(node.children, &cursor, depth: depth + 1)
    }
  }

  private mutating func code(_ literal: String, _ cursor: inout InlineCursor) -> DocumentInline {
    let mark = "{val}"
    let fallback = cursor.offset
    let offsets = cursor.findCode(literal)
    guard literal.equals(bytes: mark) || literal.starts(withBytes: mark + " ") else {
      return .code(literal)
    }
    let rest = literal.utf8.dropFirst(mark.utf8.count)
    let expression = rest.drop { $0 == UInt8(ascii: " ") }
    guard !expression.isEmpty else {
      report(
        .malformedExpression, at: offsets?.first ?? fallback, "this value has no expression",
        help: "write one after {val}, as in `{val} lowres[lora,128].ood.accuracy`")
      return .code(literal)
    }
    let index = literal.utf8.count - expression.count
    let offset = offsets.map { $0[index] } ?? fallback
    return .value(
      String(Substring(expression).trimmingBlanks), text.position(at: offset))
  }

  private mutating func link(
    _ node: CMarkNode, _ cursor: inout InlineCursor, depth: Int
  ) -> DocumentInline {
    let start = cursor.next(UInt8(ascii: "["))
    let content = inlines(node.children, &cursor, depth: depth + 1)
    let label = content.map(\.plainText).joined()
    // A bare address is its own text and has no tail.
    if !node.destination.ends(withBytes: label) { cursor.skipLinkTail() }
    let address = Address(node.destination)
    if !address.isLink { warn(of: address, at: start) }
    return .link(
      destination: node.destination, title: node.title, content, text.position(at: start))
  }

  private mutating func image(
    _ node: CMarkNode, _ cursor: inout InlineCursor, depth: Int
  ) -> DocumentInline {
    let start = cursor.next(UInt8(ascii: "["))
    let content = inlines(node.children, &cursor, depth: depth + 1)
    cursor.skipLinkTail()
    let address = Address(node.destination)
    if !address.isPicture { warn(of: address, at: start) }
    return .image(
      source: node.destination, title: node.title,
      alternative: content.map(\.plainText).joined(), text.position(at: start))
  }

  private mutating func warn(of address: Address, at offset: Int) {
    report(
      .unsafeAddress, at: offset, "an address \(address.refusal) is omitted from the page",
      help: "link to http, https, mailto or a relative path; a path with a colon begins with ./",
      severity: .warning)
  }

  private mutating func footnoteReference(
    _ node: CMarkNode, _ cursor: inout InlineCursor
  ) -> DocumentInline {
    if cursor.find("[^".utf8) != nil { _ = cursor.find("]".utf8) }
    let number = Int(node.literal) ?? 0
    footnoteOccurrences[number, default: 0] += 1
    return .footnoteReference(
      number: number, occurrence: footnoteOccurrences[number, default: 0])
  }
}

extension TreeBuilder {
  /// Splits text at its references.
  private func pieces(of visible: String, _ cursor: inout InlineCursor) -> [DocumentInline] {
    var result: [DocumentInline] = []
    var plain = ""
    var rest = Substring(visible)
    while let at = rest.firstIndex(ofByte: "@") {
      let before = rest[..<at]
      plain += before
      cursor.advance(over: before)
      rest = rest[at...].dropping(firstBytes: 1)
      guard let label = Self.reference(in: rest, after: plain.unicodeScalars.last) else {
        plain += "@"
        cursor.advance(over: "@")
        continue
      }
      let fallback = cursor.offset
      let found = cursor.find("@\(label)".utf8)
      rest = rest.dropping(firstBytes: label.utf8.count)
      if found?.isEscaped == true {
        plain += "@\(label)"
      } else {
        if !plain.isEmpty { result.append(.text(plain)) }
        plain = ""
        result.append(.reference(label, text.position(at: found?.offset ?? fallback)))
      }
    }
    cursor.advance(over: rest)
    plain += rest
    if !plain.isEmpty { result.append(.text(plain)) }
    return result
  }

  /// The label after an `@`, unless the `@` belongs to an address or the label has no prefix.
  private static func reference(in rest: Substring, after previous: Unicode.Scalar?) -> String? {
    if let previous,
      previous.properties.isIDContinue || "@/+-".unicodeScalars.contains(previous)
    {
      return nil
    }
    let label = String(decoding: SourceLabel.prefix(of: ArraySlice(rest.utf8)), as: UTF8.self)
    return SourceLabel.referencePrefixes.contains { label.starts(withBytes: "\($0)-") }
      ? label : nil
  }
}
