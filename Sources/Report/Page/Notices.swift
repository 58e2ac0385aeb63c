import Experiments

/// The lines above the text that a reader must not miss.
struct Notices {
  let evaluated: EvaluatedReport

  var all: [Page.Notice] { [lost, absent, claims, checks, profile].compactMap(\.self) }

  /// Failed and diverged cells with the reasons of the first few.
  private var lost: Page.Notice? {
    let lost = evaluated.cells.filter { $0.result.map { $0.hasFailed || $0.hasDiverged } ?? false }
    guard !lost.isEmpty else { return nil }
    let failed = lost.count { $0.result?.hasFailed == true }
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) failed") }
    if lost.count > failed { parts.append("\(lost.count - failed) diverged") }
    let reasons = lost.prefix(3).map { cell in
      "\(cell.name): \(cell.result?.statusWords ?? "")"
    }
    let rest = lost.count > 3 ? "; and \(lost.count - 3) more" : ""
    return Page.Notice(
      .problem,
      """
      Of \(evaluated.cells.count) cells, \(parts.joined(separator: " and ")): \
      \(reasons.joined(separator: "; "))\(rest).
      """)
  }

  private var absent: Page.Notice? {
    let count = evaluated.counts.missing
    guard count > 0 else { return nil }
    return Page.Notice(
      .warning,
      """
      \(count) of \(evaluated.cells.count) cells \(count == 1 ? "has" : "have") not run; \
      \(count == 1 ? "its place shows" : "their places show") — or a gap.
      """)
  }

  private var claims: Page.Notice? {
    let refuted = evaluated.claims.filter { $0.verdict.outcome == .refuted }
    guard !refuted.isEmpty else { return nil }
    let links = refuted.compactMap { claim in
      evaluated.references.entry(ofBlock: claim.block.label).map { entry in
        "<a class=\"ref\" href=\"#\(entry.anchor)\">\(entry.text)</a>" as HTML
      }
    }
    let verb = refuted.count == 1 ? "is" : "are"
    return Page.Notice(
      .warning,
      """
      Of \(evaluated.claims.count) claims, \(refuted.count) \(verb) refuted by the results: \
      \(links.joined(separator: ", ")).
      """)
  }

  private var checks: Page.Notice? {
    let failed = evaluated.checks.filter { !$0.passed }
    guard !failed.isEmpty else { return nil }
    var seen: Set<String> = []
    let kinds = failed.map(\.kind.rawValue).filter { seen.insert($0).inserted }
    return Page.Notice(
      .warning,
      """
      The checks at the end of the page <a class="ref" href="#\(CheckList.anchor)">found something \
      to look at</a>: \(kinds.joined(separator: ", ")).
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
