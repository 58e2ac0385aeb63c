/// The tasks that sources can name.
///
/// A value that is passed in: a program that knows more tasks adds them to its own copy.
package struct TaskCatalog: Sendable {
  /// In the order in which they are listed to users.
  package private(set) var tasks: [TaskDefinition]

  package init(_ tasks: [TaskDefinition]) {
    self.tasks = tasks
  }

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
