/// The tasks that sources can name.
///
/// A value that is passed in: a program that knows more tasks adds them to its own copy.
package struct TaskCatalog: Sendable {
  /// In the order in which they are listed to users.
  package private(set) var tasks: [TaskDefinition]

  package init(_ tasks: [TaskDefinition]) {
    self.tasks = tasks
  }

  /// The published tasks, read from files in their usual layouts.
  package static let published = TaskCatalog([.cola, .mnli, .rte, .qqp, .sst2])

  /// Adds a task, or puts it in the place of one with the same name.
  package mutating func add(_ task: TaskDefinition) {
    tasks.removeAll { $0.name == task.name }
    tasks.append(task)
  }

  /// The task called `name`.
  ///
  /// - Parameter name: As sources write it.
  /// - Returns: Its definition.
  /// - Throws: ``TaskError`` with ``TaskError/Reason/unknownTask(_:known:)``.
  package func task(named name: String) throws(TaskError) -> TaskDefinition {
    guard let task = tasks.first(where: { $0.name == name }) else {
      throw TaskError(.unknownTask(name, known: tasks.map(\.name)))
    }
    return task
  }
}

extension DataFile {
  /// A file of single sentences or of pairs whose header names the columns.
  static func named(
    _ role: String, _ candidates: [Candidate], fields: [String: [String]], label: [String],
    labels: [String: LabelMeaning], tags: [String] = []
  ) -> DataFile {
    DataFile(
      role: role, candidates: candidates, hasHeader: true,
      fields: fields.mapValues { .named($0) }, label: .named(label), labels: labels,
      tags: Dictionary(uniqueKeysWithValues: tags.map { ($0, .named([$0])) }))
  }
}
