import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite struct PublishedNumbersTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Data(Self.wide.utf8).write(to: folder.file("wide.csv"))
    try Data(Self.tidy.utf8).write(to: folder.file("tidy.csv"))
    try Data("method,shots\nlora,16\nvanilla\n".utf8).write(to: folder.file("broken.csv"))
  }

  static let wide = """
    method,task,rank,n,in,out
    vanilla,cola,,2,0.53,0.55
    lora,cola,8,2,0.61,
    lora,cola,64,2,0.62,0.58
    "van, illa",mnli,,2,0.5,0.5

    """

  static let tidy = "method,shots,set,metric,value,sd,runs\r\nlora,16,ood,mcc,0.2,0.1,10\r\n"

  private func reading(_ yaml: String) -> (PublishedNumbers?, [String]) {
    let blocks = BlockRegistry.standard.read(
      [LanguageSamples.block("reference", label: "ref-a", "source: Someone 2024\n" + yaml)],
      frontMatter: nil)
    guard let block = blocks.blocks.first as? PublishedBlock else {
      return (nil, blocks.diagnostics.map(\.description))
    }
    let workspace = Workspace(source: folder.file("r.md"), currentFolder: folder.url)
    let found = PublishedReader(block, workspace: workspace).read()
    return (found.numbers, (blocks.diagnostics + found.diagnostics).map(\.description))
  }

  private func words(_ numbers: PublishedNumbers?) -> [String] {
    (numbers?.numbers ?? []).map { number in
      "\(number.method) \(number.shots) \(number.metric) \(number.value)"
        + (number.spread.map { " ± \($0)" } ?? "") + (number.runs.map { " of \($0)" } ?? "")
    }
  }

  @Test("rows in the block, with shares as such or in percent")
  func inline() {
    let (numbers, problems) = reading(
      """
      values:
        - {method: lora, shots: 16, metric: ood.accuracy, value: 61.5%, sd: 1%, runs: 10}
        - {method: FT, shots: 16, set: ood, metric: mcc, value: -0.25}
      methods: {FT: vanilla}
      """)
    #expect(problems == [])
    #expect(
      words(numbers) == ["lora 16 ood.accuracy 0.615 ± 0.01 of 10", "vanilla 16 ood.mcc -0.25"])
    let percent = reading(
      "scale: percent\nvalues: [{method: a, shots: 2, metric: ood.accuracy, value: 61.5}]")
    #expect(words(percent.0) == ["a 2 ood.accuracy 0.615"])
  }

  @Test("a tidy file needs no columns, a wide one names them, and empty fields are no numbers")
  func files() {
    #expect(words(reading("file: tidy.csv").0) == ["lora 16 ood.mcc 0.2 ± 0.1 of 10"])
    let (numbers, problems) = reading(
      """
      file: wide.csv
      columns:
        shots: n
        metrics: {in-domain.accuracy: in, ood.accuracy: out}
      where: {task: cola, rank: [~, 8]}
      """)
    #expect(problems == [])
    #expect(
      words(numbers) == [
        "vanilla 2 in-domain.accuracy 0.53", "vanilla 2 ood.accuracy 0.55",
        "lora 2 in-domain.accuracy 0.61",
      ])
  }

  struct Mistake: Sendable {
    let yaml: String
    let expected: [String]
  }

  static let mistakes = [
    Mistake(
      yaml: "caption: x",
      expected: [
        "r.md:10:1: error[FT011]: the reference block has no 'values'\n"
          + "  help: write 'values: [{method: lora, shots: 16, …}]'"
      ]),
    Mistake(
      yaml: "values: [{method: a, shots: 2, metric: accuracy, value: much}]",
      expected: [
        "r.md:12:57: error[FT012]: 'value' must be a number such as 0.615 or 61.5%, not 'much'"
      ]),
    Mistake(
      yaml: "values: [{method: a, shots: 2, metric: ood.accuracy, value: 61.5}]",
      expected: [
        "r.md:12:61: error[FT012]: ood.accuracy is a share, and 61.5 is not between 0 and 1\n"
          + "  help: write 'scale: percent' if the numbers are percentages"
      ]),
    Mistake(
      yaml: """
        values:
          - {method: a, shots: 2, metric: ood.mcc, value: 0.1}
          - {method: a, shots: 2, metric: ood.mcc, value: 0.2}
        """,
      expected: [
        "r.md:14:5: error[FT012]: line 14 gives ood.mcc of 'a' at 2 shots a second time; the first "
          + "is line 13\n  help: keep one of them"
      ]),
    Mistake(
      yaml: "file: nothing.csv",
      expected: [
        "r.md:12:7: error[FT033]: cannot read 'nothing.csv'\n"
          + "  help: a path is relative to the source, or to the current folder"
      ]),
    Mistake(
      yaml: "file: wide.csv",
      expected: [
        "r.md:12:7: error[FT034]: 'wide.csv' has no column 'shots'\n"
          + "  help: its columns: method, task, rank, n, in, out"
      ]),
    Mistake(
      yaml: "file: wide.csv\ncolumns: {shots: m, metrics: {ood.accuracy: out}}",
      expected: [
        "r.md:13:18: error[FT034]: 'wide.csv' has no column 'm'\n"
          + "  help: did you mean 'n'?"
      ]),
    Mistake(
      yaml: "file: wide.csv\ncolumns: {shots: n, metrics: {ood.accuracy: out}}\nwhere: {task: rte}",
      expected: [
        "r.md:14:9: error[FT012]: no row of 'wide.csv' matches 'where'\n"
          + "  help: column 'task' holds cola, mnli"
      ]),
    Mistake(
      yaml: "file: wide.csv\ncolumns: {shots: n, metrics: {in-domain.accuracy: in}}",
      expected: [
        "r.md:12:7: error[FT012]: wide.csv:4 gives in-domain.accuracy of 'lora' at 2 shots a second "
          + "time; the first is wide.csv:3\n  help: choose rows by 'where: {COLUMN: VALUE}'"
      ]),
    Mistake(
      yaml: "file: wide.csv\ncolumns: {shots: method, metrics: {ood.accuracy: out}}",
      expected: [
        "r.md:12:7: error[FT034]: wide.csv:2: 'vanilla' in column 'method' is not a number of examples"
      ]),
  ]

  @Test("every mistake is reported with its place and what to do", arguments: mistakes)
  func problems(mistake: Mistake) {
    let (_, problems) = reading(mistake.yaml)
    #expect(problems == mistake.expected)
  }

  @Test("a broken file is reported by its own line and column")
  func brokenFile() {
    let (_, problems) = reading("file: broken.csv")
    #expect(
      problems == [
        "broken.csv:3:1: error[FT060]: this row has 1 field, the header has 2\n"
          + "  help: give every row a field for each column, empty where there is nothing"
      ])
  }

  @Test("the published study reads with its own columns", .enabled(if: SharedData.isPresent))
  func published() throws {
    let path = SharedData.data("../reference/published-2405.13181.csv").path
    let (numbers, problems) = reading(
      """
      file: \(path)
      columns:
        shots: shots_per_class
        metrics:
          in-domain.accuracy: in_domain_accuracy_mean
          ood.accuracy: out_of_domain_accuracy_mean
      where: {model: opt-125m, task: cola, rank: [~, 8]}
      """)
    #expect(problems == [])
    #expect(numbers?.methods == ["vanilla", "pbft-head", "adaptive", "lora"])
    #expect(numbers?.shots == [2, 16, 32, 64, 128])
  }
}
