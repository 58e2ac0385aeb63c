/// What results must be read with and only a task's examples tell.
package struct TaskFacts: Codable, Hashable, Sendable {
  /// Examples in the training pool.
  package let trainingCount: Int
  /// True classes of every evaluation set and of its parts, in the order of predictions.
  package let labels: [String: [UInt8]]
  /// See ``LoadedTask/overlaps()``.
  package let overlaps: [Overlap]

  /// Looks at a task; parts of a set that hold no example are left out.
  package init(_ task: LoadedTask) {
    trainingCount = task.training.count
    var labels: [String: [UInt8]] = [:]
    for set in task.evaluations {
      let truth = set.labels
      labels[set.name] = truth
      for subset in set.subsets where !subset.indices.isEmpty {
        labels[subset.name] = subset.indices.map { truth[$0] }
      }
    }
    self.labels = labels
    overlaps = task.overlaps()
  }
}
