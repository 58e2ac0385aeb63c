/// Every mistake of a task file.
package struct TaskFileError: Error, Hashable, Sendable {
  /// At least one, in the order of the file, each with file, line and column.
  package let mistakes: [TaskError]
}

extension TaskFileError: CustomStringConvertible {
  package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
