/// HANS, the out-of-domain sets of inference tasks (McCoy, Pavlick and Linzen 2019, "Right for the
/// Wrong Reasons", arXiv:1902.01007).
///
/// Its rows follow three syntactic heuristics; lexical overlap is the headline, as in the studies
/// compared with, and its two classes are also reported apart, since a model that always says
/// entailment is right on one and wrong on the other.
enum HANS {
  static let role = "hans"

  /// The file, for a task whose classes 0 and 1 are entailment and its absence.
  static let file = DataFile.named(
    role,
    [
      "HANS/heuristics_evaluation_set.txt", "hans/heuristics_evaluation_set.txt",
      "hans/heuristics_evaluation_set.tsv",
      DataFile.Candidate(
        "hans/hans_regenerated_30k.tsv",
        note: "HANS (regenerated): the official generator's templates, vocabulary and counts, but "
          + "other draws than the released file"),
    ],
    fields: ["premise": ["premise", "sentence1"], "hypothesis": ["hypothesis", "sentence2"]],
    label: ["label", "gold_label"],
    labels: ["entailment": .label(0), "non-entailment": .label(1)],
    tags: ["heuristic", "subcase"])

  static let evaluations = [
    evaluation(
      "ood", heuristic: "lexical_overlap",
      subsets: [
        SubsetDefinition(name: "ood-entailment", filter: RowFilter(label: 0)),
        SubsetDefinition(name: "ood-non-entailment", filter: RowFilter(label: 1)),
      ]),
    evaluation("hans-subsequence", heuristic: "subsequence"),
    evaluation("hans-constituent", heuristic: "constituent"),
  ]

  private static func evaluation(
    _ name: String, heuristic: String, subsets: [SubsetDefinition] = []
  ) -> EvaluationDefinition {
    EvaluationDefinition(
      name: name, domain: .outOfDomain, file: role,
      filter: RowFilter(tags: ["heuristic": heuristic]), stratifyBy: ["heuristic", "subcase"],
      subsets: subsets)
  }
}
