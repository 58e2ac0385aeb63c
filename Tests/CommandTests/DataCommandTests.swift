import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite("Tasks and their files on the command line") struct DataCommandTests {
    private static let documentation = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/tasks.md")

    /// The fenced blocks of the page, by what kind of file they say they are.
    private static func blocks() throws -> [String: String] {
      let lines = try String(contentsOf: documentation, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      var blocks: [String: String] = [:]
      var open: (fence: Substring, kind: String)?
      for line in lines {
        let fence = line.prefix { $0 == "`" }
        if let (opening, kind) = open {
          if line == opening { open = nil } else { blocks[kind, default: ""] += line + "\n" }
        } else if fence.count >= 3, blocks[String(line.dropFirst(fence.count))] == nil {
          open = (fence, String(line.dropFirst(fence.count)))
        }
      }
      return blocks
    }

    /// A folder with the page's example, as a reader would make it.
    private static func example() throws -> TemporaryFolder {
      let blocks = try blocks()
      let folder = try TemporaryFolder()
      for (kind, path) in [
        ("csv", "messages.csv"), ("jsonl", "tweets.jsonl"), ("yaml", "sms.yml"),
        ("markdown", "report.md"),
      ] {
        try folder.write(try #require(blocks[kind]), to: path)
      }
      try ModelFixture.write(to: folder.file("model"))
      return folder
    }

    @Test("the example of docs/tasks.md builds as it is written")
    func documented() throws {
      let folder = try Self.example()
      let verification = try CommandProcess(["data", "verify", "sms.yml"], in: folder.url).finish()
      #expect(verification.status == 0)
      #expect(
        verification.output == """
          sms
            ok    train: messages.csv, 8 rows (ham 4, spam 4)
            ok    ood: tweets.jsonl, 4 rows (ham 2, spam 2)
            ok    set ood: 4 examples, 2 of them ood-english, 2 of them ood-german; the commonest \
          class has 50.0 %

          """)
      let build = try CommandProcess(["build", "report.md", "--json"], in: folder.url).finish()
      #expect(build.status == 0, "\(build.errors)")
      #expect(try build.count("ran") == 3)
      // The title is not in a key, a label word is.
      try folder.replace("title: Unwanted messages", with: "title: Spam", in: "sms.yml")
      let again = try CommandProcess(["build", "report.md", "--json"], in: folder.url).finish()
      #expect(try again.count("ran") == 0)
      try folder.replace(
        "words: {ham: no, spam: yes}", with: "words: {ham: No, spam: Yes}", in: "sms.yml")
      let third = try CommandProcess(["build", "report.md", "--json"], in: folder.url).finish()
      #expect(try third.count("ran") == 3)
    }

    @Test("mistakes in a task file are reported at their places, beside those of the report")
    func mistakes() throws {
      let folder = try Self.example()
      try folder.replace("stratify: lang", with: "stratify: langs", in: "sms.yml")
      try folder.replace("seeds: [0, 1]", with: "sedes: [0, 1]", in: "report.md")
      let check = try CommandProcess(["check", "report.md"], in: folder.url).finish()
      #expect(check.status == 2)
      #expect(
        check.errors == """
          report.md:14:1: error[FT010]: unknown key 'sedes' in the experiment block
            help: did you mean 'seeds'?

          """)
      try folder.replace("sedes: [0, 1]", with: "seeds: [0, 1]", in: "report.md")
      let second = try CommandProcess(["check", "report.md"], in: folder.url).finish()
      #expect(
        second.errors == """
          sms.yml:19:15: error[FT037]: the set's file declares no tag 'langs'
            help: did you mean 'lang'?

          """)
      try folder.replace("stratify: langs", with: "\tstratify: lang", in: "sms.yml")
      let third = try CommandProcess(["check", "report.md"], in: folder.url).finish()
      #expect(
        third.errors == """
          sms.yml:19:5: error[FT003]: a tab indents this line
            help: YAML indents with spaces; use two spaces instead of the tab

          """)
      try folder.replace("task: sms.yml", with: "task: spam.yml", in: "report.md")
      let fourth = try CommandProcess(["check", "report.md"], in: folder.url).finish()
      #expect(
        fourth.errors == """
          report.md:9:7: error[FT030]: there is no file 'spam.yml'
            help: a task file is named relative to the source file

          """)
    }

    @Test("data ls lists every task, as text and as JSON")
    func list() throws {
      let folder = try TemporaryFolder()
      try TaskFixture.write(to: folder.file("data"))
      let text = try CommandProcess(["data", "ls", "cola", "sst2"], in: folder.url).finish()
      #expect(
        text.output == """
          cola: Linguistic acceptability, judged as in linguistics publications
            licence: excerpts of published works, for research under fair use; no formal licence
            train      72 rows  data/cola/in_domain_train.tsv
            in-domain  24 rows  data/cola/in_domain_dev.tsv
            ood        24 rows  data/cola/out_of_domain_dev.tsv

          sst2: Sentiment of film reviews
            licence: no formal licence, research use
            train      missing
            in-domain  missing
            fetch with: ftreport data fetch sst2

          """)
      let json = try CommandProcess(["data", "ls", "--json"], in: folder.url).finish()
      let listed =
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
      let names = try #require(listed).compactMap { $0["name"] as? String }
      #expect(["cola", "mnli", "rte", "qqp", "sst2"].allSatisfy(names.contains))
      let files = try #require(
        listed?.first { $0["name"] as? String == "cola" }?["files"] as? [[String: Any]])
      #expect(files.compactMap { $0["rows"] as? Int } == [72, 24, 24])
    }

    @Test("data show prints what a cell is trained on, a set and the pool, as train reads it")
    func show() throws {
      let folder = try TemporaryFolder()
      try TaskFixture.write(to: folder.file("data"))
      func show(_ task: String, _ options: [String] = []) throws -> CommandResult {
        try CommandProcess(["data", "show", task] + options, in: folder.url).finish()
      }
      func examples(_ output: String) throws -> [[String: String]] {
        try output.split(separator: "\n").map {
          try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
      }
      let pool = try examples(show("cola").output)
      #expect(pool.count == 72)
      #expect(try examples(show("cola", ["--set", "ood"]).output).count == 24)
      let sample = try examples(show("cola", ["--shots", "3", "--seed", "2"]).output)
      #expect(
        Dictionary(grouping: sample) { $0["label"] }.mapValues(\.count).values.sorted() == [3, 3])
      #expect(sample.allSatisfy(pool.contains))
      let total = try examples(
        show("cola", ["--shots", "4", "--shots-per", "total", "--seed", "2"]).output)
      #expect(total == Array(sample.prefix(4)))
      #expect(try examples(show("cola", ["--shots", "3", "--seed", "1"]).output) != sample)
      let pair = try examples(show("inference", ["--shots", "1"]).output)
      #expect(pair.count == 2 && pair.allSatisfy { $0["pair"] != nil })
      try folder.write(
        show("cola", ["--shots", "2", "--seed", "1"]).output, to: "sample.jsonl")
      let trained = try CommandProcess(
        [
          "train", "--model", "builtin", "--method", "linear-probe", "--train", "sample.jsonl",
          "--quiet",
        ], in: folder.url
      ).finish()
      #expect(trained.status == 0, "\(trained.errors)")
      let unknown = try show("cola", ["--set", "odd"])
      #expect(unknown.status == 2)
      #expect(unknown.errors.contains("help: its sets are in-domain, ood"))
      for mistake in [["--set", "ood", "--shots", "1"], ["--seed", "1"], ["--shots", "0"]] {
        #expect(try show("cola", mistake).status == 2)
      }
    }

    @Test("data fetch says what it does and ends with 2 where something cannot be had")
    func fetch() throws {
      let rows = "text\tlabel\na\tgood\nb\tbad\n"
      let server = try LocalServer(["/a.tsv": .init(Array(rows.utf8))])
      let folder = try TemporaryFolder()
      func task(_ path: String) -> String {
        """
        labels: [good, bad]
        fields: [text]
        files: {train: a.tsv}
        downloads: [{url: "\(server.address(path))", to: a.tsv}]
        """
      }
      try folder.write(task("/a.tsv"), to: "small.yml")
      let fetch = ["data", "fetch", "small.yml", "--to", "here"]
      let first = try CommandProcess(fetch, in: folder.url).finish()
      #expect(first.status == 0)
      #expect(
        first.errors == """
          fetching \(server.address("/a.tsv"))
            a.tsv, checksum recorded

          """)
      #expect(try folder.text(of: "here/a.tsv") == rows)
      let second = try CommandProcess(fetch, in: folder.url).finish()
      #expect(second.errors == "already there: a.tsv\n")
      try folder.write(task("/b.tsv"), to: "small.yml")
      let third = try CommandProcess(
        ["data", "fetch", "small.yml", "--to", "there"], in: folder.url
      ).finish()
      #expect(third.status == 2)
      #expect(third.errors.contains("\(server.address("/b.tsv")): error: the server answered with"))
      let unnamed = try CommandProcess(["data", "fetch"], in: folder.url).finish()
      #expect(unnamed.status == 2)
      #expect(
        unnamed.errors.contains(
          "Name at least one task: cola, mnli, rte, qqp, sst2, "
            + "acceptability, inference"))
    }

    @Test("an interrupted fetch ends at once with 130 and continues the next time")
    func interrupted() throws {
      let body = Array("text\tlabel\na\tgood\nb\tbad\n".utf8)
      let server = try LocalServer([
        "/a.tsv": .init(body, tag: "\"1\"", breaksAfter: 10, breaks: 1, silentSeconds: 6)
      ])
      let folder = try TemporaryFolder()
      try folder.write(
        """
        labels: [good, bad]
        fields: [text]
        files: {train: a.tsv}
        downloads: [{url: "\(server.address("/a.tsv"))", to: a.tsv}]
        """, to: "small.yml")
      let fetch = ["data", "fetch", "small.yml", "--to", "here"]
      let command = try CommandProcess(fetch, in: folder.url)
      let part = folder.file("here/a.tsv.part")
      #expect(
        eventually(within: 20) { (try? Data(contentsOf: part))?.count == 10 },
        "nothing has arrived")
      command.send(SIGINT)
      let outcome = try command.finish(within: 5)
      #expect(outcome.status == 130)
      #expect(
        outcome.errors.hasSuffix(
          """
          \(server.address("/a.tsv")): error: interrupted
            help: run the same command again; it resumes where this one stopped

          """))
      let second = try CommandProcess(fetch, in: folder.url).finish()
      #expect(second.status == 0)
      #expect(try Data(contentsOf: folder.file("here/a.tsv")) == Data(body))
      #expect(server.ranges == ["", "bytes=10-"])
    }
  }
}
