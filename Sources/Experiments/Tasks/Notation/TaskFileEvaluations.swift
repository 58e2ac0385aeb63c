import Formats

/// Reads the entries of `evaluate`.
struct TaskFileEvaluations {
  private(set) var sets: [EvaluationDefinition] = []
  private let task: TaskDefinition

  /// The name of the class in filters.
  static let labelKey = "label"
  /// What `train.loss` and `memory.peak` begin with, so that no set can be called that.
  private static let reserved = ["train", "memory"]

  init(_ task: TaskDefinition) {
    self.task = task
  }

  mutating func read(_ member: YAMLField, reportingTo top: inout FieldReader) {
    var fields = top.nested(
      member.value, owner: "evaluation set '\(member.key)'", position: member.value.position)
    defer { top.report(fields.finish()) }
    checkName(member.name, &fields)
    var set = EvaluationDefinition(role: member.key)
    if let domain = fields.choice("domain", of: EvaluationDomain.self) { set.domain = domain.value }
    let fileName = fields.string("file") ?? Located(set.file, at: member.position)
    set.file = fileName.value
    let file = task.files.first { $0.role == set.file }
    if file == nil {
      let roles = task.files.map(\.role)
      fields.report(.unknownName("file", fileName, known: roles, called: "files"))
    }
    let tags = file.map { $0.tags.keys.sorted() }
    if let value = fields.value("where") {
      set.filter = filter(value, key: "where", tags: tags, &fields)
    }
    for tag in fields.strings("stratify") ?? [] {
      checkTag(tag, known: tags, &fields)
      set.stratifyBy.append(tag.value)
    }
    let subsets = fields.map("subsets")?.members ?? []
    sets.append(set)
    for subset in subsets {
      checkName(subset.name, &fields)
      let filter = filter(subset.value, key: subset.key, tags: tags, &fields)
      sets[sets.count - 1].subsets.append(SubsetDefinition(name: subset.key, filter: filter))
    }
  }

  private func filter(
    _ value: YAMLValue, key: String, tags: [String]?, _ fields: inout FieldReader
  ) -> RowFilter {
    var filter = RowFilter()
    guard case .map(let members) = value.content else {
      fields.reportInvalid(key, value, wants: "a map of tags to texts")
      return filter
    }
    for member in members {
      guard let text = member.value.scalar else {
        fields.reportInvalid(member.key, member.value, wants: "text")
        continue
      }
      guard member.key == Self.labelKey else {
        checkTag(member.name, known: tags, &fields)
        filter.tags[member.key] = text
        continue
      }
      filter.label = task.labels.firstIndex(of: text)
      if filter.label == nil {
        fields.report(
          .unknownName(
            "label", Located(text, at: member.value.position), known: task.labels,
            called: "labels"))
      }
    }
    return filter
  }

  /// Reports a tag that is not in `known`, the file's tags; these are nil if the file itself is wrong.
  private func checkTag(
    _ tag: Located<String>, known: [String]?, _ fields: inout FieldReader
  ) {
    guard let known, !known.contains(tag.value) else { return }
    fields.report(
      .malformedTask(
        "the set's file declares no tag '\(tag.value)'",
        help: known.isEmpty
          ? "write 'tags: [\(tag.value)]' if its column has that name"
          : Suggestion.help(for: tag.value, among: known, called: "its tags"),
        at: tag.position))
  }

  private func checkName(_ name: Located<String>, _ fields: inout FieldReader) {
    let isReserved = Self.reserved.contains(name.value)
    if !Name.isValid(name.value) || isReserved {
      fields.report(
        .malformedTask(
          "'\(name.value)' cannot be the name of an evaluation set",
          help: isReserved ? "'\(name.value).…' means something else in reports" : Name.rule,
          at: name.position))
    }
    if sets.contains(where: { set in
      set.name == name.value || set.subsets.contains { $0.name == name.value }
    }) {
      fields.report(
        .malformedTask(
          "there are two evaluation sets '\(name.value)'",
          help: "subsets need their own names too", at: name.position))
    }
  }
}

extension EvaluationDefinition {
  /// The set that is all of the file with a role; `ood` is out of domain, others resemble training.
  init(role: String) {
    self.init(
      name: role, domain: role == EvaluationDomain.outOfDomain.rawValue ? .outOfDomain : .inDomain,
      file: role)
  }
}
