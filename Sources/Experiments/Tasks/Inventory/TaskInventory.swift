import Foundation

/// Which of a task's files are in a data folder.
package struct TaskInventory: Sendable {
  /// One file the task reads.
  package struct File: Sendable {
    package let role: String
    /// Path below the data folder; nil for one that is not there.
    package let path: String?
    /// What a report says about this file, such as how it differs from the release.
    package let note: String?
    /// Rows that carry a class; nil for a file that is not there or cannot be read.
    package let rows: Int?
    /// How many rows each class has, in the order of the task's labels.
    package let classes: [Int]
    /// Why there are no rows.
    package let error: TaskError?
  }

  package let task: TaskDefinition
  package let files: [File]

  package var isComplete: Bool { files.allSatisfy { $0.error == nil } }

  /// Looks for the files of a task and counts their rows.
  package init(of task: TaskDefinition, in loader: TaskLoader) {
    self.task = task
    files = task.files.map { file in
      do throws(TaskError) {
        let (source, rows) = try loader.rows(of: file, in: task)
        var classes = task.labels.map { _ in 0 }
        for example in rows.examples { classes[example.label] += 1 }
        return File(
          role: file.role, path: Self.path(of: source, in: file, loader), note: source.note,
          rows: rows.examples.count, classes: classes, error: nil)
      } catch {
        let found = file.candidates.first {
          FileIdentity(of: $0.url(in: loader.folder)) != nil
        }
        return File(
          role: file.role, path: found?.path, note: found?.note, rows: nil, classes: [],
          error: error)
      }
    }
  }

  private static func path(
    of source: DataSource, in file: DataFile, _ loader: TaskLoader
  ) -> String? {
    file.candidates.first { $0.url(in: loader.folder) == source.url }?.path
  }
}
