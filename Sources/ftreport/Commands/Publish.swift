import ArgumentParser
import Experiments
import Formats
import Foundation
import Report

/// Publishes finished reports to a folder or a git branch.
struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish finished reports to a folder or a git branch.",
    discussion: """
      Publishes the page of each source with its JSON and CSV files and the files that it links to, \
      and a list of the reports in the folder. Nothing is run without --build. What was published \
      before stays as it is if anything is in the way.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var execution: ExecutionOptions

  @Option(
    help: ArgumentHelp(
      "A folder, or git:BRANCH[:FOLDER]; by default what the front matter says.",
      valueName: "target"))
  var to: String?

  @Option(help: "The git remote; by default that of the branch, or origin.")
  var remote: String?

  @Flag(help: "Push the branch.")
  var push = false

  @Flag(help: "Run what is missing first.")
  var build = false

  @Option(
    help: ArgumentHelp(
      "Publish in spite of results that are stale, failed or missing (partial), with a notice on "
        + "the page.", valueName: "stale,failed,partial"))
  var allow: AllowanceList = AllowanceList()

  @Flag(help: "Publish linked files that experiments read as data.")
  var allowData = false

  @Flag(inversion: .prefixedNo, help: "Refuse reports with a refuted claim or a failed check.")
  var strict: Bool?

  @Flag(help: "Print each page to a PDF beside it, with an installed Chromium.")
  var pdf = false

  @Flag(help: "Print what would be published, with sizes; write nothing.")
  var dryRun = false

  func validate() throws {
    try Naming.checkPages(of: source.sources)
    if let to {
      do throws(PublicationTarget.Malformed) {
        _ = try PublicationTarget(to)
      } catch {
        throw ValidationError("--to: \(error.message); \(error.help).")
      }
    }
  }

  func run() async throws {
    let json = source.parameters.json
    try await Diagnostics.guarding(json: json) {
      var prepared: [Prepared] = []
      var refusals: [PublicationProblem] = []
      for path in source.sources {
        do {
          prepared.append(try await prepare(path))
        } catch let error as PublicationRefused {
          refusals += error.problems
        }
      }
      guard refusals.isEmpty else { throw PublicationRefused(refusals) }
      let targets = Set(prepared.map(\.target))
      guard let target = targets.first, targets.count == 1 else {
        throw ValidationError(
          "The sources name several targets: \(targets.map(\.description).sorted().joined(separator: ", ")); "
            + "give one with --to, or publish them one by one.")
      }
      try publish(prepared, to: target)
    }
  }
}

extension Publish {
  /// A report with where its source wants it.
  private struct Prepared {
    let report: PublishableReport
    let target: PublicationTarget
    let remote: String?
    let workspace: Workspace
  }

  private func prepare(_ path: String) async throws -> Prepared {
    let parameters = source.parameters
    let opened = try OpenSource(path, parameters, isTransient: !build)
    var plan = try opened.plan(json: parameters.json)
    let publication = plan.report.frontMatter.publication
    let target = try target(of: publication, source: path, in: opened.workspace)
    let command = parameters.command(building: path)
    if build, !dryRun, !plan.pending.isEmpty {
      let outcome = try await execution.perform(
        plan, of: opened,
        options: BuildOptions(output: nil, failsFast: execution.failFast, command: command),
        json: false)
      if outcome.wasCancelled { throw ExitCode(outcome.exitCode(strict: false)) }
      plan = try opened.plan(json: parameters.json)
    }
    let policy = PublicationPolicy(
      allowed: allow.values, isStrict: strict ?? publication?.isStrict ?? false,
      allowsData: allowData)
    let report = try ReportPublisher(workspace: opened.workspace, version: FTReport.version)
      .report(
        of: plan, source: URL(fileURLWithPath: path), policy: policy, command: command,
        printer: pdf ? PaperPrinter() : nil)
    return Prepared(
      report: report, target: target, remote: remote ?? publication?.remote,
      workspace: opened.workspace)
  }

  /// The target of the command line, else that of the source, whose folders are relative to it.
  private func target(
    of publication: FrontMatter.Publication?, source path: String, in workspace: Workspace
  ) throws -> PublicationTarget {
    if let to { return try PublicationTarget(to) }
    guard let target = publication?.destination?.value else {
      throw PublicationRefused([
        PublicationProblem(
          .mistake, at: path, "no target is given, here or in the front matter",
          help: "give --to DIR or --to git:BRANCH, or write 'publish: {to: …}' in the front matter")
      ])
    }
    guard case .directory(let folder) = target else { return target }
    return .directory(
      URL(fileURLWithPath: folder, isDirectory: true, relativeTo: workspace.sourceFolder)
        .standardizedFileURL.path)
  }

  private func publish(_ prepared: [Prepared], to target: PublicationTarget) throws {
    let reports = prepared.map(\.report)
    switch target {
    case .directory(let path):
      let shown = Terminal.shown(path: path)
      let folder = try DirectoryTarget(
        URL(fileURLWithPath: path, isDirectory: true), name: shown, version: FTReport.version
      ).publish(reports, sources: prepared.map(\.workspace.sourceFolder), isDry: dryRun)
      try show(folder, of: reports, in: shown, next: "open \(shown)/index.html in a browser")
    case .branch(let branch, let folder):
      let remotes = Set(prepared.compactMap(\.remote))
      guard remotes.count <= 1 else {
        throw ValidationError(
          "The sources name several remotes: \(remotes.sorted().joined(separator: ", ")); give one "
            + "with --remote.")
      }
      let outcome = try GitTarget(
        sourceFolder: prepared[0].workspace.sourceFolder, branch: branch, folder: folder,
        remote: remotes.first, pushes: push, version: FTReport.version
      ).publish(reports, isDry: dryRun)
      try show(
        outcome.folder, of: reports, in: target.description, commit: outcome.commit,
        pushedTo: outcome.pushedTo,
        next: push
          ? nil
          : outcome.remote.map { "git push \($0) \(branch), or publish with --push" }
            ?? "push the branch to where its pages are served")
    }
  }

  private func show(
    _ folder: PublishedFolder, of reports: [PublishableReport], in target: String,
    commit: String? = nil, pushedTo: String? = nil, next: String?
  ) throws {
    for note in folder.notes { Terminal.complain("warning: \(note)") }
    if source.parameters.json {
      return try Output.print(
        PublicationText(folder, target: target).json(commit: commit, pushedTo: pushedTo))
    }
    guard !execution.quiet else { return }
    try PublicationText(folder, target: target).list()
    let names = reports.map(\.record.name).joined(separator: ", ")
    if dryRun {
      Terminal.complain("nothing was written; without --dry-run \(names) would go to \(target)")
    } else if folder.hasChanges {
      let made = commit.map { " in commit \($0.prefix(12))" } ?? ""
      let pushed = pushedTo.map { ", pushed to \($0)" } ?? ""
      Terminal.complain(
        "published \(names) to \(target)\(made)\(pushed)" + (next.map { "\nnext: \($0)" } ?? ""))
    } else if let commit, let pushedTo {
      Terminal.complain(
        "\(target) had this version of \(names) already; pushed \(commit.prefix(12)) to \(pushedTo)"
      )
    } else {
      Terminal.complain("nothing to do: \(target) has this version of \(names) already")
    }
  }
}

/// `stale,failed,partial` on the command line.
struct AllowanceList: ExpressibleByArgument {
  var values: Set<PublicationPolicy.Allowance> = []

  init() {}

  init?(argument: String) {
    for word in argument.split(atByte: ",") {
      guard let value = PublicationPolicy.Allowance(rawValue: String(word)) else { return nil }
      values.insert(value)
    }
  }

  var defaultValueDescription: String { "none" }
}

/// A published folder written out.
private struct PublicationText {
  private let folder: PublishedFolder
  private let target: String

  init(_ folder: PublishedFolder, target: String) {
    self.folder = folder
    self.target = target
  }

  /// One line a file, with its size and what happens to it.
  func list() throws {
    let sizes = folder.files.map { PlanText.size($0.contents.count) }
    let width = sizes.map(\.count).max() ?? 0
    for (file, size) in zip(folder.files, sizes) {
      let padding = String(repeating: " ", count: width - size.count)
      let change = folder.changes[file.path]?.rawValue ?? ""
      try Output.print(VisibleText.line("\(padding)\(size)  \(file.path)  \(change)"))
    }
    for path in folder.removed {
      try Output.print(
        VisibleText.line("\(String(repeating: " ", count: width))  \(path)  removed"))
    }
  }

  func json(commit: String?, pushedTo: String?) -> String {
    let files = folder.files.map { file in
      JSONText.map([
        "path": .text(file.path), "bytes": .integer(file.contents.count),
        "change": .text(folder.changes[file.path]?.rawValue ?? ""),
      ])
    }
    var fields: [String: JSONText] = [
      "target": .text(target), "files": .list(files), "removed": JSONText(folder.removed),
      "changed": .flag(folder.hasChanges),
    ]
    fields["commit"] = commit.map(JSONText.text)
    fields["pushedTo"] = pushedTo.map(JSONText.text)
    return JSONText.map(fields).text
  }
}
