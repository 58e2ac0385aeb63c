import Foundation
import TestSupport

@testable import Experiments
@testable import Formats
@testable import Report

/// A folder with a tiny model and data, in which sources are planned.
final class PlanningFolder {
  let files: TemporaryFolder
  let store: ResultStore

  init() throws {
    files = try TemporaryFolder()
    try ModelFixture.write(to: files.file("model"))
    try TaskFixture.write(to: files.file("data"))
    store = try ResultStore.inMemory()
  }

  /// Plans a text as if it were `study.md` of the folder.
  func planning(
    _ text: String, parameters: [String] = [],
    refreshing: (PlannedExperiment.Place, String) -> Bool = { _, _ in false }
  ) throws -> ReportPlanner.Planning {
    var overrides = ParameterOverrides()
    for assignment in parameters { try overrides.add(assignment: assignment) }
    let reading = ReportReader(overrides: overrides)
      .read(try ReportSource(file: "study.md", text: text))
    let workspace = Workspace(source: files.file("study.md"), currentFolder: files.url)
    return try ReportPlanner(workspace: workspace, store: store)
      .plan(reading, refreshing: refreshing)
  }

  /// The plan of a text that has no mistake.
  func plan(_ text: String, parameters: [String] = []) throws -> ReportPlan {
    let planning = try planning(text, parameters: parameters)
    guard let plan = planning.plan else { throw PlanningFailure(diagnostics: planning.diagnostics) }
    return plan
  }

  func keys(_ text: String) throws -> [String] { try plan(text).cells.map(\.cell.key) }

  /// Stores a result that says nothing for a cell.
  func store(_ cell: PlannedCell, status: CellResult.Status = .succeeded) throws {
    try store.append(
      CellResult(key: cell.cell.key, status: status), cell: cell.cell, method: cell.method,
      build: store.beginBuild(of: "study.md", planned: 1, cached: 0, at: 0), recorded: 0)
  }
}

struct PlanningFailure: Error {
  let diagnostics: [Diagnostic]
}

/// Sources that the planning tests vary.
enum PlanningSamples {
  static let front = """
    ---
    title: A study
    params:
      rate: 1.0e-3
      who: reader
    defaults:
      model: model
      data: data
    ---

    """

  static let block = """
    ```{experiment #first}
    task: cola
    methods: [zero-shot, {preset: vanilla, learning-rate: "{{params.rate}}", epochs: 2}]
    shots: [2, 4]
    seeds: [0, 1]
    ```

    """

  static let study = front + "Dear {{params.who}}, this is prose.\n\n" + block
}
