extension TaskDefinition {
  /// Natural language inference without the neutral class, tested out of domain on HANS.
  ///
  /// Williams, Nangia and Bowman 2018, "A Broad-Coverage Challenge Corpus", arXiv:1704.05426.
  package static let mnli = TaskDefinition(
    name: "mnli", labels: ["entailment", "contradiction"], fields: ["premise", "hypothesis"],
    files: [
      mnliFile(
        trainingRole,
        [
          "MNLI/train.tsv", "mnli/train.tsv",
          DataFile.Candidate(
            "mnli/train_subset.tsv", note: "a random sample of MNLI's training set"),
        ]),
      mnliFile("in-domain", ["MNLI/dev_matched.tsv", "mnli/dev_matched.tsv"]),
      HANS.file,
    ],
    evaluations: [
      EvaluationDefinition(name: "in-domain", domain: .inDomain, file: "in-domain")
    ] + HANS.evaluations,
    patterns: inferencePatterns, defaultPattern: "minimal")

  /// Recognizing textual entailment, tested out of domain on HANS.
  ///
  /// The rounds since Dagan, Glickman and Magnini 2006 as GLUE joins them, arXiv:1804.07461.
  package static let rte = TaskDefinition(
    name: "rte", labels: ["entailment", "not-entailment"], fields: ["premise", "hypothesis"],
    files: [
      rteFile(
        trainingRole,
        [
          "RTE/train.tsv", "rte/train.tsv",
          DataFile.Candidate("rte/train_subset.tsv", note: "nine tenths of RTE's training set"),
        ]),
      rteFile("in-domain", ["RTE/dev.tsv", "rte/dev.tsv"]),
      HANS.file,
    ],
    evaluations: [
      EvaluationDefinition(name: "in-domain", domain: .inDomain, file: "in-domain")
    ] + HANS.evaluations,
    patterns: inferencePatterns, defaultPattern: "minimal")

  private static let inferencePatterns = [
    PatternDefinition("minimal", "{premise} {hypothesis} ?", labelWords: ["Yes", "No"]),
    PatternDefinition(
      "gpt-3", "{premise} question: {hypothesis} Yes or No? answer:", labelWords: ["Yes", "No"]),
    PatternDefinition(
      "harness", "{premise} \nQuestion: {hypothesis} True or False?\nAnswer:",
      labelWords: ["True", "False"]),
    PatternDefinition(
      "paper-2024", "{premise} Question: {hypothesis} Yes or No?", labelWords: ["Yes", "No"]),
  ]

  private static func mnliFile(
    _ role: String, _ candidates: [DataFile.Candidate]
  ) -> DataFile {
    .named(
      role, candidates,
      fields: ["premise": ["premise", "sentence1"], "hypothesis": ["hypothesis", "sentence2"]],
      label: ["label", "gold_label"],
      labels: ["entailment": .label(0), "contradiction": .label(1), "neutral": .drop])
  }

  private static func rteFile(_ role: String, _ candidates: [DataFile.Candidate]) -> DataFile {
    .named(
      role, candidates,
      fields: ["premise": ["premise", "sentence1"], "hypothesis": ["hypothesis", "sentence2"]],
      label: ["label"], labels: ["entailment": .label(0), "not_entailment": .label(1)])
  }
}
