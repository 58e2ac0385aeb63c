import Formats

/// One labelled input.
package struct Example: Hashable, Sendable {
  /// The input texts in the order of the task's fields.
  package var fields: [String]
  /// The class, as an index into the task's labels.
  package var label: Int

  package init(fields: [String], label: Int) {
    self.fields = fields
    self.label = label
  }
}

/// A prompt template as a task writes it down; ``Pattern`` is its compiled form.
package struct PatternDefinition: Codable, Hashable, Sendable {
  package var name: String
  /// Text with `{field}` where an input goes; it does not end in a space.
  package var template: String
  /// The label word of each class; empty if the pattern has none.
  package var labelWords: [String]
  /// What separates demonstrations from each other and from the query.
  package var separator: String

  package init(
    _ name: String, _ template: String, labelWords: [String], separator: String = "\n\n"
  ) {
    self.name = name
    self.template = template
    self.labelWords = labelWords
    self.separator = separator
  }
}

/// A template with its fields resolved, which turns an example into text.
///
/// `text(for:)` never ends in white space that a label word would need in front of itself: byte-level
/// and SentencePiece vocabularies hold the space and the word as one piece (`ĠYes`), so a text ending
/// in a space would ask for a piece that training never saw. ``continuations`` carry the space.
package struct Pattern: Hashable, Sendable {
  package let name: String
  /// The word of each class, without a space; empty for a pattern without label words.
  package let labelWords: [String]
  package let separator: String
  private let pieces: [Piece]

  private enum Piece: Hashable, Sendable {
    case literal(String)
    case field(Int)
    /// Where the label word goes; without one it follows the text.
    case answer
  }

  /// What stands for the label word in a template.
  private static let answerName = "mask"

  /// What follows the text when the answer is class `i`: a space and the label word.
  var continuations: [String] { labelWords.map { " " + $0 } }

  /// Compiles a template for a task's fields.
  ///
  /// - Parameters:
  ///   - definition: The template and its label words.
  ///   - task: Gives the order of the fields and the number of classes.
  /// - Throws: ``TaskError`` if a `{name}` is no field of the task or a class has no word.
  package init(_ definition: PatternDefinition, of task: TaskDefinition) throws(TaskError) {
    let words = definition.labelWords
    guard words.isEmpty || words.count == task.labels.count else {
      throw TaskError(
        .invalidDefinition(
          "pattern '\(definition.name)' has \(words.count) label words for "
            + "\(task.labels.count) classes"), task: task.name)
    }
    guard Set(words).count == words.count else {
      throw TaskError(
        .invalidDefinition("pattern '\(definition.name)' gives two classes the same label word"),
        task: task.name)
    }
    var pieces: [Piece] = []
    var literal = ""
    var rest = definition.template[...]
    while let open = rest.firstIndex(ofByte: "{") {
      guard let close = rest[open...].firstIndex(ofByte: "}") else { break }
      let name = String(rest[open..<close].dropping(firstBytes: 1))
      let field = task.fields.firstIndex(of: name)
      let isAnswer = field == nil && name == Self.answerName && !pieces.contains(.answer)
      guard field != nil || isAnswer else {
        throw TaskError(
          .unknownField(name, pattern: definition.name, known: task.fields), task: task.name)
      }
      literal += rest[..<open]
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      pieces.append(field.map(Piece.field) ?? .answer)
      rest = rest[close...].dropping(firstBytes: 1)
    }
    literal += rest
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    name = definition.name
    labelWords = words
    separator = definition.separator
    self.pieces = pieces
  }

  /// The template with the example's texts put in.
  package func text(for example: Example) -> String {
    text(for: example.fields)
  }

  /// The template with `fields`, in the task's order, put in.
  ///
  /// Useful for content-free inputs, which calibration feeds in place of an example.
  package func text(for fields: [String]) -> String {
    var text = ""
    for piece in pieces { text += self.text(of: piece, fields) }
    return pieces.last == .answer ? text.trimmingTrailingBlanks() : text
  }

  private func text(of piece: Piece, _ fields: [String]) -> String {
    switch piece {
    case .literal(let literal): literal
    case .field(let index): fields[index]
    case .answer: ""
    }
  }

  /// Whether text follows the label word.
  var answersInside: Bool { pieces.contains(.answer) && pieces.last != .answer }

  /// The text before the label word, with a blank at its end where the word follows the text, and the text
  /// after it.
  func textAroundAnswer(for example: Example) -> (before: String, after: String) {
    func text(_ pieces: ArraySlice<Piece>) -> String {
      pieces.reduce(into: "") { $0 += self.text(of: $1, example.fields) }
    }
    guard let place = pieces.firstIndex(of: .answer) else {
      return (text(pieces[...]).trimmingTrailingBlanks() + " ", "")
    }
    return (text(pieces[..<place]), text(pieces[(place + 1)...]))
  }

  /// The text of an example with its answer, as a demonstration in a prompt.
  ///
  /// - Precondition: The pattern has label words.
  func demonstration(of example: Example) -> String {
    precondition(example.label < labelWords.count, "pattern '\(name)' has no word for \(example)")
    return text(for: example) + " " + labelWords[example.label]
  }
}

extension String {
  /// The string without the blanks and line breaks at its end.
  func trimmingTrailingBlanks() -> String {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return String(self[..<end])
  }
}
