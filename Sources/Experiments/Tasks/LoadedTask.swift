/// A task's examples in memory.
package struct LoadedTask: Hashable, Sendable {
  package let definition: TaskDefinition
  /// Where few-shot samples are drawn from, in file order.
  package let training: [Example]
  package let evaluations: [EvaluationSet]
  /// The files that were read.
  package let sources: [DataSource]

  /// What guessing evenly among the classes scores.
  package var chance: Double { Metrics.chance(classes: definition.labels.count) }

  /// The evaluation set called `name`.
  package func evaluation(named name: String) -> EvaluationSet? {
    evaluations.first { $0.name == name }
  }

  /// The same task with every evaluation set drawn down to `limit` examples; nil keeps all.
  package func limited(to limit: Int?) -> LoadedTask {
    guard let limit else { return self }
    return LoadedTask(
      definition: definition, training: training,
      evaluations: evaluations.map { $0.limited(to: limit) }, sources: sources)
  }
}

/// How many examples of one set also occur in another.
package struct Overlap: Hashable, Sendable {
  /// Where the examples were looked for: `train` or an evaluation set.
  package let first: String
  /// The evaluation set whose examples were counted.
  package let second: String
  /// Examples of `second` whose texts all equal those of some example of `first`.
  package let count: Int
  /// Examples in `second`.
  package let total: Int
}

extension LoadedTask {
  /// Counts shared examples between the pool and each set, then between each two sets.
  ///
  /// Two examples are the same when all their texts are equal, whatever their classes.
  ///
  /// - Complexity: O(examples).
  package func overlaps() -> [Overlap] {
    let groups =
      [(TaskDefinition.trainingRole, Set(training.map(\.fields)), training)]
      + evaluations.map { ($0.name, Set($0.examples.map(\.fields)), $0.examples) }
    var result: [Overlap] = []
    for (i, first) in groups.enumerated() {
      for second in groups.dropFirst(i + 1) {
        result.append(
          Overlap(
            first: first.0, second: second.0,
            count: second.2.count { first.1.contains($0.fields) }, total: second.2.count))
      }
    }
    return result
  }
}
