/// A task's examples in memory.
package struct LoadedTask: Hashable, Sendable {
  package let definition: TaskDefinition
  /// Where few-shot samples are drawn from, in file order.
  package let training: [Example]
  package let evaluations: [EvaluationSet]
  /// The files that were read.
  package let sources: [DataSource]
  /// What the header of each role's table calls its columns; without files that have none.
  var columns: [String: [String]] = [:]
  /// Which rows of the training pool belong together, by equal numbers; nil where the task does not say.
  var groups: [Int]?

  package init(
    definition: TaskDefinition, training: [Example], evaluations: [EvaluationSet],
    sources: [DataSource], columns: [String: [String]] = [:]
  ) {
    self.definition = definition
    self.training = training
    self.evaluations = evaluations
    self.sources = sources
    self.columns = columns
  }

  /// The evaluation set called `name`.
  package func evaluation(named name: String) -> EvaluationSet? {
    evaluations.first { $0.name == name }
  }

  /// The same task with every evaluation set drawn down to `limit` examples; nil keeps all.
  package func limited(to limit: Int?) -> LoadedTask {
    guard let limit else { return self }
    return LoadedTask(
      definition: definition, training: training,
      evaluations: evaluations.map { $0.limited(to: limit) }, sources: sources, columns: columns)
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

extension LoadedTask {
  /// What is odd about the pool and the sets, each in one sentence with the name of where it is.
  package func oddities() -> [Oddity] {
    let groups =
      [(name: TaskDefinition.trainingRole, role: TaskDefinition.trainingRole, examples: training)]
      + evaluations.map { ($0.name, $0.items.first?.file ?? $0.name, $0.examples) }
    return groups.flatMap { name, role, examples in
      TableOddities(examples, labels: definition.labels, header: columns[role] ?? []).sentences
        .map { Oddity(set: name, sentence: $0) }
    }
  }

  /// One thing that is easily overlooked.
  package struct Oddity: Codable, Hashable, Sendable {
    /// `train` or an evaluation set.
    package let set: String
    /// See ``TableOddities``.
    package let sentence: String

    package init(set: String, sentence: String) {
      self.set = set
      self.sentence = sentence
    }
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
  /// Which items of a set belong together, by equal numbers; without sets whose task does not say.
  package let groups: [String: [Int]]
  /// See ``LoadedTask/overlaps()``.
  package let overlaps: [Overlap]
  /// See ``LoadedTask/oddities()``.
  package let oddities: [LoadedTask.Oddity]
  /// Texts that are longer than the model of an experiment reads; nil where no model is read or known.
  package var longTexts: LongTexts?

  /// How many texts of the pool and of each set a model does not read whole.
  package struct LongTexts: Codable, Hashable, Sendable {
    /// Tokens that the model reads at once.
    package let limit: Int
    /// By `train` and the sets' names; none that is 0.
    package let counts: [String: Int]
    /// Whether the model is an encoder, which cuts elsewhere than a decoder.
    package let isEncoder: Bool

    package init(limit: Int, counts: [String: Int], isEncoder: Bool) {
      self.limit = limit
      self.isEncoder = isEncoder
      self.counts = counts
    }
  }

  /// Looks at a task; parts of a set that hold no example are left out.
  package init(_ task: LoadedTask) {
    trainingCount = task.training.count
    classNames = task.definition.labels
    var labels: [String: [UInt8]] = [:]
    var files: [String: String] = [:]
    var lines: [String: [Int]] = [:]
    var groups: [String: [Int]] = [:]
    for set in task.evaluations {
      let truth = set.labels
      let whole = (name: set.name, indices: Array(set.examples.indices))
      let parts = set.subsets.map { (name: $0.name, indices: $0.indices) }
      for part in [whole] + parts where !part.indices.isEmpty {
        labels[part.name] = part.indices.map { truth[$0] }
        files[part.name] = set.items.first?.file
        lines[part.name] = part.indices.map { set.items[$0].line }
        groups[part.name] = set.groups.map { groups in part.indices.map { groups[$0] } }
      }
    }
    self.labels = labels
    self.files = files
    self.lines = lines
    self.groups = groups
    overlaps = task.overlaps()
    oddities = task.oddities()
  }

  /// Examples in the pool or in an evaluation set; nil for an unknown one.
  package func count(of set: String) -> Int? {
    set == TaskDefinition.trainingRole ? trainingCount : labels[set]?.count
  }

  /// The items of an evaluation set or of a part of one, in the order of predictions; nil for an unknown one.
  package func items(of set: String) -> [ItemID]? {
    guard let file = files[set] else { return nil }
    return lines[set]?.map { ItemID(file: file, line: $0) }
  }
}
