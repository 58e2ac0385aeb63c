import Experiments
import Formats
import Foundation

/// Puts a page together from its evaluated parts.
struct PageRenderer {
  let evaluated: EvaluatedReport
  let prose: Prose
  let painter: ChartPainter
  let generatorVersion: String
  let command: ReproductionCommand
  /// Address of the report's CSV file, relative to the page.
  let csv: String
  /// Why the report is not what it should be.
  var exceptions: [String] = []

  /// The page.
  ///
  /// - Returns: The page, ready to be written.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  func page() throws(RenderingError) -> Page {
    let plan = evaluated.plan
    let (front, document) = (plan.report.frontMatter, plan.report.document)
    let components = try components()
    let renderer = HTMLRenderer(
      for: document,
      in: prose.context { block in block.label.flatMap { components[$0] } ?? "" })
    return Page(
      title: front.title.value, subtitle: front.subtitle,
      authors: front.authors.map { author in
        author.affiliation.map { "\(author.name) (\($0))" } ?? author.name
      }, date: front.date, description: front.description,
      contents: front.hasContents ? renderer.contents(of: document) : nil,
      notices: exceptions.map { Page.Notice(.problem, "\($0)") }
        + Notices(evaluated: evaluated).all,
      body: renderer.html(of: document)
        + CheckList(checks: evaluated.checks).html,
      provenance: Provenance(
        experiments: plan.experiments, cells: plan.cells, frame: evaluated.frame,
        generatorVersion: generatorVersion, command: command
      ).component, generatorVersion: generatorVersion)
  }

  /// What each embedded block became, by label.
  private func components() throws(RenderingError) -> [String: HTML] {
    let setting = PageSetting(prose: prose, painter: painter, csv: csv)
    var components: [String: HTML] = [:]
    for block in evaluated.kinds.flatMap(\.blocks) {
      components[block.label] = try block.html(in: setting)
    }
    return components
  }
}

/// The lines above the text that a reader must not miss.
struct Notices {
  let evaluated: EvaluatedReport

  var all: [Page.Notice] { ([lost, checks, chosen] + kinds + [profile]).compactMap(\.self) }

  /// Cells without numbers, with the reasons of the first few.
  private var lost: Page.Notice? {
    let counts = evaluated.counts
    let parts = [
      (counts.failed, "failed"), (counts.diverged, "diverged"),
      (counts.missing, counts.missing == 1 ? "has not run" : "have not run"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !parts.isEmpty else { return nil }
    let reasons = evaluated.cells.compactMap { cell in
      cell.result?.statusWords.map { "\(cell.name): \($0)" }
    }
    let rest = reasons.count > 3 ? ["and \(reasons.count - 3) more"] : []
    let list = (reasons.prefix(3) + rest).joined(separator: "; ")
    return Page.Notice(
      reasons.isEmpty ? .warning : .problem,
      """
      Of \(evaluated.cells.count) cells, \(Words.list(parts))\(list.isEmpty ? "" : ": \(list)"). \
      The page shows — or a gap in their places.
      """)
  }

  /// What kinds of blocks have to say, such as how the claims fared.
  private var kinds: [Page.Notice?] {
    evaluated.kinds.map { $0.type.notice(on: $0.blocks, references: evaluated.references) }
  }

  private var checks: Page.Notice? {
    let found = CheckStatus.allCases.reversed().filter { $0 != .pass }.compactMap {
      status -> String? in
      var seen: Set<String> = []
      let kinds = evaluated.checks.filter { $0.status == status }.map(\.kind.rawValue)
        .filter { seen.insert($0).inserted }
      guard !kinds.isEmpty else { return nil }
      return "\(status == .fail ? "failed" : "warned"): \(kinds.joined(separator: ", "))"
    }
    guard let worst = evaluated.checks.map(\.status).max(), !found.isEmpty else { return nil }
    return Page.Notice(
      worst == .fail ? .problem : .warning,
      """
      The checks at the end of the page <a class="ref" href="#\(CheckList.anchor)">found \
      problems</a>; \(found.joined(separator: "; ")).
      """)
  }

  /// An evaluation set that epochs were chosen on is no longer unseen.
  private var chosen: Page.Notice? {
    let names = evaluated.plan.experiments.flatMap { experiment in
      experiment.methods.filter(\.selectsInDomain).map { "\($0.name) of \(experiment.block.label)" }
    }
    guard !names.isEmpty else { return nil }
    return Page.Notice(
      .warning,
      """
      The in-domain scores of \(Words.list(names)) are too high: the best epoch was chosen on the \
      evaluation set itself.
      """)
  }

  /// A smaller build of the same study must not pass for the whole.
  private var profile: Page.Notice? {
    guard let profile = evaluated.plan.report.frontMatter.parameters["profile"] else { return nil }
    return Page.Notice(
      .information, "Built with the profile <b>\("\(profile)")</b> of this report’s parameters.")
  }
}

extension CellResult {
  /// Why there are no numbers; nil for a cell that succeeded.
  var statusWords: String? {
    switch status {
    case .succeeded: nil
    case .diverged(let step): "the loss was no longer a number at step \(step)"
    case .failed(let reason): reason
    }
  }
}

/// The section that lists what was checked, above how the page was made.
struct CheckList {
  /// Where notices lead.
  static let anchor = "page.checks"

  let checks: [ValidityCheck]

  var html: HTML {
    var labels: [String] = []
    for check in checks where !labels.contains(check.experiment) { labels.append(check.experiment) }
    guard !labels.isEmpty else { return "" }
    let lists = labels.map { label -> HTML in
      let rows = checks.filter { $0.experiment == label }.map(row).joined()
      let title: HTML = labels.count > 1 ? "<p>Experiment <code>\(label)</code></p>\n" : ""
      return "\(title)<dl>\n\(rows)</dl>\n"
    }
    return """
      <section class="provenance" aria-labelledby="\(Self.anchor)">
      <h2 id="\(Self.anchor)">Checks of the numbers</h2>
      \(lists.joined())</section>

      """
  }

  private func row(_ check: ValidityCheck) -> HTML {
    let (style, icon, word): (HTML, Icon, String) =
      switch check.status {
      case .pass: ("supported", .check, "passed")
      case .warn: ("inconclusive", .triangle, "warning")
      case .fail: ("refuted", .octagon, "failed")
      }
    // Not capitalised: most begin with the name of a method or a set.
    let sentences = check.findings.map { "\($0)." }
    let found: HTML =
      sentences.count == 1
      ? "\(sentences[0])"
      : "<ul>\(sentences.map { "<li>\($0)</li>" as HTML }.joined())</ul>"
    let advice: HTML = check.advice.map { "<p class=\"advice\">\($0)</p>" } ?? ""
    return """
      <div><dt>\(check.kind.rawValue.capitalizedFirst)</dt>
      <dd><span class="\(style)"><span class="badge">\(icon.html)\(word)</span></span> \
      \(found)\(advice)</dd></div>

      """
  }
}
