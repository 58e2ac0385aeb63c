/// The tasks that sources can name.
///
/// A value that is passed in: a program with more tasks adds them to its own copy.
package struct TaskCatalog: Sendable {
  /// In the order in which they are listed to users.
  package private(set) var tasks: [TaskDefinition]

  package init(_ tasks: [TaskDefinition]) {
    self.tasks = tasks
  }

  /// Adds a task, or replaces one with the same name.
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

extension TaskCatalog {
  /// The published tasks, read from files in their usual layouts, and those of the builtin world.
  ///
  /// Definitions of the published ones are the YAML files in `Published`, built into the program.
  package static let published = TaskCatalog(
    [
      shipped("cola", PackageResources.cola_yml), shipped("mnli", PackageResources.mnli_yml),
      shipped("rte", PackageResources.rte_yml), shipped("qqp", PackageResources.qqp_yml),
      shipped("sst2", PackageResources.sst2_yml), .acceptability, .inference,
    ])

  private static func shipped(_ name: String, _ bytes: [UInt8]) -> TaskDefinition {
    do {
      return try TaskFile.read(String(decoding: bytes, as: UTF8.self), file: "\(name).yml")
    } catch {
      preconditionFailure("a task file that ships is wrong: \(error)")
    }
  }
}

extension TaskDefinition {
  /// Whether a sentence of the builtin world is good English there; see ``World``.
  ///
  /// Trained on some phenomena and tested out of domain on others, as CoLA is on other sources.
  static let acceptability = TaskDefinition(
    name: "acceptability", labels: ["unacceptable", "acceptable"], fields: ["sentence"],
    files: worldFiles(
      "acceptability", fields: ["sentence"], labels: ["unacceptable", "acceptable"]),
    evaluations: [
      worldSet("in-domain", .inDomain, AcceptabilityData.inDomain.map(\.name)),
      worldSet("ood", .outOfDomain, AcceptabilityData.outOfDomain.map(\.name)),
    ],
    patterns: [
      worldPattern("minimal", "{sentence} ?", ["no", "yes"]),
      worldPattern(
        "question", "{sentence} question : is this good or bad ? answer :", ["bad", "good"]),
      worldPattern(
        "right", "{sentence} question : is this right or wrong ? answer :", ["wrong", "right"]),
    ],
    defaultPattern: "minimal",
    about: TaskAbout(title: "Is a sentence of the builtin world good English?"))

  /// Whether one sentence of the builtin world follows from another or is ruled out by it.
  ///
  /// In domain word overlap goes with the class, as in MNLI; out of domain it misleads, as in HANS.
  static let inference = TaskDefinition(
    name: "inference", labels: ["entailment", "contradiction"], fields: ["premise", "hypothesis"],
    files: worldFiles(
      "inference", fields: ["premise", "hypothesis"], labels: ["entailment", "contradiction"]),
    evaluations: [
      worldSet("in-domain", .inDomain, []),
      worldSet(
        "ood", .outOfDomain, InferenceFamily.heuristics.map(\.name),
        classes: ["entailment", "contradiction"]),
    ],
    patterns: [
      worldPattern("minimal", "{premise} {hypothesis} ?", ["yes", "no"]),
      worldPattern(
        "question", "{premise} question : {hypothesis} yes or no ? answer :", ["yes", "no"]),
      worldPattern(
        "truth", "{premise} question : {hypothesis} true or false ? answer :", ["true", "false"]),
    ],
    defaultPattern: "minimal",
    about: TaskAbout(title: "Does one sentence of the builtin world follow from another?"))

  /// The tags of generated tables.
  private static let groupTag = "group"
  private static let variantTag = "variant"

  private static func worldFiles(
    _ generator: String, fields: [String], labels: [String]
  ) -> [DataFile] {
    [trainingRole, "in-domain", "ood"].map { role in
      DataFile(
        role: role, generator: generator,
        fields: Dictionary(uniqueKeysWithValues: fields.map { ($0, .named([$0])) }),
        label: .named(["label"]),
        labels: Dictionary(
          uniqueKeysWithValues: labels.enumerated().map { ($1, LabelMeaning.label($0)) }),
        tags: [groupTag: .named([groupTag]), variantTag: .named([variantTag])])
    }
  }

  /// A set with a subset for each group of rows, and for each class where asked.
  private static func worldSet(
    _ name: String, _ domain: EvaluationDomain, _ groups: [String], classes: [String] = []
  ) -> EvaluationDefinition {
    EvaluationDefinition(
      name: name, domain: domain, file: name, stratifyBy: [groupTag],
      subsets: groups.map { SubsetDefinition(name: $0, filter: RowFilter(tags: [groupTag: $0])) }
        + classes.enumerated().map {
          SubsetDefinition(name: "\(name)-\($1)", filter: RowFilter(label: $0))
        })
  }

  /// A pattern whose demonstrations are separated as in the world's text.
  private static func worldPattern(
    _ name: String, _ template: String, _ labelWords: [String]
  ) -> PatternDefinition {
    PatternDefinition(
      name, template, labelWords: labelWords, separator: " \(DemonstrationDocument.separator)\n")
  }
}
