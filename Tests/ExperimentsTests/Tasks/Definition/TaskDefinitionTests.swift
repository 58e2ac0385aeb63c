import Foundation
import Testing

@testable import Experiments

@Suite("Task definitions")
struct TaskDefinitionTests {
  @Test(
    "every published task fits together and survives JSON", arguments: TaskCatalog.published.tasks)
  func published(task: TaskDefinition) throws {
    #expect(try task.validated() == task)
    let encoded = try JSONEncoder().encode(task)
    #expect(try JSONDecoder().decode(TaskDefinition.self, from: encoded) == task)
  }

  @Test(
    "patterns render as their sources do",
    arguments: [
      ("cola", "plain", "S.", []),
      ("cola", "minimal", "S. ?", [" No", " Yes"]),
      ("cola", "gpt-3", "grammatical: S. Yes or No? answer:", [" No", " Yes"]),
      ("cola", "paper-2024", "Yes or No?S.", [" No", " Yes"]),
      (
        "cola", "lm-eval", "S.\nQuestion: Does this sentence make sense?\nAnswer:", [" no", " yes"]
      ),
      ("mnli", "plain", "P. H.", []),
      ("mnli", "minimal", "P. H. ?", [" Yes", " No"]),
      ("mnli", "gpt-3", "P. question: H. Yes or No? answer:", [" Yes", " No"]),
      ("mnli", "harness", "P. \nQuestion: H. True or False?\nAnswer:", [" True", " False"]),
      ("mnli", "paper-2024", "P. Question: H. Yes or No?", [" Yes", " No"]),
    ])
  func patterns(task: String, pattern: String, text: String, words: [String]) throws {
    let pattern = try TaskCatalog.published.task(named: task).pattern(named: pattern)
    let example = Example(fields: task == "cola" ? ["S."] : ["P.", "H."], label: 1)
    #expect(pattern.text(for: example) == text)
    #expect(pattern.continuations == words)
    if !words.isEmpty { #expect(pattern.demonstration(of: example) == text + words[1]) }
  }

  @Test("braces in an input stay as they are")
  func bracesInInput() throws {
    let pattern = try TaskDefinition.mnli.pattern(named: "plain")
    #expect(pattern.text(for: ["{hypothesis}", "x"]) == "{hypothesis} x")
  }

  @Test("unknown tasks and patterns list the known ones, or guess what was meant")
  func unknown() throws {
    let task = #expect(throws: TaskError.self) { try TaskCatalog.published.task(named: "imdb") }
    #expect(
      task?.description
        == "error: there is no task 'imdb'\n  help: the tasks are cola, mnli, rte, qqp, sst2, "
        + "acceptability, inference")
    let slip = #expect(throws: TaskError.self) { try TaskCatalog.published.task(named: "colla") }
    #expect(slip?.help == "did you mean 'cola'?")
    let pattern = #expect(throws: TaskError.self) {
      try TaskDefinition.cola.pattern(named: "harness")
    }
    #expect(
      pattern?.description == """
        error: task 'cola': there is no pattern 'harness'
          help: its patterns are plain, minimal, gpt-3, paper-2024, lm-eval
        """)
  }

  struct Misfit: Sendable {
    let message: String
    let change: @Sendable (inout TaskDefinition) -> Void

    init(_ message: String, _ change: @escaping @Sendable (inout TaskDefinition) -> Void) {
      self.message = message
      self.change = change
    }
  }

  @Test(
    "a definition that does not fit together says where",
    arguments: [
      Misfit("it needs 2 to 255 labels") { $0.labels = ["one"] },
      Misfit("the label 'a' is listed twice") { $0.labels = ["a", "a"] },
      Misfit("file role 'train' has no column for the field 'text'") { $0.fields = ["text"] },
      Misfit("no file has the role 'train'") { $0.files.removeFirst() },
      Misfit("file role 'train' names no file") { $0.files[0].candidates = [] },
      Misfit("file role 'train' maps to class 2, but there are 2") {
        $0.files[0].labels["2"] = .label(2)
      },
      Misfit("file role 'train' names column 0; columns count from 1") {
        $0.files[0].label = .number(0)
      },
      Misfit("file role 'train' names a column 'label' but has no header") {
        $0.files[0].label = .named(["label"])
      },
      Misfit("set 'in-domain' uses the tag 'kind', which file role 'in-domain' does not declare") {
        $0.evaluations[0].stratifyBy = ["kind"]
      },
      Misfit("pattern 'minimal' has 1 label words for 2 classes") {
        $0.patterns[0].labelWords = ["Yes"]
      },
      Misfit("pattern 'minimal' gives two classes the same label word") {
        $0.patterns[0].labelWords = ["Yes", "Yes"]
      },
    ])
  func misfits(misfit: Misfit) {
    var task = TaskDefinition.cola
    misfit.change(&task)
    #expect(throws: TaskError(.invalidDefinition(misfit.message), task: "cola")) {
      try task.validated()
    }
  }

  @Test("a catalog replaces a task of the same name")
  func adding() throws {
    var catalog = TaskCatalog.published
    var task = TaskDefinition.cola
    task.defaultPattern = "gpt-3"
    catalog.add(task)
    #expect(catalog.tasks.count == TaskCatalog.published.tasks.count)
    #expect(try catalog.task(named: "cola").defaultPattern == "gpt-3")
  }
}
