import Yams

/// A value of a task file with its place.
///
/// Scalars stay text as they are written: `No`, `yes` and `1.0` are label words and labels here.
struct TaskFileNode {
  enum Content {
    case nothing
    case text(String)
    case list([TaskFileNode])
    case map([Member])
  }

  struct Member {
    let name: String
    /// Where the name stands.
    let place: TaskFilePlace
    let value: TaskFileNode
  }

  let content: Content
  let place: TaskFilePlace
  /// The whole number that an unquoted scalar says.
  let number: Int?

  /// What the value is, in words for a message.
  var kind: String {
    switch content {
    case .nothing: "nothing"
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .map: "a map"
    }
  }

  var text: String? { if case .text(let text) = content { text } else { nil } }
}

/// A line and a column of a task file, from 1, columns in bytes.
struct TaskFilePlace: Hashable {
  let line: Int
  let column: Int
}

extension TaskFileNode {
  /// Reads one YAML document.
  ///
  /// - Throws: ``TaskError`` without the file, at the first place that is not YAML. `Report` explains
  ///   slips of YAML better and looks first; this is what a program sees that does not.
  static func parsed(_ text: String) throws(TaskError) -> TaskFileNode? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    do {
      return try compose(yaml: text).map { try node($0, lines, depth: 0) }
    } catch let error as TaskError {
      throw error
    } catch let error as YamlError {
      let mark: (String, Mark?) =
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
          .composer(_, let problem, let mark, _):
          (problem, mark)
        case .duplicatedKeysInMapping(let keys, let context):
          ("the key '\(keys.first ?? "")' is given twice", context.mark)
        default: ("this YAML cannot be read: \(error)", nil)
        }
      let place = mark.1.map { Self.place($0, in: lines) }
      throw malformed(mark.0, at: place)
    } catch {
      throw malformed("this YAML cannot be read: \(error)", at: nil)
    }
  }

  private static func malformed(_ what: String, at place: TaskFilePlace?) -> TaskError {
    TaskError(
      .malformedTask(what, help: "a task file is a YAML map; see docs/tasks.md"),
      line: place?.line ?? 1, column: place?.column ?? 1)
  }

  private static let nestingLimit = 16

  private static func node(
    _ node: Node, _ lines: [Substring], depth: Int
  ) throws(TaskError) -> TaskFileNode {
    let place = node.mark.map { Self.place($0, in: lines) } ?? TaskFilePlace(line: 1, column: 1)
    guard depth < nestingLimit else {
      throw malformed("lists and maps are nested deeper than \(nestingLimit)", at: place)
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain
      if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
        return TaskFileNode(content: .nothing, place: place, number: nil)
      }
      return TaskFileNode(
        content: .text(scalar.string), place: place, number: isPlain ? Int(scalar.string) : nil)
    case .sequence(let sequence):
      var values: [TaskFileNode] = []
      for value in sequence { values.append(try self.node(value, lines, depth: depth + 1)) }
      return TaskFileNode(content: .list(values), place: place, number: nil)
    case .mapping(let mapping):
      var members: [Member] = []
      for (key, value) in mapping {
        let keyPlace = key.mark.map { self.place($0, in: lines) } ?? place
        guard let name = key.scalar?.string else {
          throw malformed("a key must be a word, not a list or a map", at: keyPlace)
        }
        if members.contains(where: { $0.name == name }) {
          throw malformed("the key '\(name)' is given twice", at: keyPlace)
        }
        members.append(
          Member(name: name, place: keyPlace, value: try self.node(value, lines, depth: depth + 1)))
      }
      return TaskFileNode(content: .map(members), place: place, number: nil)
    case .alias:  // the composer has replaced them
      return TaskFileNode(content: .nothing, place: place, number: nil)
    }
  }

  /// Marks count columns in Unicode scalars.
  private static func place(_ mark: Mark, in lines: [Substring]) -> TaskFilePlace {
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    let before = line.unicodeScalars.prefix(max(0, mark.column - 1))
    return TaskFilePlace(
      line: mark.line, column: String(String.UnicodeScalarView(before)).utf8.count + 1)
  }
}
