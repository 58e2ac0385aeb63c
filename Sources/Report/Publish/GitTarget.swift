import Formats
package import Foundation

/// Publishes to a branch of the source's git repository, without touching files, index or HEAD.
///
/// Files become objects, and a temporary index holds the branch's tree with them in it. Its commit
/// becomes the branch's tip only if the tip is still what the commit was made on; otherwise it is made
/// again on the new one. When it is pushed, the remote's branch moves first, so that a refusal leaves
/// everything as it was.
package struct GitTarget: Sendable {
  /// A publication that succeeded.
  package struct Outcome: Sendable {
    package let folder: PublishedFolder
    /// The branch's tip; nil when nothing was written.
    package let commit: String?
    /// Whether a commit was made.
    package let isNew: Bool
    /// Where it was pushed to.
    package let pushedTo: String?
    /// The remote that it could be pushed to.
    package let remote: String?
  }

  /// How often a branch may move under a publication before that is given up.
  private static let attempts = 8

  private let repository: GitRepository
  private let branch: String
  private let folder: String
  private let wantedRemote: String?
  private let pushes: Bool
  private let version: String

  /// - Parameters:
  ///   - sourceFolder: In the repository.
  ///   - branch: Need not exist.
  ///   - folder: In the branch; empty for its root.
  ///   - remote: By name; by default that of the branch, or origin.
  ///   - pushes: Whether the remote's branch moves too.
  ///   - version: Of this program.
  package init(
    sourceFolder: URL, branch: String, folder: String, remote: String?, pushes: Bool,
    version: String
  ) {
    repository = GitRepository(folder: sourceFolder)
    self.branch = branch
    self.folder = folder
    wantedRemote = remote
    self.pushes = pushes
    self.version = version
  }

  /// Publishes reports.
  ///
  /// - Parameters:
  ///   - reports: With different names.
  ///   - isDry: Whether nothing is written.
  /// - Returns: What was published.
  /// - Throws: ``PublicationRefused``; the branch is as it was, here and at the remote.
  package func publish(
    _ reports: [PublishableReport], isDry: Bool
  ) throws(PublicationRefused) -> Outcome {
    try checkRepository()
    let remote = try remote()
    if pushes, remote == nil {
      throw refused(
        "the repository has no remote to push to", help: "git remote add origin ADDRESS")
    }
    var complaint = ""
    for attempt in 0..<Self.attempts {
      // Whoever holds a lock needs a moment.
      if attempt > 0 { usleep(UInt32(50_000 * attempt)) }
      let tips = try tips(remote: remote)
      let contents = try BranchContents(of: tips.base, folder: folder, in: repository)
      let plan = try PublishedFolder(
        reports, over: contents.published(in: repository), target: name, version: version,
        isSite: folder.isEmpty)
      guard !isDry else {
        return Outcome(folder: plan, commit: nil, isNew: false, pushedTo: nil, remote: remote)
      }
      let commit: String
      if let base = tips.base, !plan.hasChanges {
        commit = base
      } else {
        commit = try self.commit(plan, of: reports, on: tips.base)
      }
      if pushes, let remote, commit != tips.remote {
        if let why = try push(commit, to: remote, over: tips.remote) {
          complaint = why
          continue
        }
      }
      if let why = try move(to: commit, from: tips.local) {
        complaint = why
        continue
      }
      return Outcome(
        folder: plan, commit: commit, isNew: commit != tips.base,
        pushedTo: pushes && commit != tips.remote ? remote : nil, remote: remote)
    }
    throw refused(
      "the branch moved \(Self.attempts) times while this was published: \(complaint)",
      help: "run the command again when no other publication is going on")
  }

  /// As users write the target.
  private var name: String {
    PublicationTarget.branch(branch, folder: folder).description
  }

  private var reference: String { "refs/heads/\(branch)" }

  private func refused(_ message: String, help: String) -> PublicationRefused {
    PublicationRefused(at: name, message, help: help)
  }
}

