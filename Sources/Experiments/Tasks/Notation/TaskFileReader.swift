import Formats

/// Turns the map of a task file into a definition.
///
/// Reading continues after a mistake, so that all mistakes can be corrected at once.
struct TaskFileReader {
  private var top: FieldReader

  init(_ root: YAMLValue?, at start: SourcePosition) {
    top = FieldReader(
      root, owner: "task file", position: root?.position ?? start,
      help: "see docs/tasks.md for what it means")
  }

  /// Everything that was wrong.
  mutating func finish() -> [Diagnostic] { top.finish() }

  mutating func definition(defaultName: String) -> TaskDefinition {
    let name = name(default: defaultName)
    let about = TaskAbout(
      title: top.string("title")?.value, citation: top.string("citation")?.value,
      licence: top.string("licence")?.value)
    let names = TaskFileLayout.names("labels", like: "{ham: 0, spam: 1}", in: &top)
    let fieldNames = TaskFileLayout.names("fields", like: "[sentence]", in: &top)
    let layout = TaskFileLayout(&top, fields: fieldNames, labels: names)
    var definition = TaskDefinition(
      name: name, labels: names, fields: fieldNames, files: [], evaluations: [], patterns: [],
      defaultPattern: TaskDefinition.plainPattern, about: about)
    definition.files = files(layout, of: definition)
    definition.evaluations = evaluations(of: definition)
    readPatterns(into: &definition)
    definition.about.downloads = downloads()
    return definition
  }

  private mutating func name(default name: String) -> String {
    let written = top.string("name")
    let name = written?.value ?? name
    if !Name.isValid(name) {
      top.report(
        .malformedTask(
          "'\(name)' cannot be the task's name", help: Name.rule + "; give one with 'name:'",
          at: written?.position ?? top.position))
    }
    return name
  }

  // MARK: Files

  private mutating func files(
    _ layout: TaskFileLayout, of definition: TaskDefinition
  ) -> [DataFile] {
    top.requirePresence(of: "files", like: "{train: train.tsv, ood: ood.tsv}")
    guard let value = top.value("files") else { return [] }
    guard case .map(let members) = value.content else {
      top.reportInvalid("files", value, wants: "a map of roles to paths")
      return []
    }
    var files: [DataFile] = []
    for member in members {
      guard let file = layout.file(member, of: definition, reportingTo: &top) else { continue }
      if let misfit = definition.firstMisfit(of: file) {
        top.report(
          .malformedTask(
            misfit, help: "correct this file's entry or the keys above", at: member.position))
      }
      files.append(file)
    }
    if !members.contains(where: { $0.key == TaskDefinition.trainingRole }) {
      top.report(
        .malformedTask(
          "no file has the role '\(TaskDefinition.trainingRole)'",
          help: "samples are drawn from it: write 'train: PATH'", at: value.position))
    }
    return files
  }

  // MARK: Evaluation sets

  private mutating func evaluations(of definition: TaskDefinition) -> [EvaluationDefinition] {
    guard let value = top.value("evaluate") else {
      return definition.files.map(\.role).filter { $0 != TaskDefinition.trainingRole }.map(
        EvaluationDefinition.init(role:))
    }
    var reader = TaskFileEvaluations(definition)
    if case .map(let members) = value.content {
      for member in members { reader.read(member, reportingTo: &top) }
    } else {
      for name in top.texts(of: value, key: "evaluate") {
        let nothing = YAMLValue(
          content: .null, position: name.position, source: SourceText("", at: name.position))
        reader.read(
          YAMLField(key: name.value, position: name.position, value: nothing), reportingTo: &top)
      }
    }
    return reader.sets
  }

  // MARK: Patterns

  private mutating func readPatterns(into definition: inout TaskDefinition) {
    let reader = TaskFilePatterns(labels: definition.labels)
    let words = top.value("words").map { reader.words($0, reportingTo: &top) } ?? []
    for member in top.map("patterns")?.members ?? [] {
      guard let pattern = reader.pattern(member, defaultWords: words, reportingTo: &top) else {
        continue
      }
      do throws(TaskError) {
        if !definition.fields.isEmpty { _ = try Pattern(pattern, of: definition) }
        definition.patterns.append(pattern)
      } catch {
        top.report(.malformedTask(error.message, help: error.help, at: member.value.position))
      }
    }
    definition.defaultPattern = definition.patterns.first?.name ?? TaskDefinition.plainPattern
    guard let name = top.string("pattern") else { return }
    definition.defaultPattern = name.value
    if !definition.patternNames.contains(name.value) {
      top.report(
        .unknownName("pattern", name, known: definition.patternNames, called: "patterns"))
    }
  }

  // MARK: Downloads

  private mutating func downloads() -> [Download] {
    guard let value = top.value("downloads") else { return [] }
    guard case .list(let items) = value.content else {
      top.reportInvalid("downloads", value, wants: "a list")
      return []
    }
    return items.compactMap { item in
      var fields = top.nested(item, owner: "download", position: item.position)
      defer { top.report(fields.finish()) }
      return Self.download(&fields)
    }
  }

  private static func download(_ fields: inout FieldReader) -> Download? {
    let sha256 = fields.string("sha256")?.value
    let members = fields.value("unzip").map { fields.texts(of: $0, key: "unzip") }
    let files = fields.value("to").map { fields.texts(of: $0, key: "to") }
    if let words = fields.string("by-hand") {
      return Download(.byHand(words.value), files: (files ?? []).map(\.value))
    }
    fields.requirePresence(of: "url", like: "https://…")
    guard let url = fields.string("url") else { return nil }
    guard url.value.starts(withBytes: "https://") || url.value.starts(withBytes: "http://") else {
      fields.report(
        .malformedTask(
          "'\(url.value)' is not a web address", help: "an address begins with https://",
          at: url.position))
      return nil
    }
    guard (members == nil) != (files?.count != 1) else {
      fields.report(
        .malformedTask(
          "the download of \(url.value) names no file to write",
          help: "write 'to: PATH' for a file, or 'unzip: [PATH, …]' for members of a zip archive",
          at: fields.position))
      return nil
    }
    let paths = members ?? files ?? []
    for path in paths where !Download.isInside(path.value) {
      fields.report(
        .malformedTask(
          "'\(path.value)' is outside the data folder",
          help: "name a file below it, without '..'", at: path.position))
      return nil
    }
    return Download(
      .address(url.value, sha256: sha256?.lowercased()), isArchive: members != nil,
      files: paths.map(\.value))
  }
}
