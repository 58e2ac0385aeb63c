import Formats

/// What a column of a table of results holds, guessed from its name.
enum ResultColumn: Hashable {
  case method
  case model
  case task
  case set
  case shots
  case seed
  /// Which of several initializations of a seed's sample.
  case initSeed
  case metric
  case value
  case status
  /// Our own: equal keys are one run, in any row.
  case key
  /// A setting that distinguishes methods, such as a rank.
  case setting(String)
  /// A metric on a set, where each has a column: `ood_accuracy`.
  case measure(Measure)
  case unread

  /// One metric of one evaluation set.
  struct Measure: Hashable, Comparable {
    let set: String
    let metric: String

    static func < (a: Measure, b: Measure) -> Bool { (a.set, a.metric) < (b.set, b.metric) }
  }

  /// The roles that `--column ROLE=NAME` may name.
  static let roles: [(name: String, column: ResultColumn)] = [
    ("method", .method), ("model", .model), ("task", .task), ("set", .set), ("shots", .shots),
    ("seed", .seed), ("metric", .metric), ("value", .value), ("status", .status), ("key", .key),
  ]
  static let settingRole = "setting"

  /// The role of a column's name.
  ///
  /// - Parameter header: As the file has it: `Shots per class`, `out_of_domain_accuracy`.
  init(header: String) {
    let name = Self.normalized(header)
    if let role = Self.names.first(where: { $0.names.contains(name) })?.column {
      self = role
    } else if Self.settings.contains(name) {
      self = .setting(name)
    } else if let measure = Self.measure(name) {
      self = .measure(measure)
    } else {
      self = .unread
    }
  }

  /// Lower case, with one hyphen for whatever is no letter or digit.
  static func normalized(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }

  /// A set by the name it has here.
  static func set(named text: String) -> String {
    let name = normalized(text)
    if ["out-of-domain", "ood", "out-of-distribution"].contains(name) { return "ood" }
    if ["in-domain", "id", "iid", "in-distribution"].contains(name) { return "in-domain" }
    return name
  }

  /// A metric by the name it has here.
  static func metric(named text: String) -> String {
    let name = normalized(text)
    return metrics.first { $0.names.contains(name) }?.metric ?? name
  }

  private static let names: [(column: ResultColumn, names: Set<String>)] = [
    (
      .method,
      ["method", "approach", "adaptation", "strategy", "algorithm", "technique", "system"]
    ),
    (
      .model, ["model", "model-name", "base-model", "checkpoint", "backbone", "lm", "pretrained"]
    ),
    (.task, ["task", "task-name", "dataset", "dataset-name", "data", "benchmark", "corpus"]),
    (
      .set,
      ["set", "split", "evaluation-set", "eval-set", "test-set", "subset", "domain", "evaluation"]
    ),
    (
      .shots,
      [
        "shots", "n", "k", "shots-per-class", "n-shots", "num-shots", "k-shot", "n-shot", "shot",
        "examples", "n-examples", "num-examples", "train-size", "n-train", "samples-per-class",
      ]
    ),
    (
      .seed,
      [
        "seed", "run", "run-id", "data-seed", "random-seed", "trial", "repetition", "repeat",
        "replicate", "fold",
      ]
    ),
    (.initSeed, ["init-seed"]), (.metric, ["metric", "measure", "metric-name"]),
    (.value, ["value", "score", "result"]),
    (.status, ["status"]), (.key, ["key"]),
  ]

  private static let settings: Set<String> = [
    "rank", "alpha", "r", "lr", "learning-rate", "epochs", "batch-size", "pattern", "template",
    "variant", "config", "setting", "objective", "precision", "base", "calibration", "experiment",
    "layers", "temperature", "dropout",
  ]

  private static let metrics: [(metric: String, names: [String])] = [
    ("macro-f1", ["macro-f1", "f1-macro"]), ("micro-f1", ["micro-f1", "f1-micro"]),
    ("balanced-accuracy", ["balanced-accuracy", "balanced-acc"]),
    ("accuracy", ["accuracy", "acc"]),
    ("mcc", ["mcc", "matthews-correlation", "matthews-corrcoef", "matthews"]),
    ("exact-match", ["exact-match", "em"]), ("f1", ["f1", "f1-score"]),
    ("precision", ["precision"]), ("recall", ["recall"]), ("auc", ["auc", "roc-auc", "auroc"]),
  ]

  /// Words after a metric that make it a spread, not a score.
  private static let spreads: Set<String> = [
    "sd", "std", "se", "sem", "stderr", "var", "variance", "ci", "lower", "upper", "min", "max",
    "median",
  ]

  private static func measure(_ name: String) -> Measure? {
    var words = name.split(atByte: "-").map(String.init)
    guard spreads.isDisjoint(with: words) else { return nil }
    words.removeAll { ["mean", "avg", "average"].contains($0) }
    let name = words.joined(separator: "-")
    for (metric, names) in metrics {
      for known in names {
        if name == known { return Measure(set: "all", metric: metric) }
        if name.ends(withBytes: "-\(known)") {
          return Measure(
            set: set(named: String(name.dropping(lastBytes: known.utf8.count + 1))), metric: metric)
        }
        if name.starts(withBytes: "\(known)-") {
          return Measure(
            set: set(named: String(name.dropping(firstBytes: known.utf8.count + 1))), metric: metric
          )
        }
      }
    }
    return nil
  }
}