extension GitTarget {
  /// The branch's commits here and at the remote, and the one to publish on.
  private struct Tips {
    let local: String?
    let remote: String?
    let base: String?
  }

  private func checkRepository() throws(PublicationRefused) {
    let found = try repository.run(["rev-parse", "--git-dir"])
    guard found.status == 0 else {
      let isNone = found.complaint.contains(bytes: "not a git repository")
      throw refused(
        isNone ? "the source is in no git repository" : found.complaint,
        help: isNone
          ? "git init there, or publish to a folder with --to DIR" : "do what git says above")
    }
    let trees = try repository.run(["worktree", "list", "--porcelain"]).text
    if trees.split(atByte: "\n").contains("branch \(reference)") {
      throw refused(
        "the branch '\(branch)' is checked out, and publishing would change it under its files",
        help: "publish to another branch, such as git:gh-pages, or to a folder with --to DIR")
    }
  }

  private func remote() throws(PublicationRefused) -> String? {
    let all = try repository.run(["remote"]).text.split(atByte: "\n").map(String.init)
    if let wantedRemote {
      guard all.contains(wantedRemote) else {
        throw refused(
          "there is no remote '\(wantedRemote)'",
          help: Suggestion.help(for: wantedRemote, among: all, called: "remotes"))
      }
      return wantedRemote
    }
    if let own = try repository.text("config", "--get", "branch.\(branch).remote"),
      all.contains(own)
    {
      return own
    }
    return all.contains("origin") ? "origin" : all.count == 1 ? all[0] : nil
  }

  private func tips(remote: String?) throws(PublicationRefused) -> Tips {
    let local = try commit(of: reference)
    let known = remote.map { "refs/remotes/\($0)/\(branch)" }
    var there: String?
    if pushes, let remote, let known {
      there = try fetch(remote, to: known)
    } else if let known {
      there = try commit(of: known)
    }
    guard let local, let there, local != there else {
      return Tips(local: local, remote: there, base: local ?? there)
    }
    if try isAncestor(local, of: there) { return Tips(local: local, remote: there, base: there) }
    if pushes, try !isAncestor(there, of: local) {
      let remote = remote ?? "origin"
      throw refused(
        "the branch '\(branch)' here and at \(remote) have different commits",
        help: "'git branch -f \(branch) \(remote)/\(branch)' takes the remote's and drops those "
          + "here; then publish again")
    }
    return Tips(local: local, remote: there, base: local)
  }

  private func commit(of reference: String) throws(PublicationRefused) -> String? {
    try repository.text("rev-parse", "--verify", "--quiet", "\(reference)^{commit}")
  }

  private func isAncestor(_ a: String, of b: String) throws(PublicationRefused) -> Bool {
    try repository.run(["merge-base", "--is-ancestor", a, b]).status == 0
  }

  /// Brings the remote's branch here.
  ///
  /// - Returns: Its tip; nil where the remote has no such branch.
  private func fetch(_ remote: String, to known: String) throws(PublicationRefused) -> String? {
    let list = try repository.run(["ls-remote", "--heads", remote, reference])
    guard list.status == 0 else {
      throw refused(
        "the remote '\(remote)' cannot be read: \(list.complaint)",
        help: "check its address with 'git remote -v' and your access to it")
    }
    guard !list.text.isEmpty else { return nil }
    let fetch = ["fetch", "--no-tags", "--quiet", remote, "+\(reference):\(known)"]
    var fetched = try repository.run(fetch)
    // Another publication from this clone moved the same reference in this moment.
    for attempt in 1...Self.attempts
    where fetched.status != 0 && fetched.complaint.contains(bytes: "cannot lock ref") {
      Thread.sleep(forTimeInterval: 0.05 * Double(attempt))
      fetched = try repository.run(fetch)
    }
    guard fetched.status == 0, let tip = try commit(of: known) else {
      throw refused(
        "the branch cannot be fetched from '\(remote)': \(fetched.complaint)",
        help: "try 'git fetch \(remote) \(branch)'")
    }
    return tip
  }

