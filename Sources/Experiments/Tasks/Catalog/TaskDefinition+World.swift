extension TaskDefinition {
  /// Whether a sentence of the builtin world is good English there; see ``World``.
  ///
  /// Trained on some phenomena and tested out of domain on others, as CoLA is on other sources.
  package static let acceptability = TaskDefinition(
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
  package static let inference = TaskDefinition(
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
