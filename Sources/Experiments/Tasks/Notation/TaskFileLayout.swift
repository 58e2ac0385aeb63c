/// How rows become examples: for the whole task, and with changes for single files.
struct TaskFileLayout {
  private var fields: [String: ColumnReference] = [:]
  private var label = ColumnReference.named(["label"])
  private var values: [String: Int] = [:]
  private var dropped: [String] = []
  private var tags: [String: ColumnReference] = [:]
  private var hasHeader = true
  private var format: DataFormat?
  private var skipsRaggedRows = false

  /// What to do with rows that have more or fewer columns than the first.
  private enum Ragged: String, CaseIterable {
    case error
    case skip
  }

  /// The task's own layout.
  init(_ top: inout TaskFileFields, fields names: [String], labels: [String]) {
    for name in names { fields[name] = .named([name]) }
    for (index, name) in labels.enumerated() { values[name] = index }
    read(&top, fields: names, labels: labels)
  }

  /// The names of the classes, from a list or from the keys of a map.
  static func labelNames(_ top: inout TaskFileFields) -> [String] {
    names("labels", like: "{ham: 0, spam: 1}", in: &top)
  }

  /// The names of the input fields, from a list or from the keys of a map.
  static func fieldNames(_ top: inout TaskFileFields) -> [String] {
    names("fields", like: "[sentence]", in: &top)
  }

  private static func names(
    _ key: String, like example: String, in top: inout TaskFileFields
  ) -> [String] {
    guard let node = top.required(key, like: example) else { return [] }
    var names: [String] = []
    let found: [(text: String, place: TaskFilePlace)] =
      if case .map(let members) = node.content {
        members.map { ($0.name, $0.place) }
      } else {
        top.texts(of: node, key: key) ?? []
      }
    for (name, place) in found {
      if names.contains(name) {
        top.mistakes.report("'\(key)' holds '\(name)' twice", help: "name it once", at: place)
      }
      names.append(name)
    }
    return names
  }

  /// Reads the keys that say how rows are read, where they are given.
  private mutating func read(
    _ map: inout TaskFileFields, fields names: [String], labels: [String]
  ) {
    if let node = map.node("labels"), case .map(let members) = node.content {
      values = [:]
      for member in members { readValues(member, labels: labels, in: map) }
    }
    if let texts = map.texts("drop") {
      dropped = texts.map(\.text)
      for (text, place) in texts {
        guard let index = values[text] else { continue }
        map.mistakes.report(
          "'\(text)' is dropped, but stands for the label '\(labels[index])'",
          help: "each text of the label column has one meaning", at: place)
      }
    }
    if let node = map.node("fields"), case .map(let members) = node.content {
      for member in members {
        guard names.contains(member.name) else {
          map.mistakes.reportUnknown(
            member.name, what: "field", known: names, called: "fields", at: member.place)
          continue
        }
        fields[member.name] = column(member.value, key: member.name, in: map)
      }
    }
    if let node = map.node("label") { label = column(node, key: "label", in: map) ?? label }
    if let node = map.node("tags") { tags = readTags(node, in: map) }
    hasHeader = map.flag("header") ?? hasHeader
    format = map.choice("format", of: DataFormat.self) ?? format
    if let ragged = map.choice("ragged", of: Ragged.self) { skipsRaggedRows = ragged == .skip }
  }

  private mutating func readValues(
    _ member: TaskFileNode.Member, labels: [String], in map: TaskFileFields
  ) {
    guard let index = labels.firstIndex(of: member.name) else {
      map.mistakes.reportUnknown(
        member.name, what: "label", known: labels, called: "labels", at: member.place)
      return
    }
    if case .nothing = member.value.content {
      values[member.name] = index
      return
    }
    for (text, place) in map.texts(of: member.value, key: member.name) ?? [] {
      if let other = values.updateValue(index, forKey: text), other != index {
        map.mistakes.report(
          "'\(text)' stands for two labels, '\(labels[other])' and '\(member.name)'",
          help: "each text of the label column has one meaning", at: place)
      }
    }
  }

