import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite("Task files in reports")
struct TaskSourceTests {
  private static let task = """
    labels: [good, bad]
    fields: [text]
    files: {train: train.csv, ood: ood.csv}
    words: [Yes, No]
    patterns: {minimal: "{text} ?"}

    """
  private static let rows = "text,label\na,good\nb,bad\nc,good\nd,bad\n"

  private static func study(_ keys: String) -> String {
    """
    ---
    title: A study
    ---

    ```{experiment #first}
    model: model
    methods: [zero-shot, {preset: vanilla, epochs: 1}]
    shots: [2]
    seeds: [0]
    \(keys)
    ```

    """
  }

  private func folder() throws -> PlanningFolder {
    let folder = try PlanningFolder()
    try folder.files.write(Self.task, to: "tasks/mine.yml")
    for name in ["train", "ood"] { try folder.files.write(Self.rows, to: "tasks/\(name).csv") }
    return folder
  }

  @Test("a task file is found beside the source, its data beside it or where 'data' says")
  func found() throws {
    let folder = try folder()
    let plan = try folder.plan(Self.study("task: tasks/mine.yml"))
    let cells = plan.cells.map(\.cell)
    #expect(cells.count == 2)
    #expect(plan.experiments[0].task.name == "mine")
    #expect(cells.allSatisfy { $0.task == plan.experiments[0].task })
    #expect(cells[0].dataPath == folder.files.file("tasks").path)
    try folder.files.write(Self.rows, to: "elsewhere/train.csv")
    try folder.files.write(Self.rows, to: "elsewhere/ood.csv")
    let moved = try folder.plan(Self.study("task: ./tasks/../tasks/mine.yml\ndata: elsewhere"))
    #expect(moved.cells.map(\.cell.key) == cells.map(\.key))
    #expect(moved.cells[0].cell.dataPath == folder.files.file("elsewhere").path)
  }

  @Test("a worker runs a cell of a task file without knowing the file")
  func runs() throws {
    let folder = try folder()
    let plan = try folder.plan(Self.study("task: tasks/mine.yml"))
    let cell = try #require(plan.cells.last?.cell)
    try FileManager.default.removeItem(at: folder.files.file("tasks/mine.yml"))
    let sent = try JSONDecoder().decode(Cell.self, from: JSONEncoder().encode(cell))
    let result = try CellRunner().run(sent) { _, _ in }
    #expect(result.status == .succeeded)
    #expect(result.evaluations.map(\.set) == ["ood"])
  }

  @Test("what a task file says is in its cells' keys, and a catalog's task is not sent along")
  func keys() throws {
    let folder = try folder()
    let study = Self.study("task: tasks/mine.yml")
    let first = try folder.keys(study)
    try folder.files.write("title: Mine\n" + Self.task, to: "tasks/mine.yml")
    #expect(try folder.keys(study) == first)
    try folder.files.replace("[Yes, No]", with: "[good, bad]", in: "tasks/mine.yml")
    let second = try folder.keys(study)
    #expect(zip(first, second).allSatisfy { $0 != $1 })
    let known = try folder.plan(Self.study("task: cola\ndata: data"))
    #expect(known.cells.allSatisfy { $0.cell.task == nil })
  }

  @Test("mistakes of a task file are reported at their places, all at once")
  func mistakes() throws {
    let folder = try folder()
    try folder.files.replace("words:", with: "wrods:", in: "tasks/mine.yml")
    try folder.files.replace("{text} ?", with: "{txt} ?", in: "tasks/mine.yml")
    let planning = try folder.planning(Self.study("task: tasks/mine.yml"))
    #expect(planning.plan == nil)
    #expect(
      planning.diagnostics.map(\.description) == [
        """
        tasks/mine.yml:4:1: error[FT010]: unknown key 'wrods' in the task file
          help: did you mean 'words'?
        """,
        """
        tasks/mine.yml:5:21: error[FT037]: pattern 'minimal' names the field '{txt}', which the \
        task does not have
          help: its fields are text
        """,
      ])
  }

  @Test("a task file that is not YAML, not text or not there is reported")
  func unreadable() throws {
    let folder = try folder()
    func first(_ keys: String) throws -> String? {
      try folder.planning(Self.study(keys)).diagnostics.first?.description
    }
    try folder.files.write("labels: [a, b\nfields: x\n", to: "a.yml")
    #expect(
      try first("task: a.yml") == """
        a.yml:1:9: error[FT003]: the list that begins here is not closed or lacks a comma
          help: separate its items with ',' and end it with ']'
        """)
    try folder.files.write(Data([0x61, 0xFF]), to: "b.yml")
    #expect(
      try first("task: b.yml") == """
        b.yml:1:2: error[FT001]: byte 0xFF is not UTF-8 text
          help: save the file as UTF-8
        """)
    #expect(
      try first("task: other.yml") == """
        study.md:10:7: error[FT030]: there is no file 'other.yml'
          help: a task file is named relative to the source file
        """)
    #expect(
      try first("task: c.yml") == """
        study.md:10:7: error[FT030]: there is no file 'c.yml'
          help: did you mean 'a.yml'?
        """)
    try folder.files.write("labels: [a, b]\n", to: "tasks/senses.yaml")
    #expect(
      try first("task: tasks/sense.yml") == """
        study.md:10:7: error[FT030]: there is no file 'tasks/sense.yml'
          help: did you mean 'tasks/senses.yaml'?
        """)
  }

  @Test("broken data of a task file names the place in the data")
  func data() throws {
    let folder = try folder()
    try folder.files.write("text,label\na,good\nb,ugly\n", to: "tasks/ood.csv")
    let planning = try folder.planning(Self.study("task: tasks/mine.yml"))
    #expect(
      planning.diagnostics.first?.description == """
        study.md:10:7: error[FT035]: \(folder.files.file("tasks/ood.csv").path):3:3: 'ugly' is \
        not a label of the task
          help: the label column may contain bad, good
        """)
  }
}
