/// Reads the entries of `patterns` and the label words.
struct TaskFilePatterns {
  let labels: [String]
  let mistakes: TaskFileMistakes

  /// The word of each class, from a list in the order of the labels or a map of labels to words.
  func words(_ node: TaskFileNode, in map: TaskFileFields) -> [String] {
    guard !labels.isEmpty else { return [] }  // which is a mistake already
    guard case .map(let members) = node.content else {
      let words = map.texts(of: node, key: "words") ?? []
      if words.count != labels.count {
        mistakes.report(
          "'words' holds \(words.count) for \(labels.count) labels",
          help: "write one for each of \(labels.joined(separator: ", "))", at: node.place)
        return []
      }
      return words.map(\.text)
    }
    var words: [String: String] = [:]
    for member in members {
      guard labels.contains(member.name) else {
        mistakes.reportUnknown(
          member.name, what: "label", known: labels, called: "labels", at: member.place)
        continue
      }
      words[member.name] =
        member.value.text ?? map.wrong(member.value, member.name, wants: "a word")
    }
    if let missing = labels.first(where: { words[$0] == nil }) {
      mistakes.report(
        "'words' has none for '\(missing)'", help: "write '\(missing): WORD'", at: node.place)
      return []
    }
    return labels.compactMap { words[$0] }
  }

  /// A pattern: its text, or a map with words or a separator of its own.
  func pattern(
    _ member: TaskFileNode.Member, defaultWords: [String]
  ) -> PatternDefinition? {
    if !TaskFileReader.isName(member.name) || member.name == TaskDefinition.plainPattern {
      mistakes.report(
        "'\(member.name)' cannot be the name of a pattern",
        help: member.name == TaskDefinition.plainPattern
          ? "it is the fields with a space between them, for every task" : TaskFileReader.nameRule,
        at: member.place)
    }
    var pattern = PatternDefinition(
      member.name, member.value.text ?? "", labelWords: defaultWords)
    if member.value.text == nil {
      var map = TaskFileFields(
        member.value, owner: "pattern '\(member.name)'", mistakes: mistakes)
      defer { map.finish() }
      guard let text = map.required("text", like: "\"{field} ?\"")?.text else { return nil }
      pattern.template = text
      if let node = map.node("words") { pattern.labelWords = words(node, in: map) }
      if let separator = map.text("separator") { pattern.separator = separator }
    }
    if pattern.template.last == " " {
      mistakes.report(
        "pattern '\(member.name)' ends in a space",
        help: "leave it out: label words bring their own", at: member.value.place)
    }
    return pattern
  }
}