  /// Pushes a commit.
  ///
  /// - Returns: Nil, or why it has to be made again on another tip.
  private func push(
    _ commit: String, to remote: String, over tip: String?
  ) throws(PublicationRefused) -> String? {
    let pushed = try repository.run(["push", "--porcelain", remote, "\(commit):\(reference)"])
    guard pushed.status != 0 else { return nil }
    let said = [pushed.text, pushed.complaint].filter { !$0.isEmpty }.joined(separator: "\n")
    let list = try repository.run(["ls-remote", "--heads", remote, reference])
    let now = list.text.split(atByte: "\t").first.map(String.init)
    if list.status == 0, now != tip || Self.isRace(said) { return said }
    throw refused(
      "the remote '\(remote)' refused the push:\n\(said)",
      help: "nothing was published, here or there; do what the remote says, then publish again")
  }

  /// Moves the branch here if it is where it was.
  ///
  /// - Returns: Nil, or why it could not be moved this time.
  private func move(to commit: String, from old: String?) throws(PublicationRefused) -> String? {
    guard commit != old else { return nil }
    let moved = try repository.run(
      ["update-ref", "-m", "ftreport publish", reference, commit, old ?? ""])
    guard moved.status != 0 else { return nil }
    if try self.commit(of: reference) != old || Self.isRace(moved.complaint) {
      return moved.complaint
    }
    throw refused(
      "git refused to move the branch: \(moved.complaint)",
      help: "see whether a hook forbids it (.git/hooks/reference-transaction)")
  }

  /// Whether git complains of somebody else who is doing the same.
  private static func isRace(_ complaint: String) -> Bool {
    ["fetch first", "non-fast-forward", "cannot lock ref", "incorrect old value", ".lock"]
      .contains { complaint.contains(bytes: $0) }
  }
}

extension GitTarget {
  /// Makes the commit of a folder.
  private func commit(
    _ plan: PublishedFolder, of reports: [PublishableReport], on base: String?
  ) throws(PublicationRefused) -> String {
    let index = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-index-\(UUID().uuidString)")
    defer {
      for suffix in ["", ".lock"] {
        try? FileManager.default.removeItem(atPath: index.path + suffix)
      }
    }
    var indexed = repository
    indexed.environment["GIT_INDEX_FILE"] = index.path
    _ = try done(indexed.run(["read-tree", base ?? "--empty"]))
    var entries = Data()
    var files = plan.files.filter { plan.changes[$0.path] != .unchanged }.map {
      (path: folder.isEmpty ? $0.path : "\(folder)/\($0.path)", contents: $0.contents)
    }
    // GitHub looks for it at the top, which is ours only in a new branch.
    if base == nil, !folder.isEmpty { files.append((PublishedFolder.noJekyll, Data())) }
    for (path, contents) in files {
      let object = try done(
        repository.run(["hash-object", "-w", "--no-filters", "--stdin"], input: contents))
      entries += Data("100644 \(object)\t\(path)\0".utf8)
    }
    for path in plan.removed {
      let zeros = String(repeating: "0", count: base?.utf8.count ?? 40)
      entries += Data("0 \(zeros)\t\(folder.isEmpty ? path : "\(folder)/\(path)")\0".utf8)
    }
    _ = try done(indexed.run(["update-index", "-z", "--index-info"], input: entries))
    let tree = try done(indexed.run(["write-tree"]))
    return try commit(tree: tree, on: base, message: Self.message(reports.map(\.record)))
  }

