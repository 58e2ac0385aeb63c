import Experiments
import Formats
import Foundation
import Synchronization

/// Makes a report's files of its plan and results, with what lies beside the source.
struct ReportMaker: Sendable {
  private let workspace: Workspace
  private let version: String

  init(workspace: Workspace, version: String) {
    self.workspace = workspace
    self.version = version
  }

  /// A report as files.
  struct Product: Sendable {
    /// Of the files, without extension.
    let name: String
    let report: RenderedReport
    /// Files that the page links to.
    let linked: [LinkedFile]
    /// Other reports that the page links to, by their names.
    let pages: [String]
    /// About values and claims without results, and about state that was damaged.
    let warnings: [Diagnostic]
  }

  /// Renders what is known.
  ///
  /// - Parameters:
  ///   - plan: From ``ReportPlanner``.
  ///   - results: By key; a cell without one is a gap.
  ///   - command: The words that build the report again, from `build` on.
  ///   - exceptions: Why the report is not what it should be, for the top of the page.
  /// - Returns: The files.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  func product(
    of plan: ReportPlan, results: [String: CellResult], command: [String],
    exceptions: [String] = []
  ) throws(RenderingError) -> Product {
    let name = ReportRenderer.name(ofSource: plan.report.source.file)
    let links = SourceLinks(of: plan.report, in: workspace)
    let damaged = Mutex<Set<URL>>([])
    let note: @Sendable (URL) -> Void = { file in damaged.withLock { _ = $0.insert(file) } }
    let reader = TaskFactsReader(folder: workspace.taskFacts, damaged: note)
    let rendered = try ReportRenderer(
      plan: plan, results: results, facts: reader.facts(of: plan),
      texts: reader.printed(in: plan),
      name: name, generatorVersion: version, command: command,
      chartCache: FolderChartCache(workspace.chartCache, damaged: note),
      image: SourcePictures(of: workspace).dataAddress(of:), link: links.address(of:),
      paths: paths(of: plan), exceptions: exceptions
    ).rendered()
    return Product(
      name: name, report: rendered, linked: links.files, pages: links.pages,
      warnings: rendered.diagnostics
        + damaged.withLock(\.self).map { workspace.shownPath($0) }.sorted().map {
          Diagnostic(
            .damagedState, at: SourcePosition(file: $0, line: 1),
            "the file was damaged and is written again", severity: .warning)
        })
  }

  /// Every path that a text of the report may quote.
  private func paths(of plan: ReportPlan) -> LocalPaths {
    let parameters = plan.report.frontMatter.parameters
    let cells = plan.cells.map(\.cell)
    return LocalPaths(
      folders: [workspace.sourceFolder.path, workspace.currentFolder.path],
      paths: parameters.names.flatMap { parameters[$0]?.texts ?? [] }
        + cells.flatMap { [$0.modelPath, $0.dataPath, $0.teacherPath].compactMap(\.self) }
        + workspace.allowedFolders.map(\.path)
        + [
          workspace.stateFolder.path, FileManager.default.homeDirectoryForCurrentUser.path,
          FileManager.default.temporaryDirectory.path,
        ])
  }
}

extension ReportMaker.Product {
  /// Writes the files into a folder; the page last: when it is there, so is what it links to.
  ///
  /// - Throws: ``OutputError`` for a folder that cannot be written.
  func write(to folder: URL) throws(OutputError) {
    let page = folder.appendingPathComponent("\(name).html")
    do {
      for file in linked {
        let copy = folder.appendingPathComponent(file.path)
        // A page that is written beside its source needs no copy.
        guard RealPath.of(copy.path) != RealPath.of(file.url.path) else { continue }
        try FileManager.default.createDirectory(
          at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contentsOf: file.url).write(to: copy, options: .atomic)
      }
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (suffix, text) in [("json", report.json), ("csv", report.csv)] {
        try Data(text.utf8).write(
          to: folder.appendingPathComponent("\(name).\(suffix)"), options: .atomic)
      }
      try Data(report.html.utf8).write(to: page, options: .atomic)
    } catch {
      throw OutputError(folder: folder.path, cause: error.localizedDescription)
    }
  }
}

extension OptionValue {
  /// Every text in it.
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let values): values.flatMap(\.texts)
    case .flag, .integer, .number: []
    }
  }
}
