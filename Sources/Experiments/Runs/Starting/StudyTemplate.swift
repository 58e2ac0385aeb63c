package import Engine
import Formats

/// A task file and a report source for a table of labelled texts, meant to be read and edited.
package struct StudyTemplate: Hashable, Sendable {
  /// The files that the study reads, as the task file names them.
  package struct Files: Hashable, Sendable {
    package var train: String
    package var test: String?

    package init(train: String, test: String? = nil) {
      self.train = train
      self.test = test
    }
  }

  private let inspection: TableInspection
  /// Of the task and of both files.
  package let name: String
  private let files: Files
  /// As a source names it; nil for none, with which only the texts themselves are read.
  private let model: String?
  private let memory: String?
  /// What runs, in the order of the report.
  private let methods: [String]
  /// Of the cross-validation.
  private let repeats: Int
  /// Methods that the time does not allow, the dearest first.
  package let leftOut: [String]
  /// Seconds that a build takes on the cores there are, by count of arithmetic.
  package let seconds: Double

  private static let folds = 5
  private static let mostRepeats = 3
  private static let seeds = 3
  private static let texts = ["majority", "tfidf", "nb-svm"]
  private static let adapting = ["linear-probe", "nearest-mean", "setfit", "lora", "vanilla"]

  /// Prepares the texts of both files.
  ///
  /// - Parameters:
  ///   - inspection: Of the table.
  ///   - name: Letters, digits, `-` and `_`.
  ///   - files: Relative to the folder of the files to write.
  ///   - model: An encoder or decoder, as a source names it, and what it is; nil for none.
  ///   - memory: A budget, such as `512 MB`.
  ///   - time: Seconds that a build may take.
  ///   - cores: That it has.
  /// - Throws: ``TrainingError`` for classes that no task can have.
  package init(
    _ inspection: TableInspection, name: String, files: Files,
    model: (name: String, description: ModelDescription)?, memory: String?,
    time: Double = 300, cores: Int = 2
  ) throws {
    self.inspection = inspection
    self.name = name
    self.files = files
    self.model = model?.name
    self.memory = memory
    let hasTest = files.test != nil
    let held = hasTest ? 0 : (inspection.rows + Self.folds - 1) / Self.folds
    let clock = model.map {
      StudyTime(
        $0.description, words: inspection.middleWords, rows: inspection.rows - held,
        scored: hasTest ? inspection.rows : held)
    }
    let task = try TrainingTask(
      fields: ["text"], labels: inspection.labels.map(\.name), template: nil, words: nil
    ).definition
    var costs = (Self.texts + (model == nil ? [] : Self.adapting)).map { ($0, 0.0) }
    for (index, cost) in costs.enumerated() {
      let method = try MethodCatalog.builtin.method(
        cost.0, name: cost.0, overrides: [:], task: task)
      costs[index].1 = clock?.seconds(of: method) ?? 0
    }
    var leftOut: [String] = []
    let least = hasTest ? Self.seeds : Self.folds
    func wall(_ repeats: Int) -> Double {
      costs.reduce(0) { $0 + $1.1 } * Double(hasTest ? least : least * repeats)
        / Double(max(1, cores))
    }
    // The cheap ones stay, whatever the time.
    while wall(1) > time, let dearest = costs.max(by: { $0.1 < $1.1 }), dearest.1 > 1 {
      leftOut.append(dearest.0)
      costs.removeAll { $0.0 == dearest.0 }
    }
    repeats = hasTest ? 1 : (1...Self.mostRepeats).last { wall($0) <= time } ?? 1
    methods = costs.map(\.0)
    seconds = wall(repeats)
    self.leftOut = leftOut
  }

  /// The task, in the notation of `docs/tasks.md`.
  package var task: String {
    let columns = inspection.columns
    let fields =
      "{text: \(Self.quoted(columns.text))"
      + (columns.pair.map { ", pair: \(Self.quoted($0))" } ?? "") + "}"
    let labels = inspection.labels.map { Self.quoted($0.name) }.joined(separator: ", ")
    let test = files.test.map { "\n  test: \(Self.quoted($0))" } ?? ""
    let group =
      inspection.group.map {
        "# Rows with one value here belong together.\ngroup: \(Self.quoted($0))\n"
      }
      ?? ""
    return """
      # What the columns of \(files.train) mean. docs/tasks.md explains every key.
      name: \(name)
      labels: [\(labels)]
      label: \(Self.quoted(columns.label))
      fields: \(fields)
      \(group)files:
        train: \(Self.quoted(files.train))\(test)

      """
  }

  /// The report.
  package var report: String {
    """
    ---
    title: \(Self.quoted("How should \(name) be labelled?"))
    defaults:
      task: \(name).yml
    \(model.map { "  model: \(Self.quoted($0))\n" } ?? "")  # The smallest difference in accuracy that matters to you.
      effect: 5%
    ---

    \(description)

    ```{experiment #study}
    methods: [\(methods.joined(separator: ", "))]
    \(sampling)
    ```

    ```{chart #fig-study}
    from: study
    kind: strip
    x: method
    y: \(set).accuracy
    caption: Accuracy of each run.
    ```

    ```{table #tbl-study}
    from: study
    rows: method
    columns: metric
    y: [\(set).accuracy, \(set).macro-f1, seconds, memory.peak]
    ```

    ```{compare #cmp-study}
    from: study
    y: \(set).accuracy
    ```

    ```{recommend #rec-study}
    from: study
    y: \(set).accuracy\(memory.map { "\nmemory: \($0)" } ?? "")
    ```

    """
  }

  /// Where methods are scored.
  private var set: String { files.test == nil ? "validation" : "test" }

  private var sampling: String {
    guard files.test == nil else {
      return """
        shots: all
        seeds: 0..\(Self.seeds - 1)
        """
    }
    return """
      shots: all
      validation: {folds: \(Self.folds), repeats: \(repeats)}
      """
  }

  private var description: String {
    let classes = inspection.labels.map { "\(Self.escaped($0.name)) (\($0.count))" }
    let scored =
      files.test.map { "Methods train on all rows and are scored on `\($0)`." }
      ?? "There is no test set: \(Self.folds) folds of the rows take turns"
      + (repeats > 1 ? ", \(repeats) times." : ".")
    let rows = "`\(files.train)` has \(inspection.rows) rows in \(classes.count) classes"
    var sentences = [
      "\(rows): \(classes.joined(separator: ", ")).",
      "A text has \(inspection.middleWords) words in the middle, at most \(inspection.longestWords).",
      scored,
    ]
    if !leftOut.isEmpty {
      sentences.append(
        "\(leftOut.map { "`\($0)`" }.joined(separator: " and ")) would take more time than was given."
      )
    }
    if model == nil {
      sentences.append("No model was given: only methods that read the texts themselves run.")
    }
    return sentences.joined(separator: " ")
  }

  /// A text in double quotes, as YAML reads it.
  private static func quoted(_ text: String) -> String { JSONText.text(text).line }

  /// A text in which Markdown changes nothing.
  private static func escaped(_ text: String) -> String {
    let special = "\\`*_{}[]<>()#+-.!|~:@$^&".unicodeScalars
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { result.append("\\") }
      result.append(scalar)
    }
    return String(result)
  }
}