  private func commit(
    tree: String, on base: String?, message: String
  ) throws(PublicationRefused) -> String {
    // Git would make an identity of the user's and the machine's name.
    let named = ["-c", "user.useConfigOnly=true"]
    for kind in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
      guard try repository.run(named + ["var", kind]).status == 0 else {
        throw refused(
          "git does not know whose commit it is",
          help: "git config user.name 'Ada Lovelace' && git config user.email ada@example.org")
      }
    }
    let signs = try repository.text("config", "--type=bool", "--get", "commit.gpgsign") == "true"
    let made = try repository.run(
      named + ["commit-tree", tree] + (base.map { ["-p", $0] } ?? []) + (signs ? ["-S"] : []),
      input: Data(message.utf8))
    guard made.status == 0 else {
      throw refused(
        (signs ? "the commit cannot be signed: " : "git makes no commit: ") + made.complaint,
        help: signs
          ? "unlock the key, or turn signing off here: git config commit.gpgsign false"
          : "do what git says")
    }
    return made.text
  }

  /// What a command that should not fail prints.
  private func done(_ outcome: GitRepository.Outcome) throws(PublicationRefused) -> String {
    guard outcome.status == 0 else {
      throw refused("git failed: \(outcome.complaint)", help: "the branch is as it was")
    }
    return outcome.text
  }

  /// Says what is published and of which source.
  static func message(_ records: [ReportRecord]) -> String {
    let titles =
      records.count == 1
      ? "\(records[0].name): \(records[0].title)" : records.map(\.name).joined(separator: ", ")
    let parts = records.map { record in
      let claims = record.claims.map { "\($0.count) \($0.outcome)" }.joined(separator: ", ")
      let commit = record.commit.map { "\($0.id)\($0.isModified ? ", changed since" : "")" }
      return """
        Source: \(record.source)
        Source-SHA256: \(record.sourceDigest)
        Source-Commit: \(commit ?? "none")
        Claims: \(claims.isEmpty ? "none" : claims)
        Checks: \(record.failedChecks) failed, \(record.warnedChecks) warned

        """
          + record.exceptions.map { "Exception: \($0)\n" }.joined()
    }
    return "Publish \(titles)\n\n" + parts.joined(separator: "\n")
  }
}

/// What a branch holds.
private struct BranchContents {
  private struct Entry {
    let mode: String
    let object: String
  }

  private let entries: [String: Entry]
  private let folder: String

  init(
    of commit: String?, folder: String, in repository: GitRepository
  ) throws(PublicationRefused) {
    self.folder = folder
    guard let commit else {
      entries = [:]
      return
    }
    let list = try repository.run(["ls-tree", "-r", "-t", "-z", "--full-tree", commit])
    var entries: [String: Entry] = [:]
    for line in list.output.split(separator: 0) {
      // "100644 blob 0123…\tpath"
      let text = String(decoding: line, as: UTF8.self)
      guard let tab = text.firstIndex(ofByte: "\t") else { continue }
      let words = text[..<tab].split(atByte: " ").map(String.init)
      guard words.count == 3 else { continue }
      entries[String(text[tab...].dropping(firstBytes: 1))] = Entry(
        mode: words[0], object: words[2])
    }
    self.entries = entries
  }

  /// The folder to publish to.
  func published(in repository: GitRepository) -> PublishedContents {
    let prefix = folder.isEmpty ? "" : folder + "/"
    return PublishedContents(
      names: entries.keys.filter { $0.starts(withBytes: prefix) }
        .map { String($0.dropping(firstBytes: prefix.utf8.count)) }
        .filter { !$0.isEmpty && !$0.contains(bytes: "/") },
      data: { path in
        guard let entry = entries[prefix + path], entry.mode.starts(withBytes: "100") else {
          return nil
        }
        return (try? repository.run(["cat-file", "blob", entry.object]))?.output
      },
      isBlocked: { path in
        let parts = (prefix + path).split(atByte: "/")
        let outer = (1..<max(1, parts.count)).map { parts.prefix($0).joined(separator: "/") }
        return outer.contains { entries[$0].map { $0.mode != Self.tree } ?? false }
          || entries[prefix + path].map { !$0.mode.starts(withBytes: "100") } ?? false
      })
  }

  private static let tree = "040000"
}
