import Foundation
import TestSupport
import Testing

/// A folder with a small study, a tiny model and data, on which commands run.
final class StudyFolder {
  static let source = "study.md"
  let files: TemporaryFolder

  init(_ text: String = StudyFolder.small) throws {
    files = try TemporaryFolder()
    try ModelFixture.write(to: files.file("model"))
    try TaskFixture.write(to: files.file("data"))
    try files.write(text, to: Self.source)
  }

  func start(_ arguments: [String]) throws -> CommandProcess {
    try CommandProcess(arguments, in: files.url)
  }

  @discardableResult
  func run(_ arguments: String...) throws -> CommandResult {
    try start(arguments).finish()
  }

  /// Builds the study and returns what `--json` says.
  func build(_ arguments: String...) throws -> CommandResult {
    try start(["build", Self.source, "--json"] + arguments).finish()
  }

  func edit(_ old: String, _ new: String) throws {
    try files.replace(old, with: new, in: Self.source)
  }

  func page() throws -> String { try files.text(of: "_site/study.html") }

  var hasPage: Bool { FileManager.default.fileExists(atPath: files.file("_site").path) }

  /// The cells of the report's JSON, as they stand there.
  func cells() throws -> [[String: Any]] {
    let data = try Data(contentsOf: files.file("_site/study.json"))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return try #require(object?["cells"] as? [[String: Any]])
  }
}

extension StudyFolder {
  static let front = """
    ---
    title: A small study
    params:
      epochs: 2
    defaults:
      model: model
      data: data
      seeds: [0, 1]
    ---

    """

  /// Nine cells: zero-shot has one, each of the others four.
  static let small =
    front + """
      # What is asked

      Some prose about LoRA: `{val} small[lora, shots=max].ood.accuracy:pct`. See @fig-accuracy.

      ```{experiment #small}
      task: cola
      methods:
        - zero-shot
        - {preset: vanilla, learning-rate: 1.0e-3, epochs: "{{params.epochs}}"}
        - {preset: lora, learning-rate: 1.0e-2, epochs: "{{params.epochs}}"}
      shots: [2, 4]
      ```

      ```{chart #fig-accuracy}
      from: small
      kind: dot-interval
      x: shots
      y: [in-domain.accuracy]
      caption: Accuracy by shots.
      ```

      ```{claim #clm-never}
      assert: small[lora, shots=max].trainable-parameters < 1
      ```

      """

  /// Four quick cells, and after them one that takes long.
  static func slow(epochs: Int) -> String {
    front + """
      # Patience

      ```{experiment #quick}
      task: cola
      methods: [{preset: vanilla, learning-rate: 1.0e-3, epochs: 1}]
      shots: [8, 16]
      ```

      ```{experiment #slow}
      task: cola
      methods: [{preset: vanilla, learning-rate: 1.0e-3, epochs: \(epochs)}]
      shots: [1]
      seeds: [0]
      ```

      ```{table #tbl-slow}
      from: slow
      rows: method
      columns: shots
      y: [in-domain.accuracy]
      caption: What came of it.
      ```

      """
  }
}
