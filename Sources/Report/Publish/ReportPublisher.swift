import Experiments
import Formats
package import Foundation

/// Prepares a report for publication: renders what is known and refuses what should not be public.
package struct ReportPublisher: Sendable {
  private let workspace: Workspace
  private let version: String
  private let traces: MachineTraces

  /// - Parameters:
  ///   - workspace: Of the source.
  ///   - version: Of this program.
  ///   - traces: What no file may say; of this machine unless given.
  package init(workspace: Workspace, version: String, traces: MachineTraces? = nil) {
    self.workspace = workspace
    self.version = version
    self.traces =
      traces
      ?? .current(folders: [workspace.sourceFolder, workspace.currentFolder, workspace.stateFolder])
  }

  /// The report's files.
  ///
  /// - Parameters:
  ///   - plan: With what is known; nothing is run.
  ///   - source: The source's file.
  ///   - policy: What is published all the same.
  ///   - command: The words that build the report, from `build` on.
  ///   - printer: Prints the page; nil for no PDF.
  /// - Returns: The files and the record.
  /// - Throws: ``PublicationRefused`` with everything that is in the way, ``RenderingError`` when a
  ///   picture cannot be drawn.
  package func report(
    of plan: ReportPlan, source: URL, policy: PublicationPolicy, command: [String],
    printer: PaperPrinter? = nil
  ) throws -> PublishableReport {
    let (gaps, exceptions) = policy.judge(plan, command: command)
    guard gaps.isEmpty else { throw PublicationRefused(gaps) }
    let product = try ReportMaker(workspace: workspace, version: version)
      .product(of: plan, results: plan.known, command: command, exceptions: exceptions)
    var problems = policy.judge(product.report, of: plan, command: command)
    if !policy.allowsData { problems += data(in: product, of: plan) }
    guard problems.isEmpty else { throw PublicationRefused(problems) }

    let name = product.name
    var files = [
      PublishedFile(path: "\(name).html", text: product.report.html),
      PublishedFile(path: "\(name).json", text: product.report.json),
      PublishedFile(path: "\(name).csv", text: product.report.csv),
    ]
    if let printer {
      files.append(
        PublishedFile(path: "\(name).pdf", contents: try printer.pdf(of: product.report.html)))
    }
    for file in product.linked {
      do {
        files.append(PublishedFile(path: file.path, contents: try Data(contentsOf: file.url)))
      } catch {
        throw PublicationRefused(
          at: workspace.shownPath(file.url),
          "the linked file cannot be read: "
            + error.localizedDescription, help: "check its permissions")
      }
    }
    var record = product.report.record
    record.commit = GitRepository(folder: workspace.sourceFolder).commit(ofSource: source)
    record.files = files.map { ReportRecord.File(path: $0.path, contents: $0.contents) }
      .sorted { $0.path < $1.path }
    files.append(PublishedFile(path: name + ReportRecord.suffix, contents: record.data))
    problems = files.flatMap { traces(in: $0, source: plan.report.source) }
    guard problems.isEmpty else { throw PublicationRefused(problems) }
    return PublishableReport(record: record, files: files, pages: product.pages)
  }

  /// Linked files that experiments read, and blocks that print rows of the data.
  private func data(in product: ReportMaker.Product, of plan: ReportPlan) -> [PublicationProblem] {
    let read = Set(plan.cells.flatMap(\.cell.files).compactMap { RealPath.of($0.file.path) })
    return product.linked.filter { read.contains($0.url.path) }.map { file in
      PublicationProblem(
        .mistake, at: plan.report.source.file,
        "the page links to '\(file.path)', which experiments read as data",
        help: "--allow-data publishes it, if its licence and the people in it allow that")
    }
      + plan.report.blocks(ErrorsBlock.self).map { block in
        PublicationProblem(
          .mistake, at: "\(block.position)", "'\(block.label)' prints rows of the data",
          help: "--allow-data publishes them, if their licence and the people in them allow that")
      }
  }

  private func traces(in file: PublishedFile, source: ReportSource) -> [PublicationProblem] {
    traces.found(in: file, source: source.text).map { what, place in
      PublicationProblem(
        .mistake, at: "\(place)", "the file to be published says \(what)",
        help: "take it out of the source, its parameters or the linked file")
    }
  }
}
