import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Files of labelled texts")
struct TrainingFilesTests {
  @Test(
    "TSV, CSV and JSON Lines say the same",
    arguments: [
      ("a.tsv", "text\tlabel\nthe \"dog\"\tgood\nno, dog\tbad\n"),
      ("a.csv", "id,label,text\r\n1,good,\"the \"\"dog\"\"\"\r\n2,bad,\"no, dog\"\r\n"),
      (
        "a.jsonl",
        #"{"text":"the \"dog\"","label":"good"}"# + "\n" + #"{"label":"bad","text":"no, dog"}"#
      ),
    ])
  func formats(name: String, contents: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(contents, to: name)
    let files = try TrainingFiles(
      training: folder.file(name).path, evaluations: [folder.file(name).path])
    #expect(files.fields == ["text"])
    #expect(files.labels == ["bad", "good"])
    #expect(
      files.training == [
        Example(fields: [#"the "dog""#], label: 1), Example(fields: ["no, dog"], label: 0),
      ])
    #expect(files.evaluations.map(\.examples) == [files.training])
  }

  @Test(
    "labels are ordered as numbers where all are, else by their bytes",
    arguments: [
      (["10", "9", "-1"], ["-1", "9", "10"]), (["b", "a", "é"], ["a", "b", "é"]),
      (["10", "9", "x"], ["10", "9", "x"]), (["1", "0"], ["0", "1"]),
    ])
  func order(written: [String], expected: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("text\tlabel\n" + written.map { "t\t\($0)\n" }.joined(), to: "a.tsv")
    let files = try TrainingFiles(training: folder.file("a.tsv").path, evaluations: [])
    #expect(files.labels == expected)
  }

  @Test("a second text is read where there is one, and needed where training had one")
  func pairs() throws {
    let folder = try TemporaryFolder()
    try folder.write("pair\ttext\tlabel\nb\ta\t0\nd\tc\t1\n", to: "pairs.tsv")
    try folder.write("text\tlabel\na\t0\n", to: "single.tsv")
    let files = try TrainingFiles(training: folder.file("pairs.tsv").path, evaluations: [])
    #expect(files.fields == ["text", "pair"])
    #expect(files.training.map(\.fields) == [["a", "b"], ["c", "d"]])
    #expect(throws: TaskError.self) {
      try TrainingFiles(
        training: folder.file("pairs.tsv").path, evaluations: [folder.file("single.tsv").path])
    }
  }

  @Test(
    "label words are given in order or by name; others are explained",
    arguments: [
      (nil, ["bad", "good"]), ("No,Yes", ["No", "Yes"]), ("good=Yes,bad=No", ["No", "Yes"]),
      ("No", nil), ("No,Yes,Maybe", nil), ("good=Yes,god=No", nil), ("No,", nil), ("=a,b", nil),
    ] as [(String?, [String]?)])
  func words(given: String?, expected: [String]?) throws {
    func task() throws -> TrainingTask {
      try TrainingTask(fields: ["text"], labels: ["bad", "good"], template: nil, words: given)
    }
    if let expected {
      #expect(try task().definition.patterns[0].labelWords == expected)
    } else {
      #expect(throws: TrainingError.self) { try task() }
    }
  }
}
