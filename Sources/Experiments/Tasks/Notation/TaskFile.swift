package import Formats

/// Reads tasks from the YAML files in which people write them; `docs/tasks.md` explains the keys.
package enum TaskFile {
  /// Whether a source that names a task this way means a file.
  package static func isPath(_ name: String) -> Bool {
    name.ends(withBytes: ".yml") || name.ends(withBytes: ".yaml")
  }

  /// Reads one task.
  ///
  /// - Parameters:
  ///   - text: The file's content, with LF between lines.
  ///   - file: Its path, for messages; its last part without the extension is the task's name where
  ///     the file gives none.
  /// - Returns: A definition whose parts fit together.
  /// - Throws: Everything that is wrong, each at its place.
  package static func read(_ text: String, file: String) throws(Mistakes) -> TaskDefinition {
    let start = SourcePosition(file: file, line: 1)
    let root: YAMLValue?
    do throws(Diagnostic) {
      root = try YAMLReader.read(text, at: start)
    } catch {
      throw Mistakes([error])
    }
    var reader = TaskFileReader(root, at: start)
    let definition = reader.definition(defaultName: defaultName(of: file))
    let mistakes = reader.finish()
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
    do throws(TaskError) {
      return try definition.validated()
    } catch {
      throw Mistakes([.malformedTask(error.message, help: error.help, at: start)])
    }
  }

  private static func defaultName(of file: String) -> String {
    let last = file.split(atByte: "/").last ?? ""
    return String(last.split(atByte: ".").first ?? "")
  }
}

extension Diagnostic {
  /// A part of a task file that is YAML but makes no task.
  static func malformedTask(_ what: String, help: String, at position: SourcePosition) -> Diagnostic
  {
    Diagnostic(.malformedTask, at: position, what, help: help)
  }

  /// A name in a task file that is none of those it gives.
  static func unknownName(_ what: String, _ name: Located<String>, known: [String], called: String)
    -> Diagnostic
  {
    malformedTask(
      "there is no \(what) '\(name.value)'",
      help: Suggestion.help(for: name.value, among: known, called: called), at: name.position)
  }
}

extension YAMLField {
  /// The key with its place.
  var name: Located<String> { Located(key, at: position) }
}
