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
    "columns of other names, other separators and JSON arrays are read",
    arguments: [
      ("a.csv", "message;class\nthe dog;good\nno, dog;bad\n"),
      ("a.csv", "sep=|\r\nmessage|class\r\nthe dog|good\r\n\"no, dog\"|bad\r\n"),
      ("a.csv", "class\tmessage\ngood\tthe dog\nbad\tno, dog\n"),
      ("a.csv", "message,class,\"a;b;c\"\nthe dog,good,1\n\"no, dog\",bad,2\n"),
      ("a.json", #"[{"message":"the dog","class":"good"},{"class":"bad","message":"no, dog"}]"#),
    ])
  func columns(name: String, contents: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(contents, to: name)
    var columns = ExampleColumns()
    columns.text = "message"
    columns.label = "class"
    let files = try TrainingFiles(
      training: folder.file(name).path, evaluations: [], columns: columns)
    #expect(files.training.map(\.fields) == [["the dog"], ["no, dog"]])
    #expect(files.labels == ["bad", "good"])
    #expect(files.oddities == [])
  }

  @Test(
    "a file that is no table in UTF-8 is named for what it is",
    arguments: [
      ([0xFF, 0xFE, 0x74, 0x00], "UTF-16"), ([0x74, 0x00, 0x65, 0x00], "UTF-16LE"),
      ([0x1F, 0x8B, 8, 0], "damaged"), (Array("BZh".utf8), "bunzip2"),
      (Array("PK\u{3}\u{4}".utf8), "not a zip archive"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs pull"),
    ] as [([UInt8], String)])
  func foreign(bytes: [UInt8], expected: String) throws {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.file("a.csv"))
    let error = #expect(throws: TaskError.self) {
      try TrainingFiles(training: folder.file("a.csv").path, evaluations: [])
    }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(
    "what is odd about labels and texts is said once",
    arguments: [
      (
        ["a\t1", "b\t1.0", "c\t0"],
        "the labels '1' and '1.0' are different classes, and look like one (1 and 1 rows)"
      ),
      (
        ["a\tpos", "b\tPos ", "c\tneg"],
        "the labels 'Pos ' and 'pos' are different classes, and look like one (1 and 1 rows)"
      ),
      // Two spellings of one accent are one class.
      (["a\té", "b\te\u{301}", "c\tx"], ""),
      (["a\tx", "b\tNaN"], "1 row has the label 'NaN', which is a class like any other here"),
      (["a\tx", "a\ty"], "1 row repeats a text with another label, such as 'a'"),
      (["a\tx", " \ty"], "1 row has an empty text"),
      (["a\tx", "text\tlabel", "b\ty"], "1 row has the header again, as an example"),
      (
        (0..<30).map { "t\($0)\t\($0).5" },
        "the labels are 30 different numbers, each a class of its own: a measurement is no class"
      ),
      (["a\tx", "b\ty"], ""),
    ])
  func oddities(rows: [String], expected: String) throws {
    let folder = try TemporaryFolder()
    try folder.write((["text\tlabel"] + rows).joined(separator: "\n"), to: "a.tsv")
    let path = folder.file("a.tsv").path
    let files = try TrainingFiles(training: path, evaluations: [])
    #expect(files.oddities == (expected.isEmpty ? [] : ["\(path): \(expected)"]))
  }

  @Test("columns of one name and examples that are trained on as well are said")
  func overlap() throws {
    let folder = try TemporaryFolder()
    try folder.write("text,label,label\na,x,1\nb,y,2\n", to: "a.csv")
    try folder.write("text,label\nA.,x\nc,y\n", to: "b.csv")
    let (train, eval) = (folder.file("a.csv").path, folder.file("b.csv").path)
    #expect(
      try TrainingFiles(training: train, evaluations: [eval]).oddities == [
        "\(train): several columns are called 'label'; the first of each is read",
        "\(eval): 1 of the 2 examples are in the training file too",
      ])
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
    #expect(throws: TrainingError.self) {
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
