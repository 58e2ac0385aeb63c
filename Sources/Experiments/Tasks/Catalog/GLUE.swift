extension TaskDefinition {
  /// Quora question pairs, tested out of domain on PAWS-QQP (Zhang, Baldridge and He 2019,
  /// arXiv:1904.01130).
  package static let qqp = TaskDefinition(
    name: "qqp", labels: ["different", "duplicate"], fields: ["first", "second"],
    files: [
      questionFile(
        trainingRole,
        [
          "QQP/train.tsv", "qqp/train.tsv",
          DataFile.Candidate("qqp/train_subset.tsv", note: "a sample of QQP's training set"),
        ]),
      questionFile(
        "in-domain",
        [
          "QQP/dev.tsv", "qqp/dev.tsv",
          DataFile.Candidate(
            "qqp/train_subset_heldout.tsv",
            note: "held out from QQP's training set, not the official validation set"),
        ]),
      questionFile("ood", ["PAWS-QQP/dev_and_test.tsv", "paws_qqp/dev_and_test.tsv"]),
    ],
    evaluations: [
      EvaluationDefinition(name: "in-domain", domain: .inDomain, file: "in-domain"),
      EvaluationDefinition(name: "ood", domain: .outOfDomain, file: "ood"),
    ],
    patterns: [
      PatternDefinition("minimal", "{first} {second} ?", labelWords: ["No", "Yes"]),
      PatternDefinition(
        "harness",
        "Question 1: {first}\nQuestion 2: {second}\n"
          + "Question: Do both questions ask the same thing? Answer:",
        labelWords: ["No", "Yes"]),
    ],
    defaultPattern: "minimal")

  /// Sentiment of film reviews.
  ///
  /// Socher and others 2013, "Recursive Deep Models for Semantic Compositionality".
  package static let sst2 = TaskDefinition(
    name: "sst2", labels: ["negative", "positive"], fields: ["sentence"],
    files: [
      sentimentFile(trainingRole, "train.tsv"), sentimentFile("in-domain", "dev.tsv"),
    ],
    evaluations: [EvaluationDefinition(name: "in-domain", domain: .inDomain, file: "in-domain")],
    patterns: [
      PatternDefinition("minimal", "{sentence} ?", labelWords: ["No", "Yes"]),
      PatternDefinition(
        "lm-bff", "{sentence} It was", labelWords: ["terrible", "great"]),
    ],
    defaultPattern: "lm-bff")

  private static func questionFile(
    _ role: String, _ candidates: [DataFile.Candidate]
  ) -> DataFile {
    .named(
      role, candidates,
      fields: ["first": ["sentence1", "question1"], "second": ["sentence2", "question2"]],
      label: ["label", "is_duplicate"], labels: ["0": .label(0), "1": .label(1)])
  }

  private static func sentimentFile(_ role: String, _ name: String) -> DataFile {
    .named(
      role, ["SST-2/\(name)", "sst2/\(name)"].map { DataFile.Candidate($0) },
      fields: ["sentence": ["sentence"]], label: ["label"],
      labels: ["0": .label(0), "1": .label(1)])
  }
}
