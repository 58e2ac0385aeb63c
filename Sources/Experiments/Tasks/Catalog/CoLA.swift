extension TaskDefinition {
  /// Linguistic acceptability, judged as in linguistics publications.
  ///
  /// Warstadt, Singh and Bowman 2019, "Neural Network Acceptability Judgments", arXiv:1805.12471.
  ///
  /// GLUE's `dev.tsv` holds in-domain and out-of-domain sentences together, so it is no candidate for
  /// either set; only the release's separate files are.
  package static let cola = TaskDefinition(
    name: "cola", labels: ["unacceptable", "acceptable"], fields: ["sentence"],
    files: [
      colaFile(trainingRole, "in_domain_train.tsv", glue: "train.tsv"),
      colaFile("in-domain", "in_domain_dev.tsv"),
      colaFile("ood", "out_of_domain_dev.tsv"),
    ],
    evaluations: [
      EvaluationDefinition(name: "in-domain", domain: .inDomain, file: "in-domain"),
      EvaluationDefinition(name: "ood", domain: .outOfDomain, file: "ood"),
    ],
    patterns: [
      PatternDefinition(
        "minimal", "{sentence} ?", labelWords: ["No", "Yes"]),
      PatternDefinition(
        "gpt-3", "grammatical: {sentence} Yes or No? answer:", labelWords: ["No", "Yes"]),
      PatternDefinition("paper-2024", "Yes or No?{sentence}", labelWords: ["No", "Yes"]),
      PatternDefinition(
        "lm-eval", "{sentence}\nQuestion: Does this sentence make sense?\nAnswer:",
        labelWords: ["no", "yes"]),
    ],
    defaultPattern: "minimal")

  /// Columns are source, label, the authors' mark and the sentence, without a header.
  private static func colaFile(_ role: String, _ name: String, glue: String? = nil) -> DataFile {
    let folders = ["cola", "CoLA", "cola_public/raw", "CoLA/original/raw"]
    let paths = folders.map { "\($0)/\(name)" }
    let glued = glue.map { ["cola/\($0)", "CoLA/\($0)"] } ?? []
    return DataFile(
      role: role, candidates: (paths + glued).map { DataFile.Candidate($0) }, hasHeader: false,
      fields: ["sentence": .number(4)], label: .number(2),
      labels: ["0": .label(0), "1": .label(1)])
  }
}
