import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Publishing to a branch")
struct GitTargetTests {
  private static let whole = [
    ".nojekyll", "index.html", "low.csv", "low.html", "low.json", "low.report.json",
  ]

  private func message(_ body: () throws -> GitTarget.Outcome) -> String {
    do {
      _ = try body()
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  @Test("a new branch has one commit that names source, digest, commit and verdicts")
  func orphan() throws {
    let repository = try PublishingRepository()
    let before = try repository.state()
    let outcome = try repository.target().publish([PublishingSamples.report("low")], isDry: false)
    #expect(try repository.paths("pages") == Self.whole)
    #expect(try repository.git("rev-list", "--count", "pages") == "1")
    #expect(outcome.isNew && outcome.pushedTo == nil && outcome.remote == "origin")
    #expect(
      try repository.git("log", "-1", "--format=%B", "pages") == """
        Publish low: About low & <more>

        Source: reports/low.md
        Source-SHA256: \(String(repeating: "a", count: 64))
        Source-Commit: 0123abc, changed since
        Claims: 2 supported, 1 refuted
        Checks: 0 failed, 3 warned
        """)
    #expect(try repository.state() == before)
  }

  @Test("nothing to do makes no commit; a dry run makes nothing at all")
  func nothing() throws {
    let repository = try PublishingRepository()
    let report = PublishingSamples.report("low")
    #expect(try repository.target().publish([report], isDry: true).folder.hasChanges)
    #expect(try repository.git("branch", "--list", "pages") == "")
    let first = try repository.target().publish([report], isDry: false)
    let second = try repository.target().publish([report], isDry: false)
    #expect(!second.isNew && second.commit == first.commit && !second.folder.hasChanges)
  }

  @Test("over an existing branch everything else is kept, with its modes")
  func existing() throws {
    let repository = try PublishingRepository()
    try repository.git("checkout", "--quiet", "--orphan", "pages")
    try repository.files.write("#!/bin/sh\n", to: "work/tool")
    try repository.files.write("home", to: "work/index.html")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: repository.work.appendingPathComponent("tool").path)
    try repository.git("add", "tool", "index.html")
    try repository.git("commit", "--quiet", "-m", "Home")
    try repository.git("checkout", "--quiet", "-f", "main")
    try repository.files.write("local", to: "work/untracked")
    let before = try repository.state()
    let target = repository.target(folder: "studies/low")
    _ = try target.publish(
      [PublishingSamples.report("low", files: ["old.csv": "1"])], isDry: false)
    _ = try target.publish([PublishingSamples.report("low", "two")], isDry: false)
    #expect(
      try repository.paths("pages")
        == ["index.html", "reports/low.md"]
        + ["index.html", "low.csv", "low.html", "low.json", "low.report.json"].map {
          "studies/low/\($0)"
        } + ["tool"])
    #expect(try repository.git("show", "pages:studies/low/low.html") == "<p>two</p>")
    #expect(try repository.git("ls-tree", "pages", "tool").hasPrefix("100755"))
    #expect(try repository.git("rev-list", "--count", "pages") == "3")
    #expect(try repository.state() == before)
  }

  @Test("a new branch with a folder has .nojekyll at its top, where GitHub looks")
  func noJekyll() throws {
    let repository = try PublishingRepository()
    _ = try repository.target(folder: "a").publish(
      [PublishingSamples.report("low")], isDry: false)
    #expect(try repository.paths("pages").contains(".nojekyll"))
  }

  @Test("a push goes to a bare remote, over what another clone has pushed")
  func push() throws {
    let repository = try PublishingRepository()
    let first = try repository.target(pushes: true)
      .publish([PublishingSamples.report("low")], isDry: false)
    #expect(first.pushedTo == "origin")
    let remote = repository.files.file("remote.git")
    #expect(try repository.paths("pages", in: remote) == Self.whole)
    // Somebody else publishes from a clone that has never seen the branch locally.
    try repository.git("push", "--quiet", "origin", "main")
    try repository.git(
      in: repository.files.url, "clone", "--quiet", "--branch=main", "--depth=1",
      "file://\(remote.path)", "other")
    let other = repository.files.file("other")
    try repository.git(in: other, "config", "user.name", "Bo")
    try repository.git(in: other, "config", "user.email", "bo@example.org")
    _ = try repository.target(pushes: true, in: other)
      .publish([PublishingSamples.report("high")], isDry: false)
    _ = try repository.target(pushes: true)
      .publish([PublishingSamples.report("mid")], isDry: false)
    let paths = try repository.paths("pages", in: remote)
    #expect(["low.html", "high.html", "mid.html"].allSatisfy(paths.contains))
    #expect(try repository.git(in: remote, "rev-list", "--count", "pages") == "3")
    #expect(
      try repository.git("rev-parse", "pages") == repository.git(in: remote, "rev-parse", "pages"))
  }

  @Test("a commit that was not pushed is pushed later, without a new one")
  func pushLater() throws {
    let repository = try PublishingRepository()
    let report = PublishingSamples.report("low")
    let made = try repository.target().publish([report], isDry: false)
    let pushed = try repository.target(pushes: true).publish([report], isDry: false)
    #expect(!pushed.isNew && pushed.commit == made.commit && pushed.pushedTo == "origin")
    #expect(
      try repository.git(in: repository.files.file("remote.git"), "rev-parse", "pages")
        == made.commit)
  }

  @Test(
    "publications at once from two clones all arrive, one commit each", arguments: [true, false])
  func together(pushes: Bool) async throws {
    let repository = try PublishingRepository()
    try repository.git("push", "--quiet", "origin", "main")
    let remote = repository.files.file("remote.git")
    var works = [repository.work, repository.work]
    if pushes {
      try repository.git(
        in: repository.files.url, "clone", "--quiet", "-b", "main", remote.path, "other")
      let other = repository.files.file("other")
      try repository.git(in: other, "config", "user.name", "Bo")
      try repository.git(in: other, "config", "user.email", "bo@example.org")
      works[1] = other
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        let target = repository.target(pushes: pushes, in: works[number % 2])
        group.addTask {
          _ = try target.publish([PublishingSamples.report("report\(number)")], isDry: false)
        }
      }
      try await group.waitForAll()
    }
    let place = pushes ? remote : repository.work
    let paths = try repository.paths("pages", in: place)
    for number in 0..<4 { #expect(paths.contains("report\(number).html")) }
    #expect(try repository.git(in: place, "rev-list", "--count", "pages") == "4")
    let list = try repository.git(in: place, "show", "pages:index.html")
    for number in 0..<4 { #expect(list.contains("report\(number).html")) }
  }

  @Test("a push that the remote refuses is told with its words, and nothing has moved")
  func refusedPush() throws {
    let repository = try PublishingRepository()
    try repository.hook("pre-receive", "echo 'pages are frozen' >&2; exit 1", in: "remote.git")
    let said = message {
      try repository.target(pushes: true).publish([PublishingSamples.report("low")], isDry: false)
    }
    #expect(said.hasPrefix("git:pages: error: the remote 'origin' refused the push:"), "\(said)")
    #expect(said.contains("pages are frozen") && said.contains("nothing was published"))
    #expect(try repository.git("branch", "--list", "pages") == "")
  }

  @Test("hooks here that refuse a push or a branch are told with their words")
  func hooks() throws {
    let repository = try PublishingRepository()
    let report = PublishingSamples.report("low")
    try repository.hook("pre-push", "echo 'not on Fridays' >&2; exit 1", in: "work/.git")
    let push = message { try repository.target(pushes: true).publish([report], isDry: false) }
    #expect(push.contains("not on Fridays"), "\(push)")
    try repository.hook(
      "reference-transaction", "[ $1 = prepared ] && echo 'no new branches' >&2 && exit 1; exit 0",
      in: "work/.git")
    let move = message { try repository.target().publish([report], isDry: false) }
    #expect(move.contains("git refused to move the branch") && move.contains("no new branches"))
    #expect(try repository.git("branch", "--list", "pages") == "")
  }

  @Test("a repository without commits and a worktree can publish")
  func unusualRepositories() throws {
    let empty = try PublishingRepository(commits: false)
    _ = try empty.target().publish([PublishingSamples.report("low")], isDry: false)
    #expect(try empty.paths("pages") == Self.whole)
    let repository = try PublishingRepository()
    try repository.git(
      "worktree", "add", "--quiet", "-b", "side", repository.files.file("side").path)
    _ = try repository.target(in: repository.files.file("side"))
      .publish([PublishingSamples.report("low")], isDry: false)
    #expect(try repository.paths("pages") == Self.whole)
  }

  @Test("a submodule publishes to its own repository")
  func submodule() throws {
    let inner = try PublishingRepository()
    let outer = try PublishingRepository()
    try outer.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.work.path, "sub")
    let module = outer.work.appendingPathComponent("sub")
    try outer.git(in: module, "config", "user.name", "Ada")
    try outer.git(in: module, "config", "user.email", "ada@example.org")
    _ = try outer.target(in: module).publish([PublishingSamples.report("low")], isDry: false)
    #expect(try outer.paths("pages", in: module) == Self.whole)
    #expect(try outer.git("branch", "--list", "pages") == "")
  }

  @Test("a checked out branch is refused, wherever it is checked out")
  func checkedOut() throws {
    let repository = try PublishingRepository()
    let report = PublishingSamples.report("low")
    #expect(
      message { try repository.target("main").publish([report], isDry: false) }
        == """
        git:main: error: the branch 'main' is checked out, and publishing would change it under its files
          help: publish to another branch, such as git:gh-pages, or to a folder with --to DIR
        """)
    try repository.git(
      "worktree", "add", "--quiet", "-b", "pages", repository.files.file("side").path)
    #expect(
      message { try repository.target().publish([report], isDry: false) }
        .contains("'pages' is checked out"))
  }

  @Test("without an identity, a remote, a repository or a key the message says what to do")
  func missing() throws {
    let report = PublishingSamples.report("low")
    let nobody = try PublishingRepository(commits: false, identity: false)
    try nobody.git("config", "user.useConfigOnly", "true")
    try nobody.git("config", "user.name", "")
    try nobody.git("config", "user.email", "")
    let identity = message { try nobody.target().publish([report], isDry: false) }
    #expect(identity.contains("git does not know whose commit it is"), "\(identity)")
    #expect(identity.contains("git config user.name"))

    let repository = try PublishingRepository()
    let wrong = message {
      try repository.target(remote: "orign", pushes: true).publish([report], isDry: false)
    }
    #expect(
      wrong.contains("there is no remote 'orign'") && wrong.contains("did you mean 'origin'?"))
    try repository.git("remote", "remove", "origin")
    let none = message { try repository.target(pushes: true).publish([report], isDry: false) }
    #expect(none.contains("no remote to push to"))

    try repository.git("config", "commit.gpgsign", "true")
    try repository.git("config", "gpg.program", "/bin/false")
    let unsigned = message { try repository.target().publish([report], isDry: false) }
    #expect(unsigned.contains("the commit cannot be signed"), "\(unsigned)")
    #expect(unsigned.contains("git config commit.gpgsign false"))

    let folder = try TemporaryFolder()
    try folder.write("x", to: "reports/low.md")
    let outside = message {
      try repository.target(in: folder.url).publish([report], isDry: false)
    }
    #expect(outside.contains("the source is in no git repository"), "\(outside)")
  }

  @Test("a branch with other commits here and there is refused with the command that mends it")
  func diverged() throws {
    let repository = try PublishingRepository()
    _ = try repository.target(pushes: true)
      .publish([PublishingSamples.report("low")], isDry: false)
    _ = try repository.target().publish([PublishingSamples.report("mine")], isDry: false)
    try repository.git("push", "--quiet", "-f", "origin", "main:refs/heads/pages")
    let said = message {
      try repository.target(pushes: true).publish([PublishingSamples.report("mid")], isDry: false)
    }
    #expect(said.contains("have different commits"), "\(said)")
    #expect(said.contains("git branch -f pages origin/pages"))
  }

  @Test("a file in the way of the folder is refused")
  func blocked() throws {
    let repository = try PublishingRepository()
    _ = try repository.target().publish([PublishingSamples.report("low")], isDry: false)
    let said = message {
      try repository.target(folder: "low.csv").publish(
        [PublishingSamples.report("high")], isDry: false)
    }
    #expect(said.contains("something else has this name"), "\(said)")
  }
}
