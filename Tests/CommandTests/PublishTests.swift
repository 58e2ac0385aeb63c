import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite("Publishing") struct PublishTests {
    /// A built study with a link to another source, one to a file and one to its own data.
    private static func built() throws -> StudyFolder {
      let study = try StudyFolder()
      try study.edit(
        "# What is asked\n",
        "# What is asked\n\nSee [more](other.md#sec-more), [numbers](extra/my%20numbers.csv), "
          + "[results](study.csv) and [above](#what-is-asked).\n")
      try study.files.write(
        "---\ntitle: Another\nparams: {model: model}\n---\n# More {#sec-more}\n\nBack to [the study](study.md).\n",
        to: "other.md")
      try study.files.write("a,b\n1,2\n", to: "extra/my numbers.csv")
      let result = try study.build()
      try #require(result.status == 0, "\(result.errors)")
      return study
    }

    private static let both = ["publish", "study.md", "other.md", "--to", "public/site"]

    @Test(
      "published reports resolve every link over HTTP under a subfolder, and hold no trace of here")
    func read() throws {
      let study = try Self.built()
      let model = study.files.file("model").path
      let parameters = ["-P", "model=\(model)"]
      try study.edit("params:\n", "params:\n  model: model\n")
      try study.edit("model: model\n  data", "model: \"{{params.model}}\"\n  data")
      let result = try study.start(Self.both + parameters).finish()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("published study, other to public/site"))
      #expect(result.output.contains("study.html  added"))
      let site = study.files.file("public/site")
      #expect(
        try FileManager.default.subpathsOfDirectory(atPath: site.path).sorted() == [
          ".nojekyll", "extra", "extra/my numbers.csv", "index.html", "other.csv", "other.html",
          "other.json", "other.report.json", "study.csv", "study.html", "study.json",
          "study.report.json",
        ])
      try SiteCheck(site, below: "/user/pages").everyLinkResolves(from: "index.html", reaching: 8)
      for path in try FileManager.default.subpathsOfDirectory(atPath: site.path) {
        guard let text = try? String(contentsOf: site.appendingPathComponent(path), encoding: .utf8)
        else { continue }
        #expect(!text.contains(study.files.url.path) && !text.contains(NSHomeDirectory() + "/"))
      }
      let again = try study.start(Self.both + parameters).finish()
      #expect(again.status == 0)
      #expect(again.errors.contains("nothing to do: public/site has this version"))
    }

    @Test(
      "a browser shows what was published",
      .enabled(if: SiteCheck.browser != nil, "headless Chromium is not installed"))
    func browser() throws {
      let study = try Self.built()
      #expect(try study.start(Self.both).finish().status == 0)
      let check = try SiteCheck(study.files.file("public/site"), below: "/user/pages")
      let list = try check.shown("index.html")
      #expect(list.contains("A small study") && list.contains("Another"))
      let page = try check.shown("study.html")
      #expect(page.contains("Claims:") && page.contains("href=\"other.html#sec-more\""))
    }

    @Test("a link to a missing file is a mistake at its place, for 'check' as for 'publish'")
    func deadLink() throws {
      let study = try Self.built()
      try study.edit("extra/my%20numbers.csv", "extra/numbers.csv")
      for arguments in [["check", "study.md"], ["publish", "study.md", "--to", "site"]] {
        let result = try study.start(arguments).finish()
        #expect(result.status == 2)
        #expect(
          result.errors.hasPrefix(
            """
            study.md:12:32: error[FT025]: the link 'extra/numbers.csv' leads to no file
              help: did you mean 'extra/my numbers.csv'?
            """), "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: study.files.file("site").path))
    }

    @Test(
      "stale, missing and refuted results are refused with what mends them, or published with a notice"
    )
    func refusals() throws {
      let study = try StudyFolder()
      let partial = try study.run("publish", "study.md", "--to", "site")
      #expect(partial.status == 5)
      #expect(
        partial.errors.contains(
          "study.md: error: of 9 runs, 9 never ran ('small' zero-shot: never run)"),
        "\(partial.errors)")
      #expect(partial.errors.contains("run them with: ftreport build study.md\n"))
      let built = try study.run("publish", "study.md", "--to", "site", "--build")
      #expect(built.status == 0, "\(built.errors)")
      #expect(!study.hasPage)

      let strict = try study.run("publish", "study.md", "--to", "site", "--strict")
      #expect(strict.status == 4)
      #expect(strict.errors.contains("study.md: error: a claim is refuted"))

      try study.edit("preset: lora, learning-rate: 1.0e-2", "preset: lora, learning-rate: 2.0e-2")
      let stale = try study.run("publish", "study.md", "--to", "site")
      #expect(stale.status == 5)
      #expect(
        stale.errors.contains(
          "4 are out of date ('small' lora at 2 shots, seed 0: learning-rate 0.01 → 0.02)"),
        "\(stale.errors)")
      let before = try study.files.text(of: "site/study.html")
      #expect(!before.contains("out of date"))
      let allowed = try study.run("publish", "study.md", "--to", "site", "--allow", "stale,partial")
      #expect(allowed.status == 0, "\(allowed.errors)")
      for page in ["study", "index"] {
        #expect(
          try study.files.text(of: "site/\(page).html")
            .contains("Published with gaps: of 9 runs, 4 are out of date."))
      }
      #expect(try study.run("publish", "study.md", "--to", "x", "--allow", "all").status == 2)
    }

    @Test("data of an experiment is published only on request")
    func data() throws {
      let study = try Self.built()
      let files = try FileManager.default.subpathsOfDirectory(atPath: study.files.file("data").path)
      let file = try #require(files.sorted().first { $0.hasSuffix(".tsv") })
      try study.edit("extra/my%20numbers.csv", "data/\(file)")
      let refused = try study.start(Self.both).finish()
      #expect(refused.status == 2)
      #expect(refused.errors.contains("the page links to 'data/\(file)', which experiments read"))
      #expect(try study.start(Self.both + ["--allow-data"]).finish().status == 0)
    }

    @Test("the front matter says where to publish, and an environment value in the page is refused")
    func frontMatter() throws {
      let study = try Self.built()
      try study.edit(
        "title: A small study", "title: A small study\npublish: {to: ../place, strict: true}")
      try study.edit("[more](other.md#sec-more), ", "")
      let nested = study.files.file("below")
      try FileManager.default.createDirectory(at: nested, withIntermediateDirectories: true)
      #expect(try study.run("publish", "study.md", "--no-strict").status == 0)
      let place = study.files.url.deletingLastPathComponent().appendingPathComponent("place")
      defer { try? FileManager.default.removeItem(at: place) }
      #expect(
        FileManager.default.fileExists(atPath: place.appendingPathComponent("study.html").path))
      #expect(try study.run("publish", "study.md").status == 4)
      #expect(try study.run("publish", "other.md").errors.contains("give --to DIR"))

      try study.files.write("key: tok-123456789-abc\n", to: "extra/my numbers.csv")
      let leak = try CommandProcess(
        ["publish", "study.md", "--to", "site", "--no-strict"], in: study.files.url,
        script: "SECRET_KEY=tok-123456789-abc exec \"$@\""
      ).finish()
      #expect(leak.status == 2)
      #expect(
        leak.errors.contains(
          "extra/my numbers.csv:1:6: error: the file to be published says the value of the environment "
            + "variable SECRET_KEY"), "\(leak.errors)")
    }

    @Test("a branch is published and pushed with one commit, and the working tree stays as it is")
    func branch() throws {
      let study = try Self.built()
      let folder = study.files.url
      func git(_ arguments: String...) throws -> String {
        try Shell.git(arguments, in: folder)
      }
      _ = try git("init", "--quiet", "--initial-branch=main")
      _ = try git("config", "user.name", "Ada")
      _ = try git("config", "user.email", "ada@example.org")
      _ = try git("add", "study.md", "other.md")
      _ = try git("commit", "--quiet", "-m", "Study")
      _ = try git("init", "--quiet", "--bare", "remote.git")
      _ = try git("remote", "add", "origin", folder.appendingPathComponent("remote.git").path)
      let state = try git("status", "--porcelain", "--branch")
      let arguments = [
        "publish", "study.md", "other.md", "--to", "git:gh-pages:studies/low", "--push",
      ]
      let result = try study.start(arguments).finish()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("pushed to origin"), "\(result.errors)")
      #expect(try git("status", "--porcelain", "--branch") == state)
      let message = try git("--git-dir=remote.git", "log", "--format=%B", "gh-pages")
      #expect(message.contains("Source: study.md") && message.contains("Claims: 1 refuted"))
      #expect(message.contains("Source-Commit: \(try git("rev-parse", "HEAD"))"))
      let again = try study.start(arguments).finish()
      #expect(again.errors.contains("nothing to do: git:gh-pages:studies/low has this version"))
      #expect(try git("--git-dir=remote.git", "rev-list", "--count", "gh-pages") == "1")
      let clone = folder.appendingPathComponent("clone")
      _ = try git("clone", "--quiet", "--branch=gh-pages", "remote.git", "clone")
      try SiteCheck(clone, below: "").everyLinkResolves(
        from: "studies/low/index.html", reaching: 8)
    }

    @Test("a kill at any moment leaves the old or the new version, whole")
    func kill() throws {
      let folder = try TemporaryFolder()
      let links = (0..<30).map { "[\($0)](files/\($0).txt)" }.joined(separator: " ")
      func version(_ number: Int) throws {
        try folder.write("---\ntitle: Version \(number)\n---\n# T\n\n\(links)\n", to: "study.md")
        for file in 0..<30 { try folder.write("version \(number)\n", to: "files/\(file).txt") }
      }
      func start() throws -> CommandProcess {
        try CommandProcess(["publish", "study.md", "--to", "site"], in: folder.url)
      }
      try version(0)
      let began = ContinuousClock.now
      #expect(try start().finish().status == 0)
      let seconds = Double((ContinuousClock.now - began) / .milliseconds(1)) / 1000
      var published = 0
      var kills = 0
      for number in 1...50 {
        try version(number)
        let process = try start()
        usleep(UInt32.random(in: 0...UInt32(1e6 * seconds)))
        process.send(SIGKILL)
        kills += try process.finish().isSignalled ? 1 : 0
        let page = try folder.text(of: "site/study.html")
        let found = try #require(
          [published, number].first { page.contains("<title>Version \($0)</title>") })
        for file in 0..<30 {
          #expect(try folder.text(of: "site/files/\(file).txt") == "version \(found)\n")
        }
        #expect(try folder.text(of: "site/index.html").contains("Version \(found)<"))
        published = found
      }
      #expect(kills > 10)
      #expect(try start().finish().status == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      #expect(names.sorted() == ["files", "site", "study.md"])
    }

    @Test(
      "a run of a part prints its numbers beside the stored ones, and leaves a page it would spoil")
    func runPart() throws {
      let study = try Self.built()
      let first = try study.run(
        "run", "study.md", "small", "--method", "lora", "--seed", "1", "--shots", "4", "--fresh")
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        first.output.contains(
          #/^small lora n=4 seed 1: accuracy [0-9.]+.% in-domain and [0-9.]+.% ood, loss .*; equal to the stored result\n$/#
        ),
        "\(first.output)")
      #expect(first.errors.contains("wrote _site/study.html"))
      #expect(
        first.errors.contains(
          "next: open _site/study.html in a browser; 'ftreport publish study.md --to DIR'"))
      let known = try study.run("run", "study.md", "small", "--method", "zero-shot")
      #expect(known.output.contains("stored, not run again"))

      let page = try study.page()
      try study.edit("preset: lora, learning-rate: 1.0e-2", "preset: lora, learning-rate: 2.0e-2")
      let part = try study.run(
        "run", "study.md", "small", "--method", "lora", "--seed", "1", "--shots", "4")
      #expect(part.output.contains("its first result"))
      #expect(
        part.errors.contains("left _site/study.html alone: 4 results on it would become gaps"),
        "\(part.errors)")
      #expect(part.errors.contains("next: 'ftreport build study.md' runs what is missing"))
      #expect(try study.page() == page)
      #expect(try study.build().status == 0)
      #expect(try study.page() != page)
    }
  }
}

