import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Task loader")
struct TaskLoaderTests {
  static let train = "a\t0\t*\tHim left.\nb\t1\t\tHe left.\nc\t1\t\tThey slept.\n"
  static let development = "a\t1\t\tShe left.\nb\t0\t*\tHer left.\nc\t1\t\tHe left.\n"

  static func folder(train: String = train) throws -> TaskFolder {
    try TaskFolder([
      "cola/in_domain_train.tsv": train, "cola/in_domain_dev.tsv": development,
      "cola/out_of_domain_dev.tsv": development,
    ])
  }

  private func failure(
    _ folder: TaskFolder, _ task: TaskDefinition = .cola
  ) -> TaskError? {
    do {
      _ = try folder.load(task)
      return nil
    } catch { return error }
  }

  @Test("rows become examples in file order")
  func rows() throws {
    let task = try Self.folder().load(.cola)
    #expect(
      task.training == [
        Example(fields: ["Him left."], label: 0), Example(fields: ["He left."], label: 1),
        Example(fields: ["They slept."], label: 1),
      ])
    #expect(task.evaluations.map(\.name) == ["in-domain", "ood"])
    #expect(task.evaluations[0].majorityShare == 2.0 / 3)
  }

  @Test("quotes are text, CR before LF, a byte-order mark and blank last lines are not")
  func lineEnds() throws {
    let folder = try Self.folder(
      train: "\u{FEFF}a\t0\t*\t\"Him\" left.\r\nb\t1\t\tZoë slept.\r\n\r\n")
    let task = try folder.load(.cola)
    #expect(task.training.map(\.fields) == [["\"Him\" left."], ["Zoë slept."]])
  }

  struct Broken: Sendable {
    let text: String
    var line: Int?
    var column: Int?
    let reason: TaskError.Reason
  }

  @Test(
    "a broken file is an error with its place",
    arguments: [
      Broken(
        text: "a\t0\t*\tHim.\nb\t1\tHe.\n", line: 2,
        reason: .wrongColumnCount(found: 3, needed: 4)),
      Broken(
        text: "a\t0\t*\tHim.\nbb\tyes\t\tHe.\n", line: 2, column: 4,
        reason: .unknownLabel("yes", known: ["0", "1"])),
      Broken(text: "", reason: .emptyFile),
      Broken(text: "\n\n", reason: .emptyFile),
      Broken(
        text: "a\t1\t\tHe.\n",
        reason: .tooFewExamples(label: "unacceptable", available: 0, needed: 1)),
    ])
  func brokenFile(broken: Broken) throws {
    let error = try #require(failure(try Self.folder(train: broken.text)))
    #expect(error.reason == broken.reason)
    #expect(error.line == broken.line)
    #expect(error.column == broken.column)
    #expect(error.file?.hasSuffix("cola/in_domain_train.tsv") == true)
    #expect(error.task == "cola")
  }

  @Test("invalid UTF-8 in a column that is read is an error with its place")
  func invalidUTF8() throws {
    let folder = try Self.folder()
    try folder.write(
      Array("a\t0\t*\tHim.\nb\t1\t\tcaf".utf8) + [0xE9, 0x0A], to: "cola/in_domain_train.tsv")
    let error = try #require(failure(folder))
    #expect(error.reason == .invalidUTF8)
    #expect(error.line == 2 && error.column == 6)
  }

  @Test("a missing file names every place that was tried")
  func missingFile() throws {
    let folder = try TaskFolder()
    let error = try #require(failure(folder))
    #expect(
      error.description == """
        error: task 'cola': no file for 'train' in \(folder.url.path)
          help: put one of cola/in_domain_train.tsv, CoLA/in_domain_train.tsv, \
        cola_public/raw/in_domain_train.tsv, CoLA/original/raw/in_domain_train.tsv, \
        cola/train.tsv, CoLA/train.tsv there, or name another folder with 'data:'
        """)
  }

  @Test("an error reads as compilers print them")
  func description() throws {
    let folder = try Self.folder(train: "a\t0\t*\tHim.\nbb\tyes\t\tHe.\n")
    let error = try #require(failure(folder))
    #expect(
      error.description == """
        \(folder.url.path)/cola/in_domain_train.tsv:2:4: error: task 'cola': 'yes' is not a label \
        of the task
          help: the label column may contain 0, 1
        """)
  }

  @Test("a header without a needed column lists what it has")
  func missingColumn() throws {
    let folder = try TaskFolder([
      "SST-2/train.tsv": "text\tlabel\nfine\t1\nbad\t0\n",
      "SST-2/dev.tsv": "sentence\tlabel\nfine\t1\n",
    ])
    let error = try #require(failure(folder, .sst2))
    #expect(error.reason == .missingColumn(names: ["sentence"], header: ["text", "label"]))
  }

  @Test("columns are found by any of their names, wherever they stand")
  func officialLayout() throws {
    let header = "gold_label\tparse\tsentence1\tsentence2\tpairID\theuristic\tsubcase\n"
    let hans = [
      "entailment\t(\tA .\tB .\te0\tlexical_overlap\tx",
      "non-entailment\t(\tC .\tD .\te1\tlexical_overlap\ty",
      "entailment\t(\tE .\tF .\te2\tsubsequence\tz", "entailment\t(\tG .\tH .\te3\tconstituent\tw",
    ].joined(separator: "\n")
    let pairs = "index\tsentence1\tsentence2\tgold_label\n0\tP\tQ\tentailment\n"
    let folder = try TaskFolder([
      "MNLI/train.tsv": pairs + "1\tP\tR\tneutral\n2\tP\tS\tcontradiction\n",
      "MNLI/dev_matched.tsv": pairs, "HANS/heuristics_evaluation_set.txt": header + hans,
    ])
    let task = try folder.load(.mnli)
    #expect(task.training.map(\.fields) == [["P", "Q"], ["P", "S"]])
    let ood = try #require(task.evaluation(named: "ood"))
    #expect(ood.examples.map(\.fields) == [["A .", "B ."], ["C .", "D ."]])
    #expect(ood.subsets.map(\.indices) == [[0], [1]])
    #expect(task.evaluation(named: "hans-constituent")?.examples.count == 1)
    #expect(task.sources.allSatisfy { $0.note == nil })
  }

  @Test("a path that begins with / is taken as it is")
  func absolutePath() throws {
    let (folder, empty) = (try Self.folder(), try TaskFolder())
    var task = TaskDefinition.cola
    for i in task.files.indices {
      task.files[i].candidates = task.files[i].candidates.map {
        DataFile.Candidate($0.url(in: folder.url).path)
      }
    }
    #expect(try empty.load(task).training == folder.load(.cola).training)
  }

  @Test("only the sets asked for are read")
  func chosenSets() throws {
    let folder = try TaskFolder([
      "cola/in_domain_train.tsv": Self.train, "cola/in_domain_dev.tsv": Self.development,
    ])
    #expect(try folder.load(.cola, sets: ["in-domain"]).evaluations.map(\.name) == ["in-domain"])
    #expect(throws: TaskError(.unknownSet("hans", known: ["in-domain", "ood"]), task: "cola")) {
      try folder.load(.cola, sets: ["hans"])
    }
  }

  @Test("overlaps count the examples of a set that another one holds")
  func overlaps() throws {
    let task = try Self.folder().load(.cola)
    #expect(
      task.overlaps() == [
        Overlap(first: "train", second: "in-domain", count: 1, total: 3),
        Overlap(first: "train", second: "ood", count: 1, total: 3),
        Overlap(first: "in-domain", second: "ood", count: 3, total: 3),
      ])
  }

  @Test("a sample holds its examples, and one too large names the file")
  func sample() throws {
    let folder = try Self.folder()
    let task = try folder.load(.cola)
    let sample = try task.sample(shots: 1, seed: 7)
    #expect(sample.examples == sample.indices.map { task.training[$0] })
    #expect(sample.digest == FewShotSampler.digest(of: sample.examples))
    let error = #expect(throws: TaskError.self) { try task.sample(shots: 2, seed: 7) }
    #expect(
      error?.description == """
        \(folder.url.path)/cola/in_domain_train.tsv: error: task 'cola': class 'unacceptable' has \
        1 training example, 2 are needed
          help: ask for fewer shots, or use a larger training file
        """)
  }
}
