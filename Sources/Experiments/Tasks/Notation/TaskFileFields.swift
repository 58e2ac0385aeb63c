import Formats

/// Reads the keys of one map of a task file by name and type.
struct TaskFileFields {
  /// What the map is, for messages: `task file`, `file 'train'`.
  let owner: String
  let place: TaskFilePlace
  let mistakes: TaskFileMistakes
  private let members: [TaskFileNode.Member]
  private var known: [String] = []
  /// Keys that have to be there and are not, unless one of them turns out to be misspelt.
  private var absences: [(key: String, example: String)] = []

  /// Opens a map; nothing at all counts as an empty one, anything else is reported.
  init(_ node: TaskFileNode, owner: String, mistakes: TaskFileMistakes) {
    self.owner = owner
    self.mistakes = mistakes
    place = node.place
    switch node.content {
    case .map(let members): self.members = members
    case .nothing: members = []
    case .text, .list:
      members = []
      mistakes.report(
        "the \(owner) must be a map, not \(node.kind)", help: "write 'key: value' lines",
        at: node.place)
    }
  }

  /// The value of a key, which counts as known from now on; nil where it is absent or empty.
  mutating func node(_ key: String) -> TaskFileNode? {
    if !known.contains(key) { known.append(key) }
    guard let value = members.first(where: { $0.name == key })?.value else { return nil }
    if case .nothing = value.content { return nil }
    return value
  }

  /// The value of a key that has to be there.
  mutating func required(_ key: String, like example: String) -> TaskFileNode? {
    if let node = node(key) { return node }
    absences.append((key, example))
    return nil
  }

  mutating func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    return node.text ?? wrong(node, key, wants: "text")
  }

  /// One text or a list of them, each with its place.
  mutating func texts(_ key: String) -> [(text: String, place: TaskFilePlace)]? {
    guard let node = node(key) else { return nil }
    return texts(of: node, key: key)
  }

  mutating func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    switch node.text {
    case "true": return true
    case "false": return false
    default: return wrong(node, key, wants: "true or false")
    }
  }

  /// One of an enumeration's words.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let node = node(key) else { return nil }
    if let choice = node.text.flatMap(Choice.init(rawValue:)) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return wrong(node, key, wants: "one of \(words)")
  }

  /// The members of a map whose keys are free.
  mutating func map(_ key: String) -> [TaskFileNode.Member]? {
    guard let node = node(key) else { return nil }
    if case .map(let members) = node.content { return members }
    return wrong(node, key, wants: "a map")
  }

  /// The texts of a value that is one text or a list of them.
  func texts(
    of node: TaskFileNode, key: String
  ) -> [(text: String, place: TaskFilePlace)]? {
    let nodes = if case .list(let list) = node.content { list } else { [node] }
    var texts: [(text: String, place: TaskFilePlace)] = []
    for node in nodes {
      guard let text = node.text else { return wrong(node, key, wants: "text or a list of texts") }
      texts.append((text, node.place))
    }
    return texts
  }

  /// Reports a value that is not what its key wants.
  func wrong<Value>(_ node: TaskFileNode, _ key: String, wants: String) -> Value? {
    mistakes.report(
      "'\(key)' must be \(wants), not \(node.kind)", help: "see docs/tasks.md for what it means",
      at: node.place)
    return nil
  }

  /// Reports the keys that nobody asked for, and those that are missing.
  func finish() {
    let unknown = members.filter { !known.contains($0.name) }
    let meant = unknown.compactMap { Suggestion.closest(to: $0.name, in: known) }
    for (key, example) in absences where !meant.contains(key) {
      mistakes.report(
        "the \(owner) has no '\(key)'", help: "write '\(key): \(example)'",
        at: members.first { $0.name == key }?.place ?? place)
    }
    for member in unknown {
      mistakes.report(
        "unknown key '\(member.name)' in the \(owner)",
        help: Suggestion.help(for: member.name, among: known, called: "known keys"),
        at: member.place)
    }
  }
}
