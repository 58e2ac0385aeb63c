import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// What methods answer wrongly, as a command and as blocks.
@Suite("Lists of errors and confusion charts") struct ErrorListTests {
  private let folder: PlanningFolder
  private let task: LoadedTask

  init() throws {
    folder = try PlanningFolder()
    task = try TaskLoader(folder: folder.files.file("data")).load(
      TaskCatalog.published.task(named: "cola"))
  }

  private static let blocks = """

    ```{errors #err-a}
    from: first
    method: vanilla
    most: 2
    ```

    ```{chart #fig-a}
    from: first
    kind: confusion
    methods: [vanilla]
    y: in-domain.accuracy
    caption: Answers by class.
    ```

    """

  /// Results in which vanilla has item `i` wrong on seeds below `wrong[i]`, and zero-shot none.
  private func results(_ plan: ReportPlan, wrong: [Int: Int]) -> [String: CellResult] {
    let sets = task.evaluations
    return Dictionary(
      uniqueKeysWithValues: plan.cells.map { planned in
        let seed = planned.cell.recipe.seed
        let evaluations = sets.map { set in
          let answers = set.examples.enumerated().map { index, example -> UInt8 in
            let isWrong =
              planned.method == "vanilla" && set.name == "in-domain"
              && seed < wrong[index, default: 0]
            return UInt8(isWrong ? 1 - example.label : example.label)
          }
          return set.outcomes(
            of: answers, classNames: task.definition.labels, tokens: 0, seconds: 0)[0]
        }
        return (
          planned.cell.key,
          CellResult(key: planned.cell.key, status: .succeeded, evaluations: evaluations)
        )
      })
  }

  @Test("what most runs have wrong comes first, and two methods are compared item by item")
  func order() throws {
    let plan = try folder.plan(PlanningSamples.study)
    let frame = ResultFrame(plan: plan, results: results(plan, wrong: [1: 1, 4: 2]))
    let results = try #require(frame["first"])
    let list = ErrorList(of: "vanilla", shots: 4, on: "in-domain", results, task)
    let examples = try #require(task.evaluation(named: "in-domain")).examples
    #expect(list.items.map(\.texts) == [examples[4].fields, examples[1].fields])
    #expect(list.items.map(\.answers.wrongShare) == [1, 0.5])
    #expect(list.answered == examples.count)
    let names = task.definition.labels
    let (right, other) = (names[examples[1].label], names[1 - examples[1].label])
    // Of equals the class that is numbered first.
    let order = examples[1].label == 0 ? (right, other) : (other, right)
    #expect(list.words(list.items[1].answers) == "\(order.0) in 1 of 2 runs, \(order.1) in 1")
    let against = ErrorList(
      of: "zero-shot", against: "vanilla", shots: 4, on: "in-domain", results, task)
    #expect(against.items.map(\.texts) == list.items.map(\.texts))
    #expect(against.items[0].answers.wrong == 0 && against.items[0].others.wrong == 2)
    #expect(ErrorList(of: "zero-shot", shots: 4, on: "in-domain", results, task).items.isEmpty)
  }

  @Test("the folds of a cross-validation answer rows of the training pool")
  func folds() throws {
    let source = PlanningSamples.study.replacingOccurrences(
      of: "seeds: [0, 1]", with: "validation: {folds: 3, repeats: 2}")
    let plan = try folder.plan(source)
    let cells = plan.cells.filter { $0.method == "vanilla" && $0.cell.recipe.shots == 4 }
    let results = Dictionary(
      uniqueKeysWithValues: cells.map { planned in
        let set = task.validating(folds: 3, run: planned.cell.recipe.seed).evaluations[0]
        // Only the first repeat is right about class 1.
        let answers = set.examples.map { UInt8(planned.cell.recipe.seed < 3 ? $0.label : 0) }
        return (
          planned.cell.key,
          CellResult(
            key: planned.cell.key, status: .succeeded,
            evaluations: set.outcomes(
              of: answers, classNames: task.definition.labels, tokens: 0, seconds: 0))
        )
      })
    let frame = ResultFrame(plan: plan, results: results)
    let list = ErrorList(
      of: "vanilla", shots: 4, on: "validation", try #require(frame["first"]), task)
    let ones = task.training.filter { $0.label == 1 }
    #expect(list.answered == task.training.count)
    #expect(list.items.map(\.texts) == ones.map(\.fields))
    #expect(list.items.allSatisfy { $0.answers.runs == 2 && $0.answers.wrong == 1 })
  }

  @Test("a page shows rows and shares of answers only where a block asks for them")
  func page() throws {
    let plan = try folder.plan(PlanningSamples.study + Self.blocks)
    let results = results(plan, wrong: [1: 1, 4: 2])
    let reader = TaskFactsReader(folder: folder.files.file("facts"))
    #expect(reader.printed(in: try folder.plan(PlanningSamples.study)).isEmpty)
    let texts = reader.printed(in: plan)
    let rendered = try ReportRenderer(
      plan: plan, results: results, facts: reader.facts(of: plan), texts: texts,
      generatorVersion: "test", command: []
    ).rendered()
    let example = try #require(task.evaluation(named: "in-domain")).examples[4]
    #expect(rendered.html.contains(HTML(escaping: example.fields[0]).text))
    #expect(rendered.html.contains("2 of the 2 items"))
    #expect(rendered.html.contains("Rows are classes, columns answers"))
    #expect(rendered.json.contains("\"err-a\""))
    let count = Double(task.evaluations[0].examples.count { $0.label == example.label })
    #expect(count > 1)
    let without = try ReportRenderer(
      plan: plan, results: results, generatorVersion: "test", command: []
    ).rendered()
    #expect(without.html.contains("The examples cannot be read."))
  }

  @Test("names that a block of errors gets wrong are mistakes at their places")
  func mistakes() throws {
    let source =
      PlanningSamples.study
      + Self.blocks.replacingOccurrences(of: "method: vanilla", with: "method: vanila\nset: oood")
    let error = #expect(throws: PlanningFailure.self) { try folder.plan(source) }
    #expect(
      error?.diagnostics.map(\.message) == [
        "experiment 'first' has no method 'vanila'",
        "experiment 'first' has no evaluation set 'oood'",
      ])
  }
}
