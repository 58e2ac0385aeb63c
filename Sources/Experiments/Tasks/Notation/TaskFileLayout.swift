import Formats

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
  init(_ top: inout FieldReader, fields names: [String], labels: [String]) {
    for name in names { fields[name] = .named([name]) }
    for (index, name) in labels.enumerated() { values[name] = index }
    read(&top, fields: names, labels: labels)
  }

  /// The names of the classes or of the input fields, from a list or from the keys of a map.
  static func names(
    _ key: String, like example: String, in top: inout FieldReader
  ) -> [String] {
    top.requirePresence(of: key, like: example)
    guard let value = top.value(key) else { return [] }
    let found: [Located<String>] =
      if case .map(let members) = value.content {
        members.map(\.name)
      } else {
        top.texts(of: value, key: key)
      }
    var names: [String] = []
    for name in found {
      if names.contains(name.value) {
        top.report(
          .malformedTask(
            "'\(key)' holds '\(name.value)' twice", help: "name it once", at: name.position))
      }
      names.append(name.value)
    }
    return names
  }

  /// Reads the keys that say how rows are read, where they are given.
  private mutating func read(_ map: inout FieldReader, fields names: [String], labels: [String]) {
    if let value = map.value("labels"), case .map(let members) = value.content {
      values = [:]
      for member in members { readValues(member, labels: labels, in: &map) }
    }
    if let value = map.value("drop") {
      let texts = map.texts(of: value, key: "drop")
      dropped = texts.map(\.value)
      for text in texts {
        guard let index = values[text.value] else { continue }
        map.report(
          .malformedTask(
            "'\(text.value)' is dropped, but also means the label '\(labels[index])'",
            help: "each value of the label column can have only one meaning", at: text.position))
      }
    }
    if let value = map.value("fields"), case .map(let members) = value.content {
      for member in members {
        guard names.contains(member.key) else {
          map.report(.unknownName("field", member.name, known: names, called: "fields"))
          continue
        }
        fields[member.key] = Self.column(member.value, key: member.key, in: &map)
      }
    }
    if let value = map.value("label") { label = Self.column(value, key: "label", in: &map) }
    let group = tags[TaskDefinition.groupingTag]
    if let value = map.value("tags") {
      tags = Self.tags(value, in: &map)
      tags[TaskDefinition.groupingTag] = group
    }
    if let value = map.value("group") {
      tags[TaskDefinition.groupingTag] = Self.column(value, key: "group", in: &map)
    }
    hasHeader = map.flag("header")?.value ?? hasHeader
    format = map.choice("format", of: DataFormat.self)?.value ?? format
    if let ragged = map.choice("ragged", of: Ragged.self) {
      skipsRaggedRows = ragged.value == .skip
    }
  }

  private mutating func readValues(
    _ member: YAMLField, labels: [String], in map: inout FieldReader
  ) {
    guard let index = labels.firstIndex(of: member.key) else {
      map.report(.unknownName("label", member.name, known: labels, called: "labels"))
      return
    }
    if member.value.isNull {
      values[member.key] = index
      return
    }
    for text in map.texts(of: member.value, key: member.key) {
      if let other = values.updateValue(index, forKey: text.value), other != index {
        map.report(
          .malformedTask(
            "'\(text.value)' means two labels, '\(labels[other])' and '\(member.key)'",
            help: "each value of the label column can have only one meaning", at: text.position))
      }
    }
  }

  private static func tags(
    _ value: YAMLValue, in map: inout FieldReader
  ) -> [String: ColumnReference] {
    var tags: [String: ColumnReference] = [:]
    if case .map(let members) = value.content {
      for member in members {
        tags[member.key] = column(member.value, key: member.key, in: &map)
      }
    } else {
      for name in map.texts(of: value, key: "tags") { tags[name.value] = .named([name.value]) }
    }
    if tags[TaskDefinition.groupingTag] != nil {
      map.report(
        .malformedTask(
          "a tag cannot be named '\(TaskDefinition.groupingTag)'",
          help: "write 'group: COLUMN' for rows that belong together", at: value.position))
    }
    if tags[TaskFileEvaluations.labelKey] != nil {
      map.report(
        .malformedTask(
          "a tag cannot be named '\(TaskFileEvaluations.labelKey)'",
          help: "filters use that name for the label; give the tag another name", at: value.position
        ))
    }
    return tags
  }

  /// A column by its number or by the names it may have.
  private static func column(
    _ value: YAMLValue, key: String, in map: inout FieldReader
  ) -> ColumnReference {
    if case .integer(let number) = value.content { return .number(number) }
    return .named(map.texts(of: value, key: key).map(\.value))
  }
}

extension TaskFileLayout {
  /// One entry of `files`: a path, a list of paths, or a map with changes to the task's layout.
  func file(
    _ member: YAMLField, of task: TaskDefinition, reportingTo top: inout FieldReader
  ) -> DataFile? {
    var layout = self
    var paths = member.value
    if case .map = member.value.content {
      var map = top.nested(
        member.value, owner: "file '\(member.key)'", position: member.value.position)
      for key in ["labels", "fields"] {
        guard let value = map.value(key) else { continue }
        if case .map = value.content { continue }
        map.reportInvalid(key, value, wants: "a map for a single file")
      }
      map.requirePresence(of: "paths", like: "[train.tsv]")
      let found = map.value("paths")
      layout.read(&map, fields: task.fields, labels: task.labels)
      top.report(map.finish())
      guard let found else { return nil }
      paths = found
    }
    let candidates = Self.candidates(paths, reportingTo: &top)
    guard !candidates.isEmpty else {
      top.report(
        .malformedTask(
          "file '\(member.key)' names no path", help: "write '\(member.key): PATH'",
          at: member.position))
      return nil
    }
    guard let format = layout.format ?? Self.format(of: candidates) else {
      top.report(
        .malformedTask(
          "the paths of file '\(member.key)' do not determine one format",
          help: "write 'format: tsv', 'csv' or 'jsonl'", at: member.value.position))
      return nil
    }
    return DataFile(
      role: member.key, candidates: candidates, format: format, hasHeader: layout.hasHeader,
      skipsRaggedRows: layout.skipsRaggedRows, fields: layout.fields, label: layout.label,
      labels: layout.meanings, tags: layout.tags)
  }

  private var meanings: [String: LabelMeaning] {
    var meanings = values.mapValues(LabelMeaning.label)
    for text in dropped where meanings[text] == nil { meanings[text] = .drop }
    return meanings
  }

  private static func candidates(
    _ value: YAMLValue, reportingTo top: inout FieldReader
  ) -> [DataFile.Candidate] {
    value.items.compactMap { item in
      if let path = item.scalar { return DataFile.Candidate(path) }
      if item.isNull { return nil }
      var map = top.nested(item, owner: "path", position: item.position)
      defer { top.report(map.finish()) }
      map.requirePresence(of: "path", like: "train.tsv")
      let path = map.string("path")?.value
      let note = map.string("note")?.value
      return path.map { DataFile.Candidate($0, note: note) }
    }
  }

  /// The format that all extensions agree on.
  private static func format(of candidates: [DataFile.Candidate]) -> DataFormat? {
    let formats = Set(candidates.map { DataFormat(path: $0.path) })
    return formats.count == 1 ? formats.first ?? nil : nil
  }
}