/// Programs of the system.
enum Shell {
  static func git(_ arguments: [String], in folder: URL) throws -> String {
    try run("git", arguments, in: folder).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a program to its end, which must be a good one.
  static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> String
  {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return try String(contentsOf: output, encoding: .utf8)
  }
}

/// A folder served on this machine's loopback address, as a web server would from a subfolder.
struct SiteCheck {
  private let server: LocalServer
  private let base: URL

  init(_ folder: URL, below prefix: String) throws {
    var pages: [String: LocalServer.Page] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      guard !path.hasPrefix(".git"),
        let data = try? Data(contentsOf: folder.appendingPathComponent(path))
      else { continue }
      let address = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
      pages["\(prefix)/\(address)"] = LocalServer.Page(Array(data))
    }
    server = try LocalServer(pages)
    base = try #require(URL(string: server.address("\(prefix)/")))
  }

  /// Follows every link of every page from one on, and looks for the ids that they name.
  func everyLinkResolves(from path: String, reaching count: Int) throws {
    var texts: [String: String] = [:]
    var open = [(address: try #require(URL(string: path, relativeTo: base)), from: "")]
    while let (address, from) = open.popLast() {
      guard address.host == "127.0.0.1" else { continue }
      let fragment = address.fragment
      let place = address.absoluteString.split(separator: "#").first.map(String.init) ?? ""
      if texts[place] == nil {
        let text = try? Shell.run("curl", ["--silent", "--fail", place])
        texts[place] = text ?? ""
        #expect(text != nil, "\(from) links to \(place), which is not there")
        if let text, place.hasSuffix(".html") {
          for match in text.matches(of: #/(?:href|src|srcset)="([^"]*)"/#) {
            guard !match.1.hasPrefix("data:") else { continue }
            let link = match.1.replacingOccurrences(of: "&amp;", with: "&")
            open.append((try #require(URL(string: link, relativeTo: URL(string: place))), place))
          }
        }
      }
      guard let fragment, place.hasSuffix(".html") else { continue }
      #expect(
        texts[place]?.contains("id=\"\(fragment)\"") == true,
        "\(from) links to #\(fragment) of \(place)")
    }
    #expect(texts.count >= count, "\(texts.keys.sorted())")
  }

  /// The browser that shows pages where there is one.
  static let browser: String? = ["chromium", "chromium-browser", "google-chrome"].first {
    (try? Shell.run("sh", ["-c", "command -v \($0)"])) != nil
  }

  /// A page as a browser builds it.
  func shown(_ path: String) throws -> String {
    let address = try #require(URL(string: path, relativeTo: base)).absoluteString
    return try Shell.run(
      Self.browser ?? "chromium",
      ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", address])
  }
}
