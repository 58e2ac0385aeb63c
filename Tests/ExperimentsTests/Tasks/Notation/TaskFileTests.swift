import Foundation
import Testing

@testable import Experiments
@testable import Formats

@Suite("Task files")
struct TaskFileTests {
  static let small = """
    labels: {ham: 0, spam: [1, yes]}
    drop: unsure
    fields: {text: [message, text]}
    files: {train: train.csv, ood: other.jsonl}
    words: {ham: No, spam: Yes}
    patterns: {minimal: "{text} ?"}

    """

  @Test("a small file says all there is")
  func small() throws {
    let task = try TaskFile.read(Self.small, file: "tasks/sms.yml")
    let labels: [String: LabelMeaning] = [
      "0": .label(0), "1": .label(1), "yes": .label(1), "unsure": .drop,
    ]
    func file(_ role: String, _ path: String, _ format: DataFormat) -> DataFile {
      DataFile(
        role: role, candidates: [.init(path)], format: format, hasHeader: true,
        fields: ["text": .named(["message", "text"])], label: .named(["label"]), labels: labels)
    }
    #expect(
      task
        == TaskDefinition(
          name: "sms", labels: ["ham", "spam"], fields: ["text"],
          files: [file("train", "train.csv", .csv), file("ood", "other.jsonl", .jsonl)],
          evaluations: [
            EvaluationDefinition(name: "ood", domain: .outOfDomain, file: "ood")
          ],
          patterns: [PatternDefinition("minimal", "{text} ?", labelWords: ["No", "Yes"])],
          defaultPattern: "minimal"))
  }

  @Test("a single file changes what the task says, and the rest is taken over")
  func overrides() throws {
    let task = try TaskFile.read(
      """
      name: pairs
      labels: [same, other]
      fields: [first, second]
      tags: [kind]
      files:
        train: {paths: [a.tsv, {path: b.txt, note: a sample}], header: false, label: 1,
                fields: {first: 2, second: 3}, tags: {}, ragged: skip}
        dev: {paths: c.data, format: csv, labels: {same: 1, other: 0}, drop: [2, 3]}
      evaluate:
        dev: {where: {kind: x, label: same}, stratify: kind, domain: ood,
              subsets: {dev-y: {kind: y}}}
        all: {file: dev}
      """, file: "x.yml")
    let (train, dev) = (task.files[0], task.files[1])
    #expect(train.candidates == [.init("a.tsv"), .init("b.txt", note: "a sample")])
    #expect(train.skipsRaggedRows && !train.hasHeader && train.tags.isEmpty)
    #expect(train.label == .number(1) && train.fields["first"] == .number(2))
    #expect(train.labels == ["same": .label(0), "other": .label(1)])
    #expect(dev.format == .csv && dev.hasHeader && !dev.skipsRaggedRows)
    #expect(dev.labels == ["1": .label(0), "0": .label(1), "2": .drop, "3": .drop])
    #expect(
      task.evaluations == [
        EvaluationDefinition(
          name: "dev", domain: .outOfDomain, file: "dev",
          filter: RowFilter(tags: ["kind": "x"], label: 0), stratifyBy: ["kind"],
          subsets: [SubsetDefinition(name: "dev-y", filter: RowFilter(tags: ["kind": "y"]))]),
        EvaluationDefinition(name: "all", domain: .inDomain, file: "dev"),
      ])
    #expect(task.defaultPattern == "plain")
  }

  struct Mistake: Sendable {
    let old: String
    let new: String
    let message: String

    init(_ old: String, _ new: String, _ message: String) {
      self.old = old
      self.new = new
      self.message = message
    }
  }

  @Test(
    "a mistake is reported with its place and what to do",
    arguments: [
      Mistake(
        "drop:", "dorp:",
        """
        sms.yml:2:1: error[FT010]: unknown key 'dorp' in the task file
          help: did you mean 'drop'?
        """),
      Mistake(
        "labels: {ham: 0, spam: [1, yes]}", "lables: {ham: 0}",
        """
        sms.yml:1:1: error[FT010]: unknown key 'lables' in the task file
          help: did you mean 'labels'?
        """),
      Mistake(
        "fields: {text: [message, text]}", "",
        """
        sms.yml:1:1: error[FT011]: the task file has no 'fields'
          help: write 'fields: [sentence]'
        """),
      Mistake(
        "spam: [1, yes]", "spam: [1, 0]",
        """
        sms.yml:1:28: error[FT037]: '0' means two labels, 'ham' and 'spam'
          help: each value of the label column can have only one meaning
        """),
      Mistake(
        "drop: unsure", "drop: [unsure, yes]",
        """
        sms.yml:2:16: error[FT037]: 'yes' is dropped, but also means the label 'spam'
          help: each value of the label column can have only one meaning
        """),
      Mistake(
        "{train: train.csv,", "{training: train.csv,",
        """
        sms.yml:4:8: error[FT037]: no file has the role 'train'
          help: samples are drawn from it: write 'train: PATH'
        """),
      Mistake(
        "other.jsonl", "other",
        """
        sms.yml:4:32: error[FT037]: the paths of file 'ood' do not determine one format
          help: write 'format: tsv', 'csv' or 'jsonl'
        """),
      Mistake(
        "other.jsonl", "{path: other.jsonl}",
        """
        sms.yml:4:33: error[FT010]: unknown key 'path' in the file 'ood'
          help: did you mean 'paths'?
        """),
      Mistake(
        "other.jsonl", "{paths: other.jsonl, label: 2}",
        """
        sms.yml:4:27: error[FT037]: file role 'ood' names column 2; the rows of JSON Lines have names
          help: correct this file's entry or the keys above
        """),
      Mistake(
        "train.csv", "{paths: train.csv, header: no}",
        """
        sms.yml:4:43: error[FT012]: 'header' must be true or false, not 'no'
          help: see docs/tasks.md for what it means
        """),
      Mistake(
        "train.csv", "{paths: train.csv, header: false}",
        """
        sms.yml:4:9: error[FT037]: file role 'train' names a column 'message' but has no header
          help: correct this file's entry or the keys above
        """),
      Mistake(
        "words:", "evaluate: {ood: , dev: }\nwords:",
        """
        sms.yml:5:19: error[FT037]: there is no file 'dev'
          help: files: train, ood
        """),
      Mistake(
        "words:", "evaluate: {ood: {where: {kind: x}}}\nwords:",
        """
        sms.yml:5:26: error[FT037]: the set's file declares no tag 'kind'
          help: write 'tags: [kind]' if its column has that name
        """),
      Mistake(
        "words:", "evaluate: {ood: {where: {label: sapm}}}\nwords:",
        """
        sms.yml:5:33: error[FT037]: there is no label 'sapm'
          help: did you mean 'spam'?
        """),
      Mistake(
        "words:", "evaluate: {train: {subsets: {}}}\nwords:",
        """
        sms.yml:5:12: error[FT037]: 'train' cannot be the name of an evaluation set
          help: 'train.…' means something else in reports
        """),
      Mistake(
        "words:", "evaluate: {ood: {subsets: {ood: {label: ham}}}}\nwords:",
        """
        sms.yml:5:28: error[FT037]: there are two evaluation sets 'ood'
          help: subsets need their own names too
        """),
      Mistake(
        "spam: Yes", "sapm: Yes",
        """
        sms.yml:5:8: error[FT037]: 'words' has none for 'spam'
          help: write 'spam: WORD'
        sms.yml:5:18: error[FT037]: there is no label 'sapm'
          help: did you mean 'spam'?
        """),
      Mistake(
        "spam: Yes", "spam: No",
        """
        sms.yml:6:21: error[FT037]: the task's definition is inconsistent: pattern 'minimal' gives \
        two classes the same label word
          help: correct the task's definition
        """),
      Mistake(
        "{text} ?", "{test} ?",
        """
        sms.yml:6:21: error[FT037]: pattern 'minimal' names the field '{test}', which the task does not have
          help: its fields are text
        """),
      Mistake(
        "{text} ?", "{text} Answer: ",
        """
        sms.yml:6:21: error[FT037]: pattern 'minimal' ends in a space
          help: leave it out: label words begin with one
        """),
      Mistake(
        "words:", "pattern: minimla\nwords:",
        """
        sms.yml:5:10: error[FT037]: there is no pattern 'minimla'
          help: did you mean 'minimal'?
        """),
      Mistake(
        "words:", "downloads: [{url: \"https://x/y.zip\"}]\nwords:",
        """
        sms.yml:5:13: error[FT037]: the download of https://x/y.zip names no file to write
          help: write 'to: PATH' for a file, or 'unzip: [PATH, …]' for members of a zip archive
        """),
      Mistake(
        "words:", "name: 2x\nwords:",
        """
        sms.yml:5:7: error[FT037]: '2x' cannot be the task's name
          help: a name is letters, digits, '-' and '_', and begins with a letter; give one with \
        'name:'
        """),
      Mistake(
        "ood: other.jsonl", "train: other.jsonl",
        """
        sms.yml:4:27: error[FT003]: the key 'train' is given twice
          help: it is first given on line 4; keep one of the two
        """),
      Mistake(
        "words: {", "words: [",
        """
        sms.yml:5:8: error[FT003]: the list that begins here is not closed or lacks a comma
          help: separate its items with ',' and end it with ']'
        """),
    ])
  func mistakes(_ mistake: Mistake) {
    #expect(Self.small.contains(mistake.old))
    let text = Self.small.replacingOccurrences(of: mistake.old, with: mistake.new)
    let error = #expect(throws: Mistakes.self) { try TaskFile.read(text, file: "sms.yml") }
    #expect(error?.description == mistake.message)
  }

  @Test("a file of something else, or of nothing, is reported")
  func otherFiles() {
    let list = #expect(throws: Mistakes.self) {
      try TaskFile.read("- a\n- b\n", file: "x.yml")
    }
    #expect(
      list?.diagnostics.first?.description == """
        x.yml:1:1: error[FT012]: the task file must be a map, not a list
          help: write 'key: value' lines
        """)
    let nothing = #expect(throws: Mistakes.self) { try TaskFile.read("# x\n", file: "x.yml") }
    #expect(nothing?.diagnostics.map(\.message).first == "the task file has no 'labels'")
  }

  @Test("paths, notes and words about the task leave keys alone, everything else changes them")
  func digests() throws {
    func digest(_ old: String = "", _ new: String = "") throws -> String {
      let text = old.isEmpty ? Self.small : Self.small.replacingOccurrences(of: old, with: new)
      return try TaskFile.read(text, file: "sms.yml").digest
    }
    let first = try digest()
    for (old, new) in [
      ("train.csv", "[sms/train.csv, train.csv]"), ("train.csv", "{paths: {path: x.csv, note: y}}"),
      ("words:", "title: SMS\nlicence: free\ndownloads: [{by-hand: ask, to: x.csv}]\nwords:"),
    ] {
      #expect(try digest(old, new) == first)
    }
    for (old, new) in [
      ("train.csv", "train.tsv"), ("drop: unsure", "drop: [unsure, x]"), ("{text} ?", "{text}"),
      ("spam: Yes", "spam: Spam"), ("[message, text]", "message"),
      ("words:", "evaluate: {ood: {where: {label: ham}}}\nwords:"), ("words:", "name: z\nwords:"),
    ] {
      #expect(try digest(old, new) != first)
    }
  }
}
