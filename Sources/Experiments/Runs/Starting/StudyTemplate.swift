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

  private static let folds = 5
  private static let repeats = 3
  private static let seeds = "0..2"

  /// Prepares the texts of both files.
  ///
  /// - Parameters:
  ///   - inspection: Of the table.
  ///   - name: Letters, digits, `-` and `_`.
  ///   - files: Relative to the folder of the files to write.
  ///   - model: An encoder or decoder.
  ///   - memory: A budget, such as `512 MB`.
  package init(
    _ inspection: TableInspection, name: String, files: Files, model: String?, memory: String?
  ) {
    self.inspection = inspection
    self.name = name
    self.files = files
    self.model = model
    self.memory = memory
  }

  /// The task, in the notation of `docs/tasks.md`.
  package var task: String {
    let columns = inspection.columns
    let fields =
      "{text: \(Self.quoted(columns.text))"
      + (columns.pair.map { ", pair: \(Self.quoted($0))" } ?? "") + "}"
    let labels = inspection.labels.map { Self.quoted($0.name) }.joined(separator: ", ")
    let test = files.test.map { "\n  test: \(Self.quoted($0))" } ?? ""
    return """
      # What the columns of \(files.train) mean. docs/tasks.md explains every key.
      name: \(name)
      labels: [\(labels)]
      label: \(Self.quoted(columns.label))
      fields: \(fields)
      files:
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

  private var methods: [String] {
    let texts = ["majority", "tfidf", "nb-svm"]
    return model == nil ? texts : texts + ["linear-probe", "nearest-mean", "lora", "vanilla"]
  }

  private var sampling: String {
    guard files.test == nil else {
      return """
        shots: all
        seeds: \(Self.seeds)
        """
    }
    return """
      shots: all
      validation: {folds: \(Self.folds), repeats: \(Self.repeats)}
      """
  }

  private var description: String {
    let classes = inspection.labels.map { "\(Self.escaped($0.name)) (\($0.count))" }
    let scored =
      files.test.map { "Methods train on all rows and are scored on `\($0)`." }
      ?? "There is no test set: \(Self.folds) folds of the rows take turns, \(Self.repeats) times."
    let rows = "`\(files.train)` has \(inspection.rows) rows in \(classes.count) classes"
    var sentences = [
      "\(rows): \(classes.joined(separator: ", ")).",
      "A text has \(inspection.middleWords) words in the middle, at most \(inspection.longestWords).",
      scored,
    ]
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
