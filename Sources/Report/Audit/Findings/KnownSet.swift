import Formats

/// An evaluation set of a published task, with how its examples divide into classes.
struct KnownSet: Hashable {
  /// Names that tables give the task, without hyphens.
  let tasks: [String]
  /// Names that tables give the set.
  let sets: [String]
  /// As a sentence calls it.
  let name: String
  /// Examples of each class.
  let counts: [Int]
  /// What the set mixes, if a score on it does not match its name.
  let mixture: String?

  init(
    _ tasks: [String], _ sets: [String], _ name: String, _ counts: [Int], mixture: String? = nil
  ) {
    self.tasks = tasks
    self.sets = sets
    self.name = name
    self.counts = counts
    self.mixture = mixture
  }

  var total: Int { counts.reduce(0, +) }
  var majorityCount: Int { counts.max() ?? 0 }
  var majorityShare: Double { Double(majorityCount) / Double(total) }
  var isBalanced: Bool { Set(counts).count == 1 }

  private static let inDomain = [
    "in-domain", "dev", "validation", "validation-matched", "dev-matched", "matched", "eval",
  ]
  private static let hans = ["hans", "ood"]

  /// Counted in the released files; a task's first set of a name is the one usually meant.
  static let all = [
    KnownSet(["cola", "gluecola"], ["in-domain"], "CoLA's in_domain_dev.tsv", [365, 162]),
    KnownSet(["cola", "gluecola"], ["ood"], "CoLA's out_of_domain_dev.tsv", [354, 162]),
    KnownSet(
      ["cola", "gluecola"], inDomain, "GLUE's development set of CoLA", [719, 324],
      mixture: "CoLA's in-domain (527) and out-of-domain (516) sets together"),
    KnownSet(
      ["mnli", "mnlimatched", "gluemnli"], inDomain,
      "MultiNLI's matched validation set without neutral pairs", [3479, 3213]),
    KnownSet(
      ["mnli", "mnlimatched", "gluemnli"], inDomain, "MultiNLI's matched validation set",
      [3479, 3123, 3213]),
    // Before the whole, of whose share every share of this part is a multiple too.
    KnownSet(
      ["mnli", "rte", "hans", "mnlimatched"], hans + ["lexical-overlap"],
      "HANS's lexical overlap", [5000, 5000]),
    KnownSet(["mnli", "rte", "hans", "mnlimatched"], hans, "all of HANS", [15_000, 15_000]),
    KnownSet(["rte", "gluerte"], inDomain, "RTE's development set", [146, 131]),
    KnownSet(
      ["qqp", "paws", "pawsqqp", "glueqqp"], ["ood", "paws", "paws-qqp"], "PAWS-QQP's dev_and_test",
      [486, 191]),
    KnownSet(["sst2", "sst", "gluesst2"], inDomain, "SST-2's development set", [444, 428]),
  ]

  /// The sets that a task's scores may be on.
  ///
  /// - Parameters:
  ///   - task: As the table has it, with an experiment's label in parentheses or without.
  ///   - set: In the words of ``ResultColumn/set(named:)``.
  /// - Returns: The one that the name usually means first.
  static func candidates(task: String, set: String) -> [KnownSet] {
    let base = task.split(atByte: "(").first.map(String.init) ?? task
    let name = ResultColumn.normalized(base).filter { $0 != "-" }
    return all.filter { known in
      guard known.tasks.contains(name) else { return false }
      return known.sets.contains(set) || (name == "hans" && set == "all")
    }
  }
}
