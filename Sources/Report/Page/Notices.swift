import Experiments
import Foundation

/// The lines above the text that a reader must not miss.
struct Notices {
  let evaluated: EvaluatedReport

  var all: [Page.Notice] { [lost, checks, chosen, claims, profile].compactMap(\.self) }

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
      Of \(evaluated.cells.count) cells, \(FigureData.list(parts))\(list.isEmpty ? "" : ": \(list)"). \
      Their places show — or a gap.
      """)
  }

  /// How the claims fared, with links to those that the results refute.
  private var claims: Page.Notice? {
    guard !evaluated.claims.isEmpty else { return nil }
    let parts = ClaimVerdict.Outcome.allCases.compactMap { outcome -> HTML? in
      let claims = evaluated.claims.filter { $0.verdict.outcome == outcome }
      guard !claims.isEmpty else { return nil }
      let links = claims.compactMap { claim in
        evaluated.references.entry(ofBlock: claim.block.label).map { entry in
          "<a class=\"ref\" href=\"#\(entry.anchor)\">\(entry.text)</a>" as HTML
        }
      }
      let unsure = claims.map(\.verdict).filter(\.isAgainstTest)
      let details: [HTML] = [
        outcome == .refuted ? links.joined(separator: ", ") : nil,
        unsure.first.map { "\(unsure.count) with p above \(String(format: "%.2g", $0.level))" },
      ].compactMap(\.self)
      let list: HTML = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
      return "\(claims.count) \(outcome.rawValue)\(list)"
    }
    return Page.Notice(.information, "Claims: \(parts.joined(separator: ", ")).")
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
      The checks at the end of the page <a class="ref" href="#\(CheckList.anchor)">found something \
      to look at</a>; \(found.joined(separator: "; ")).
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
      The in-domain scores of \(FigureData.list(names)) are too high: the best epoch was chosen on the \
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
