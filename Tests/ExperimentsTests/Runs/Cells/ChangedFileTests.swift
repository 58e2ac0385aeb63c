import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Files that change after the plan")
struct ChangedFileTests {
  private let folder: CellFolder
  private let runner = CellRunner()
  private static let quick: [String: OptionValue] = ["epochs": .integer(1)]

  init() throws { folder = try CellFolder() }

  private func cell(seed: Int = 0) throws -> Cell {
    try folder.cell("vanilla", Self.quick, shots: 2, seed: seed)
  }

  private func run(
    _ cell: Cell, by runner: CellRunner? = nil, during: (String) throws -> Void = { _ in }
  ) throws -> CellResult {
    var failure: (any Error)?
    let result = try (runner ?? self.runner).run(cell) { _, phase in
      do { try during(phase) } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }

  private func change(of body: () throws -> CellResult) -> ChangedFile? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? ChangedFile
    }
  }

  private static let files = [
    "model/model.safetensors", "model/config.json", "model/tokenizer.json",
    "data/cola/in_domain_train.tsv", "data/cola/out_of_domain_dev.tsv",
  ]

  @Test(
    "a file that is swapped between two cells fails the second, in a new worker and in an old one",
    arguments: files)
  func swappedBetween(path: String) throws {
    let cells = try [cell(), cell(seed: 1)]
    _ = try run(cells[0])
    let url = folder.files.file(path)
    let old = try Data(contentsOf: url)
    try (old + Data(" ".utf8)).write(to: url, options: .atomic)
    for runner in [runner, CellRunner()] {
      let error = change { try run(cells[1], by: runner) }
      #expect(error == ChangedFile(path: url.path, change: .contents))
      #expect(
        error?.description
          == "\(url.path) changed after the build was planned; run the build again")
    }
    // The old contents in a new file are the old file.
    try old.write(to: url, options: .atomic)
    #expect(try run(cells[1]).status == .succeeded)
  }

  @Test(
    "a file that changes while a cell runs fails the cell, replaced or overwritten in place",
    arguments: files, [true, false])
  func swappedDuring(path: String, isReplaced: Bool) throws {
    let cell = try cell()
    let url = folder.files.file(path)
    var contents = try Data(contentsOf: url)
    contents[contents.count - 2] ^= 1
    let error = change {
      try run(cell) { phase in
        guard phase == "training" else { return }
        try contents.write(to: url, options: isReplaced ? .atomic : [])
      }
    }
    #expect(error == ChangedFile(path: url.path, change: .contents))
  }

  @Test("a file swapped before it is opened and put back afterwards is noticed")
  func putBack() throws {
    let cell = try cell()
    let url = folder.files.file("model/model.safetensors")
    let old = try Data(contentsOf: url)
    try ModelFixture.write(to: folder.files.file("other"), seed: 2)
    let other = try Data(contentsOf: folder.files.file("other/model.safetensors"))
    let error = change {
      try run(cell) { phase in
        if phase == "loading" { try other.write(to: url, options: .atomic) }
        if phase == "training" { try old.write(to: url, options: .atomic) }
      }
    }
    #expect(error?.path == url.path)
  }

  @Test("a file that is touched, or copied over itself, before or during a cell changes nothing")
  func touched() throws {
    let cell = try cell()
    let expected = try run(cell).withoutMeasurements
    let url = folder.files.file("model/model.safetensors")
    func touch() throws {
      try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: url.path)
    }
    try touch()
    #expect(try run(cell).withoutMeasurements == expected)
    try Data(contentsOf: url).write(to: url, options: .atomic)
    #expect(try run(cell, by: CellRunner()).withoutMeasurements == expected)
    #expect(
      try run(cell) { if $0 == "training" { try touch() } }.withoutMeasurements == expected)
  }

  @Test("a file that is gone, or that is new and would be read too, fails the cell")
  func comeAndGone() throws {
    let cell = try cell()
    let added = folder.files.file("model/added_tokens.json")
    try Data("{}".utf8).write(to: added)
    #expect(
      change { try run(cell) }?.description
        == "\(added.path) appeared after the build was planned; run the build again")
    try FileManager.default.removeItem(at: added)
    let data = folder.files.file("data/cola/in_domain_dev.tsv")
    try FileManager.default.removeItem(at: data)
    #expect(
      change { try run(cell) }?.description
        == "\(data.path) was removed after the build was planned; restore it and run the build again"
    )
  }

  @Test("a teacher that is swapped fails the cells it teaches, and no others")
  func teacher() throws {
    let teacher = try folder.teacher(seed: 2, "teacher")
    let taught = try folder.cell(
      "context-distillation", ["epochs": .integer(1), "teacher": .text("t")], shots: 2,
      teachers: ["t": teacher])
    #expect(try run(taught).status == .succeeded)
    try ModelFixture.write(to: folder.files.file("teacher"), seed: 3)
    #expect(
      change { try run(taught) }
        == ChangedFile(
          path: folder.files.file("teacher/model.safetensors").path, change: .contents))
    #expect(try run(cell()).status == .succeeded)
  }

  @Test("a cell's files are not in its key")
  func key() throws {
    var cell = try cell()
    #expect(cell.files.count == 6)
    cell.files = []
    #expect(try cell.recipe.key == cell.key)
  }
}
