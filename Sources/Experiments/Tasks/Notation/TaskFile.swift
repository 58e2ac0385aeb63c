/// Reads tasks from the YAML files in which people write them; `docs/tasks.md` explains the keys.
package enum TaskFile {
  /// Whether a source that names a task this way means a file.
  package static func isPath(_ name: String) -> Bool {
    name.hasSuffix(".yml") || name.hasSuffix(".yaml")
  }

  /// Reads one task.
  ///
  /// - Parameters:
  ///   - text: The file's content.
  ///   - file: Its path, for messages; its last part without the extension is the task's name where
  ///     the file gives none.
  /// - Returns: A definition whose parts fit together.
  /// - Throws: ``TaskFileError`` with everything that is wrong.
  package static func read(_ text: String, file: String) throws(TaskFileError) -> TaskDefinition {
    let root: TaskFileNode
    do throws(TaskError) {
      let empty = TaskFileNode(
        content: .nothing, place: TaskFilePlace(line: 1, column: 1), number: nil)
      root = try TaskFileNode.parsed(text) ?? empty
    } catch {
      throw TaskFileError(mistakes: [error.in(file)])
    }
    let mistakes = TaskFileMistakes()
    var reader = TaskFileReader(root, mistakes: mistakes)
    let definition = reader.definition(defaultName: defaultName(of: file))
    guard mistakes.all.isEmpty else {
      throw TaskFileError(
        mistakes: mistakes.all.map { $0.in(file) }.sorted {
          ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0)
        })
    }
    do throws(TaskError) {
      return try definition.validated()
    } catch {
      throw TaskFileError(mistakes: [error.in(file)])
    }
  }

  private static func defaultName(of file: String) -> String {
    let last = file.split(separator: "/").last ?? ""
    return String(last.split(separator: ".").first ?? "")
  }
}
