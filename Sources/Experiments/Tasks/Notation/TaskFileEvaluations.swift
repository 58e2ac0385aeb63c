import Formats

/// Reads the entries of `evaluate`.
struct TaskFileEvaluations {
  private(set) var sets: [EvaluationDefinition] = []
  private let task: TaskDefinition
  private let mistakes: TaskFileMistakes

  /// By what name filters know the class.
  static let labelKey = "label"
  /// What `train.loss` and `memory.peak` begin with, so that no set can be called that.
  private static let reserved = ["train", "memory"]

  init(_ task: TaskDefinition, mistakes: TaskFileMistakes) {
    self.task = task
    self.mistakes = mistakes
  }

  mutating func read(_ member: TaskFileNode.Member) {
    var map = TaskFileFields(
      member.value, owner: "evaluation set '\(member.name)'", mistakes: mistakes)
    checkName(member.name, at: member.place)
    var set = EvaluationDefinition(role: member.name)
    if let domain = map.choice("domain", of: EvaluationDomain.self) { set.domain = domain }
    let fileNode = map.node("file")
    if let file = map.text("file") { set.file = file }
    let roles = task.files.map(\.role)
    let file = task.files.first { $0.role == set.file }
    if file == nil {
      mistakes.reportUnknown(
        set.file, what: "file", known: roles, called: "files",
        at: fileNode?.place ?? member.place)
    }
    let tags = file.map { $0.tags.keys.sorted() }
    if let node = map.node("where") { set.filter = filter(node, key: "where", tags: tags, in: map) }
    for (tag, place) in map.texts("stratify") ?? [] {
      checkTag(tag, known: tags, at: place)
      set.stratifyBy.append(tag)
    }
    let subsets = map.map("subsets") ?? []
    sets.append(set)
    for subset in subsets {
      checkName(subset.name, at: subset.place)
      let filter = filter(subset.value, key: subset.name, tags: tags, in: map)
      sets[sets.count - 1].subsets.append(SubsetDefinition(name: subset.name, filter: filter))
    }
    map.finish()
  }

  private func filter(
    _ node: TaskFileNode, key: String, tags: [String]?, in map: TaskFileFields
  ) -> RowFilter {
    var filter = RowFilter()
    guard case .map(let members) = node.content else {
      return map.wrong(node, key, wants: "a map of tags to texts") ?? filter
    }
    for member in members {
      guard let text = member.value.text else {
        let _: String? = map.wrong(member.value, member.name, wants: "text")
        continue
      }
      guard member.name == Self.labelKey else {
        checkTag(member.name, known: tags, at: member.place)
        filter.tags[member.name] = text
        continue
      }
      filter.label = task.labels.firstIndex(of: text)
      if filter.label == nil {
        mistakes.reportUnknown(
          text, what: "label", known: task.labels, called: "labels", at: member.value.place)
      }
    }
    return filter
  }

  /// Reports a tag that is none of `known`, the file's, which are nil where the file itself is wrong.
  private func checkTag(_ tag: String, known: [String]?, at place: TaskFilePlace) {
    guard let known, !known.contains(tag) else { return }
    mistakes.report(
      "the set's file declares no tag '\(tag)'",
      help: known.isEmpty
        ? "write 'tags: [\(tag)]' if its column is called that"
        : Suggestion.help(for: tag, among: known, called: "its tags"),
      at: place)
  }

  private func checkName(_ name: String, at place: TaskFilePlace) {
    if !TaskFileReader.isName(name) || Self.reserved.contains(name) {
      mistakes.report(
        "'\(name)' cannot be the name of an evaluation set",
        help: Self.reserved.contains(name)
          ? "'\(name).…' means something else in reports" : TaskFileReader.nameRule,
        at: place)
    }
    if sets.contains(where: { set in
      set.name == name || set.subsets.contains { $0.name == name }
    }) {
      mistakes.report(
        "there are two evaluation sets '\(name)'", help: "subsets need names of their own too",
        at: place)
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
