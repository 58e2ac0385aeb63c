import Engine

/// A task's examples in memory.
package struct LoadedTask: Hashable, Sendable {
  package let definition: TaskDefinition
  /// Where few-shot samples are drawn from, in file order.
  package let training: [Example]
  package let evaluations: [EvaluationSet]
  /// The files that were read.
  package let sources: [DataSource]

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

extension LoadedTask {
  /// What a cross-validation scores, and what it leaves out of training.
  package static let validationSet = "validation"

  /// The task as one run of a repeated cross-validation has it: a fold of the training pool is an
  /// evaluation set, and the rest is the pool.
  ///
  /// - Parameters:
  ///   - folds: How many parts the pool is cut into.
  ///   - run: Counts the folds of the first repeat, then those of the second, and so on from 0.
  /// - Returns: The same task without the fold's rows in its pool, scored on ``validationSet`` first.
  package func validating(folds: Int, run: Int) -> LoadedTask {
    let parts = CrossValidation.folds(
      of: training, labels: definition.labels.count, count: folds, repeat: run / folds)
    let fold = run % folds
    let held = training.indices.filter { parts[$0] == fold }
    return LoadedTask(
      definition: definition,
      training: training.indices.filter { parts[$0] != fold }.map { training[$0] },
      evaluations: [
        EvaluationSet(
          name: Self.validationSet, domain: .inDomain, examples: held.map { training[$0] })
      ] + evaluations, sources: sources)
  }
}

extension LoadedTask {
  /// The task with its whole pool as the evaluation set of a cross-validation.
  func validatingAll() -> LoadedTask {
    LoadedTask(
      definition: definition, training: training,
      evaluations: [
        EvaluationSet(name: Self.validationSet, domain: .inDomain, examples: training)
      ] + evaluations, sources: sources)
  }
}

/// Cuts a pool of examples into parts for cross-validation.
enum CrossValidation {
  /// The part that each example belongs to.
  ///
  /// Classes are spread over the parts as evenly as they go. Rows that say the same, case, punctuation
  /// and spacing aside, stay together: one in training would give the other away.
  ///
  /// - Parameters:
  ///   - pool: The examples.
  ///   - labels: How many classes there are.
  ///   - count: How many parts, at least 2.
  ///   - repeat: Each repeat has parts of its own.
  /// - Returns: A part from 0 for every example.
  static func folds(of pool: [Example], labels: Int, count: Int, repeat: Int) -> [Int] {
    var groups: [[UInt8]: [Int]] = [:]
    for (index, example) in pool.enumerated() {
      groups[example.normalizedText, default: []].append(index)
    }
    let ordered = groups.values.sorted { $0[0] < $1[0] }
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(`repeat`)), purpose: "cross-validation, \(count) folds")
    let shuffled = stream.permuted(Array(ordered.indices)).map { ordered[$0] }
    // Large groups first, while there is room everywhere; equals keep their drawn order.
    let placed = shuffled.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
    var parts = [Int](repeating: 0, count: pool.count)
    var sizes = [Int](repeating: 0, count: count)
    var classes = [[Int]](repeating: [Int](repeating: 0, count: count), count: labels)
    for group in placed {
      let label = pool[group[0]].label
      let part =
        (0..<count).min {
          (classes[label][$0], sizes[$0], $0) < (classes[label][$1], sizes[$1], $1)
        } ?? 0
      for index in group {
        parts[index] = part
        classes[pool[index].label][part] += 1
        sizes[part] += 1
      }
    }
    return parts
  }
}

/// How many examples of one set also occur in another.
package struct Overlap: Codable, Hashable, Sendable {
  /// Where the examples were looked for: `train` or an evaluation set.
  package let first: String
  /// The evaluation set whose examples were counted.
  package let second: String
  /// Examples of `second` whose texts all equal those of some example of `first`, case, punctuation
  /// and spacing aside.
  package let count: Int
  /// Examples in `second`.
  package let total: Int

  package init(first: String, second: String, count: Int, total: Int) {
    self.first = first
    self.second = second
    self.count = count
    self.total = total
  }
}

extension LoadedTask {
  /// Counts shared examples between the pool and each set, then between each two sets.
  ///
  /// Two examples are the same when all their texts are equal but for case (of ASCII letters),
  /// punctuation and spacing, whatever their classes.
  ///
  /// - Complexity: O(bytes of all examples).
  package func overlaps() -> [Overlap] {
    let groups =
      ([(TaskDefinition.trainingRole, training)] + evaluations.map { ($0.name, $0.examples) })
      .map { name, examples in (name: name, texts: examples.map(\.normalizedText)) }
    var result: [Overlap] = []
    for (i, first) in groups.enumerated() {
      let known = Set(first.texts)
      for second in groups.dropFirst(i + 1) {
        result.append(
          Overlap(
            first: first.name, second: second.name,
            count: second.texts.count(where: known.contains), total: second.texts.count))
      }
    }
    return result
  }
}

extension Example {
  /// The texts in lower case with one space for whatever is no letter or digit, as bytes; a line
  /// break ends each.
  var normalizedText: [UInt8] {
    var text: [UInt8] = []
    for field in fields {
      let start = text.count
      for byte in field.utf8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): text.append(byte | 0x20)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
          text.append(byte)
        default:
          if text.count > start, text.last != UInt8(ascii: " ") { text.append(UInt8(ascii: " ")) }
        }
      }
      if text.count > start, text.last == UInt8(ascii: " ") { text.removeLast() }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }
}

/// Facts about a task's examples that matter for reading its results.
package struct TaskFacts: Codable, Hashable, Sendable {
  /// Examples in the training pool.
  package let trainingCount: Int
  /// Names of the classes.
  package let classNames: [String]
  /// True classes of every evaluation set and of its parts, in the order of predictions.
  package let labels: [String: [UInt8]]
  /// The role of the file that every evaluation set and its parts come from.
  private let files: [String: String]
  /// The lines of that file on which the items begin, in the order of predictions.
  private let lines: [String: [Int]]
  /// See ``LoadedTask/overlaps()``.
  package let overlaps: [Overlap]

  /// Looks at a task; parts of a set that hold no example are left out.
  package init(_ task: LoadedTask) {
    trainingCount = task.training.count
    classNames = task.definition.labels
    var labels: [String: [UInt8]] = [:]
    var files: [String: String] = [:]
    var lines: [String: [Int]] = [:]
    for set in task.evaluations {
      let truth = set.labels
      let whole = (name: set.name, indices: Array(set.examples.indices))
      let parts = set.subsets.map { (name: $0.name, indices: $0.indices) }
      for part in [whole] + parts where !part.indices.isEmpty {
        labels[part.name] = part.indices.map { truth[$0] }
        files[part.name] = set.items.first?.file
        lines[part.name] = part.indices.map { set.items[$0].line }
      }
    }
    self.labels = labels
    self.files = files
    self.lines = lines
    overlaps = task.overlaps()
  }

  /// The items of an evaluation set or of a part of one, in the order of predictions; nil for an unknown one.
  package func items(of set: String) -> [ItemID]? {
    guard let file = files[set] else { return nil }
    return lines[set]?.map { ItemID(file: file, line: $0) }
  }
}
