import Formats

/// Reads the entries of `patterns` and the label words.
struct TaskFilePatterns {
  let labels: [String]

  /// The word of each class, from a list in the order of the labels or a map of labels to words.
  func words(_ value: YAMLValue, reportingTo fields: inout FieldReader) -> [String] {
    guard !labels.isEmpty else { return [] }  // which is a mistake already
    guard case .map(let members) = value.content else {
      let words = fields.texts(of: value, key: "words")
      guard words.count == value.items.count else { return [] }
      if words.count != labels.count {
        fields.report(
          .malformedTask(
            "'words' holds \(words.count) for \(labels.count) labels",
            help: "write one for each of \(labels.joined(separator: ", "))", at: value.position))
        return []
      }
      return words.map(\.value)
    }
    var words: [String: String] = [:]
    for member in members {
      guard labels.contains(member.key) else {
        fields.report(.unknownName("label", member.name, known: labels, called: "labels"))
        continue
      }
      words[member.key] = member.value.scalar
      if member.value.scalar == nil {
        fields.reportInvalid(member.key, member.value, wants: "a word")
      }
    }
    if let missing = labels.first(where: { label in !members.contains { $0.key == label } }) {
      fields.report(
        .malformedTask(
          "'words' has none for '\(missing)'", help: "write '\(missing): WORD'", at: value.position
        ))
    }
    let all = labels.compactMap { words[$0] }
    return all.count == labels.count ? all : []
  }

  /// A pattern: its text, or a map with words or a separator of its own.
  func pattern(
    _ member: YAMLField, defaultWords: [String], reportingTo top: inout FieldReader
  ) -> PatternDefinition? {
    if !Name.isValid(member.key) || member.key == TaskDefinition.plainPattern {
      top.report(
        .malformedTask(
          "'\(member.key)' cannot be the name of a pattern",
          help: member.key == TaskDefinition.plainPattern
            ? "in every task it is the fields, joined by a space" : Name.rule,
          at: member.position))
    }
    var pattern = PatternDefinition(
      member.key, member.value.scalar ?? "", labelWords: defaultWords)
    if member.value.scalar == nil {
      var fields = top.nested(
        member.value, owner: "pattern '\(member.key)'", position: member.value.position)
      defer { top.report(fields.finish()) }
      fields.requirePresence(of: "text", like: "\"{field} ?\"")
      let text = fields.string("text")
      if let value = fields.value("words") {
        pattern.labelWords = words(value, reportingTo: &fields)
      }
      if let value = fields.value("separator") {
        pattern.separator = fields.texts(of: value, key: "separator").first?.value ?? ""
      }
      guard let text else { return nil }
      pattern.template = text.value
    }
    if pattern.template.utf8.last == UInt8(ascii: " ") {
      top.report(
        .malformedTask(
          "pattern '\(member.key)' ends in a space",
          help: "leave it out: label words begin with one", at: member.value.position))
    }
    return pattern
  }
}
