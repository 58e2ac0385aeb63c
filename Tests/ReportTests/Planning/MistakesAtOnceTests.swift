import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite("All mistakes of a source are told at once")
struct MistakesAtOnceTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private static let rest = """
    See @fig-nope: `{val} first[lroa,2].ood.accuracy`, `{val} first[vanilla,3].ood.accuracy`,
    `{val} first[vanilla,2,seed=7].odd.accuracy`, `{val} first[vanilla,2].ood.accuracy`.

    ```{chart #fig-a}
    from: frist
    y: [ood.accuracy]
    caption: See @tbl-nope.
    ```

    """

  private func explained(_ text: String) throws -> [String] {
    try folder.planning(text).diagnostics.map(\.description)
  }

  private static let names = [
    """
    study.md:16:5: error[FT020]: nothing is labelled 'fig-nope'
      help: its labels: @fig-a
    """,
    """
    study.md:16:29: error[FT022]: experiment 'first' has no method 'lroa'
      help: its methods: zero-shot, vanilla
    """,
    """
    study.md:16:73: error[FT022]: experiment 'first' has no 3 shots
      help: its shots: 2, 4
    """,
    """
    study.md:17:29: error[FT022]: experiment 'first' has no seed 7
      help: its seeds: 0, 1
    """,
    """
    study.md:17:32: error[FT022]: experiment 'first' has no evaluation set 'odd'
      help: did you mean 'ood'?
    """,
    """
    study.md:20:7: error[FT021]: there is no experiment 'frist'
      help: did you mean 'first'?
    """,
    """
    study.md:22:14: error[FT020]: nothing is labelled 'tbl-nope'
      help: no label of this report begins with 'tbl-'
    """,
  ]

  @Test("names are looked up although data, model, method or task are missing")
  func names() throws {
    let study = PlanningSamples.front + PlanningSamples.block + Self.rest
    #expect(try explained(study) == Self.names)
    for (old, new) in [("data: data", "data: nowhere"), ("model: model", "model: nowhere")] {
      let found = try explained(study.replacingOccurrences(of: old, with: new))
      #expect(found.count == Self.names.count + 1)
      #expect(found.dropFirst() == Self.names[...], "\(new)")
    }
    let method = try explained(study.replacingOccurrences(of: "zero-shot,", with: "zero-shto,"))
    #expect(method.count == Self.names.count + 1)
    // What an unknown task has sets of is not known.
    let task = try explained(study.replacingOccurrences(of: "task: cola", with: "task: coal"))
    #expect(task.dropFirst() == (Self.names[..<4] + Self.names[5...])[...])
  }

  @Test("a set that is misspelt in the experiment is one mistake, not one more for each use of it")
  func sets() throws {
    let study =
      PlanningSamples.front
      + PlanningSamples.block.replacingOccurrences(
        of: "shots: [2", with: "evaluate: {sets: [odo]}\nshots: [2")
      + "`{val} first[vanilla,2].ood.accuracy`\n"
    let found = try explained(study)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("study.md:13:19: error[FT012]: ") == true, "\(found)")
  }

  @Test("data are looked at although a name is wrong")
  func data() throws {
    try folder.files.write(
      "gen\t1\t\tthe dog runs\ngen\t0\n", to: "data/cola/out_of_domain_dev.tsv")
    let found = try explained(
      PlanningSamples.front + PlanningSamples.block + "`{val} first[lroa,2].ood.accuracy`\n")
    #expect(found.count == 2)
    #expect(found.first?.contains("error[FT034]") == true, "\(found)")
    #expect(found.last?.contains("error[FT022]") == true, "\(found)")
  }

  @Test("a method that predicts words on a task without any says what the task file lacks")
  func labelWords() throws {
    try folder.files.write(
      """
      labels: [good, bad]
      fields: [text]
      files: {train: train.csv, ood: train.csv}
      """, to: "data/mine.yml")
    try folder.files.write("text,label\na,good\nb,bad\n", to: "data/train.csv")
    let study = """
      ---
      title: T
      ---
      ```{experiment #first}
      task: data/mine.yml
      model: model
      methods:
        - vanilla
        - pbft
        - {preset: icl, pattern: plain}
      shots: [1]
      seeds: [0]
      ```
      """
    let help = """
        help: add a pattern to the task file and a word for each label, as in \
      'words: {bad: No, good: Yes}' and 'patterns: {ask: "{text} Is that good?"}'
      """
    #expect(
      try explained(study) == [
        """
        study.md:9:5: error[FT032]: method 'pbft' predicts label words, but pattern 'plain' has none
        \(help)
        """,
        """
        study.md:10:19: error[FT032]: method 'icl' predicts label words, but pattern 'plain' has none
        \(help)
        """,
      ])
    try folder.files.write(
      """
      labels: [good, bad]
      fields: [text]
      files: {train: train.csv, ood: train.csv}
      words: [a, b]
      patterns: {ask: "{text} ?", say: "{text} !"}
      """, to: "data/mine.yml")
    let found = try explained(study)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("help: name a pattern with label words: ask, say") == true)
  }

  @Test("the words of that help make a task file that is read")
  func advice() throws {
    let task = try TaskFile.read(
      """
      labels: [bad, good]
      fields: [text]
      files: {train: train.csv, ood: train.csv}
      words: {bad: No, good: Yes}
      patterns: {ask: "{text} Is that good?"}
      """, file: "mine.yml")
    #expect(try task.pattern().labelWords == ["No", "Yes"])
  }

  @Test("pictures and links are looked at where they stand, in captions too")
  func addresses() throws {
    try folder.files.write(Data(PictureSamples.png), to: "a.png")
    try folder.files.write("root", to: "b.png")
    let study = """
      ---
      title: T
      ---
      Pictures ![a](a.png) and ![b](b.png), ![c](/etc/passwd), ![d](none.png), ![e](b.png).

      A *![f](https://a.b/c.png)*, and [g](javascript:\u{E33}x).

      \(PlanningSamples.block.replacingOccurrences(of: "\"{{params.rate}}\"", with: "0.1")
        .replacingOccurrences(of: "task: cola", with: "task: cola\nmodel: model\ndata: data"))
      ```{chart #fig-a}
      from: first
      y: [ood.accuracy]
      kind: line
      caption: "![h](b.png) and [i](vbscript:x)."
      ```
      """
    let found = try folder.planning(study).diagnostics.map {
      "\($0.position.line):\($0.position.column) \($0.message)"
    }
    #expect(
      found == [
        "4:27 the picture 'b.png' is not a picture",
        "4:40 the picture '/etc/passwd' is outside the source's folder",
        "4:59 the picture 'none.png' does not exist",
        "4:75 the picture 'b.png' is not a picture",
        "6:5 the picture 'https://a.b/c.png' is on the web",
        "6:34 an address of scheme 'javascript' is omitted from the page",
        "21:11 an address of scheme 'vbscript' is omitted from the page",
        "21:11 the picture 'b.png' is not a picture",
      ])
  }
}
