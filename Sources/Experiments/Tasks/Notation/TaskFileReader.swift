import Formats

/// Turns the map of a task file into a definition; what is wrong goes to ``mistakes``.
///
/// Reading goes on after a mistake, with what is there, so that a file is corrected in one go.
struct TaskFileReader {
  let mistakes: TaskFileMistakes
  private var top: TaskFileFields

  init(_ root: TaskFileNode, mistakes: TaskFileMistakes) {
    self.mistakes = mistakes
    top = TaskFileFields(root, owner: "task file", mistakes: mistakes)
  }

  mutating func definition(defaultName: String) -> TaskDefinition {
    let name = name(default: defaultName)
    let about = TaskAbout(
      title: top.text("title"), citation: top.text("citation"), licence: top.text("licence"))
    let names = TaskFileLayout.labelNames(&top)
    let fieldNames = TaskFileLayout.fieldNames(&top)
    let layout = TaskFileLayout(&top, fields: fieldNames, labels: names)
    var definition = TaskDefinition(
      name: name, labels: names, fields: fieldNames, files: [], evaluations: [], patterns: [],
      defaultPattern: TaskDefinition.plainPattern, about: about)
    definition.files = files(layout, of: definition)
    definition.evaluations = evaluations(of: definition)
    readPatterns(into: &definition)
    definition.about.downloads = downloads()
    top.finish()
    return definition
  }

  private mutating func name(default name: String) -> String {
    let node = top.node("name")
    let name = node?.text ?? name
    if !Self.isName(name) {
      mistakes.report(
        "'\(name)' cannot be the task's name", help: Self.nameRule + "; give one with 'name:'",
        at: node?.place ?? top.place)
    }
    return name
  }

  static let nameRule = "a name is letters, digits, '-' and '_', and begins with a letter"

  /// Whether expressions of a report can hold the name without quotes.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= byte | 0x20 }
    return isLetter(first) && last != UInt8(ascii: "-") && !name.contains("--")
      && name.utf8.allSatisfy {
        isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "_")
      }
  }

  // MARK: Files

  private mutating func files(
    _ layout: TaskFileLayout, of definition: TaskDefinition
  ) -> [DataFile] {
    guard let node = top.required("files", like: "{train: train.tsv, ood: ood.tsv}") else {
      return []
    }
    guard case .map(let members) = node.content else {
      return top.wrong(node, "files", wants: "a map of roles to paths") ?? []
    }
    var files: [DataFile] = []
    for member in members {
      guard let file = layout.file(member, of: definition, mistakes: mistakes) else { continue }
      if let misfit = definition.firstMisfit(of: file) {
        mistakes.report(
          misfit, help: "correct this file's entry or the keys above", at: member.place)
      }
      files.append(file)
    }
    if !members.contains(where: { $0.name == TaskDefinition.trainingRole }) {
      mistakes.report(
        "no file has the role '\(TaskDefinition.trainingRole)'",
        help: "samples are drawn from it: write 'train: PATH'", at: node.place)
    }
    return files
  }

  // MARK: Evaluation sets

  private mutating func evaluations(of definition: TaskDefinition) -> [EvaluationDefinition] {
    let roles = definition.files.map(\.role)
    var reader = TaskFileEvaluations(definition, mistakes: mistakes)
    guard let node = top.node("evaluate") else {
      return roles.filter { $0 != TaskDefinition.trainingRole }.map(
        EvaluationDefinition.init(role:))
    }
    switch node.content {
    case .map(let members): for member in members { reader.read(member) }
    case .list, .text:
      for (name, place) in top.texts(of: node, key: "evaluate") ?? [] {
        let nothing = TaskFileNode(content: .nothing, place: place, number: nil)
        reader.read(TaskFileNode.Member(name: name, place: place, value: nothing))
      }
    case .nothing: break
    }
    return reader.sets
  }

  // MARK: Patterns

  private mutating func readPatterns(into definition: inout TaskDefinition) {
    let reader = TaskFilePatterns(labels: definition.labels, mistakes: mistakes)
    let words = top.node("words").map { reader.words($0, in: top) } ?? []
    for member in top.map("patterns") ?? [] {
      guard let pattern = reader.pattern(member, defaultWords: words) else { continue }
      do throws(TaskError) {
        if !definition.fields.isEmpty { _ = try Pattern(pattern, of: definition) }
        definition.patterns.append(pattern)
      } catch {
        mistakes.report(error, at: member.value.place)
      }
    }
    definition.defaultPattern = definition.patterns.first?.name ?? TaskDefinition.plainPattern
    guard let node = top.node("pattern"), let name = top.text("pattern") else { return }
    definition.defaultPattern = name
    if !definition.patternNames.contains(name) {
      mistakes.reportUnknown(
        name, what: "pattern", known: definition.patternNames, called: "patterns", at: node.place)
    }
  }

  // MARK: Downloads

  private mutating func downloads() -> [Download] {
    guard let node = top.node("downloads") else { return [] }
    guard case .list(let items) = node.content else {
      return top.wrong(node, "downloads", wants: "a list") ?? []
    }
    return items.compactMap { item in
      var fields = TaskFileFields(item, owner: "download", mistakes: mistakes)
      defer { fields.finish() }
      let sha256 = fields.text("sha256")
      let members = fields.texts("unzip")?.map(\.text)
      let files = fields.texts("to")?.map(\.text)
      if let words = fields.text("by-hand") {
        return Download(.byHand(words), files: files ?? [])
      }
      guard let url = fields.required("url", like: "https://…")?.text else { return nil }
      guard url.starts(withBytes: "https://") || url.starts(withBytes: "http://") else {
        mistakes.report(
          "'\(url)' is no web address", help: "it begins with https://", at: item.place)
        return nil
      }
      guard (members == nil) != (files?.count != 1) else {
        mistakes.report(
          "the download of \(url) does not say what it becomes",
          help: "write 'to: PATH' for a file, or 'unzip: [PATH, …]' for members of a zip archive",
          at: item.place)
        return nil
      }
      for path in members ?? files ?? [] where !Download.isInside(path) {
        mistakes.report(
          "'\(path)' lies outside of the data folder", help: "name a file below it, without '..'",
          at: item.place)
        return nil
      }
      return Download(
        .address(url, sha256: sha256?.lowercased()), isArchive: members != nil,
        files: members ?? files ?? [])
    }
  }
}