  private func readTags(_ node: TaskFileNode, in map: TaskFileFields) -> [String: ColumnReference] {
    var tags: [String: ColumnReference] = [:]
    if case .map(let members) = node.content {
      for member in members { tags[member.name] = column(member.value, key: member.name, in: map) }
    } else {
      for (name, _) in map.texts(of: node, key: "tags") ?? [] { tags[name] = .named([name]) }
    }
    if tags[TaskFileEvaluations.labelKey] != nil {
      map.mistakes.report(
        "a tag cannot be called '\(TaskFileEvaluations.labelKey)'",
        help: "filters know the label by that name; give the tag another", at: node.place)
    }
    return tags
  }

  private func column(
    _ node: TaskFileNode, key: String, in map: TaskFileFields
  ) -> ColumnReference? {
    if let number = node.number { return .number(number) }
    return map.texts(of: node, key: key).map { .named($0.map(\.text)) }
  }
}

extension TaskFileLayout {
  /// One entry of `files`: a path, a list of paths, or a map with changes to the task's layout.
  func file(
    _ member: TaskFileNode.Member, of task: TaskDefinition, mistakes: TaskFileMistakes
  ) -> DataFile? {
    var layout = self
    var paths = member.value
    if case .map = member.value.content {
      var map = TaskFileFields(
        member.value, owner: "file '\(member.name)'", mistakes: mistakes)
      for key in ["labels", "fields"] {
        guard let node = map.node(key) else { continue }
        if case .map = node.content { continue }
        let _: String? = map.wrong(node, key, wants: "a map for a single file")
      }
      let found = map.required("paths", like: "[train.tsv]")
      layout.read(&map, fields: task.fields, labels: task.labels)
      map.finish()
      guard let found else { return nil }
      paths = found
    }
    let candidates = self.candidates(paths, mistakes: mistakes)
    guard !candidates.isEmpty else {
      mistakes.report(
        "file '\(member.name)' names no path", help: "write '\(member.name): PATH'",
        at: member.place)
      return nil
    }
    guard let format = layout.format ?? Self.format(of: candidates) else {
      mistakes.report(
        "the paths of file '\(member.name)' do not tell one format",
        help: "write 'format: tsv', 'csv' or 'jsonl'", at: member.value.place)
      return nil
    }
    return DataFile(
      role: member.name, candidates: candidates, format: format, hasHeader: layout.hasHeader,
      skipsRaggedRows: layout.skipsRaggedRows, fields: layout.fields, label: layout.label,
      labels: layout.meanings, tags: layout.tags)
  }

  private var meanings: [String: LabelMeaning] {
    var meanings = values.mapValues(LabelMeaning.label)
    for text in dropped where meanings[text] == nil { meanings[text] = .drop }
    return meanings
  }

  private func candidates(
    _ node: TaskFileNode, mistakes: TaskFileMistakes
  ) -> [DataFile.Candidate] {
    let nodes = if case .list(let list) = node.content { list } else { [node] }
    return nodes.compactMap { node in
      if let path = node.text { return DataFile.Candidate(path) }
      var map = TaskFileFields(node, owner: "path", mistakes: mistakes)
      let path = map.required("path", like: "train.tsv")?.text
      let note = map.text("note")
      map.finish()
      return path.map { DataFile.Candidate($0, note: note) }
    }
  }

  /// The format that all extensions agree on.
  private static func format(of candidates: [DataFile.Candidate]) -> DataFormat? {
    let formats = Set(
      candidates.map { candidate in
        let name = candidate.path.split(separator: "/").last ?? ""
        return name.split(separator: ".").last.flatMap { DataFormat(pathExtension: String($0)) }
      })
    return formats.count == 1 ? formats.first ?? nil : nil
  }
}
