import Experiments
import Formats

/// What a report may be when it is published.
package struct PublicationPolicy: Hashable, Sendable {
  /// What is published only on request.
  package enum Allowance: String, CaseIterable, Hashable, Sendable {
    /// Results of settings or data that have changed since.
    case stale
    case failed
    /// Cells that never ran.
    case partial
  }

  package var allowed: Set<Allowance>
  /// Whether a refuted claim or a failed check prevents publication.
  package var isStrict: Bool
  /// Whether files that experiments read may be published where the source links to them.
  package var allowsData: Bool

  package init(allowed: Set<Allowance> = [], isStrict: Bool = false, allowsData: Bool = false) {
    self.allowed = allowed
    self.isStrict = isStrict
    self.allowsData = allowsData
  }
}

extension PublicationPolicy {
  /// What a plan's gaps mean for its publication.
  ///
  /// - Parameters:
  ///   - plan: With what is known.
  ///   - command: The words that build the report, from `build` on.
  /// - Returns: Problems, and for what is allowed all the same a sentence for the top of the page.
  func judge(
    _ plan: ReportPlan, command: [String]
  ) -> (problems: [PublicationProblem], exceptions: [String]) {
    var problems: [PublicationProblem] = []
    var exceptions: [String] = []
    let file = plan.report.source.file
    let build = ReproductionCommand.shellLine(["ftreport"] + command)
    for allowance in Allowance.allCases {
      let cells = plan.pending.filter { $0.reason.map(Allowance.init) == allowance }
      guard let first = cells.first else { continue }
      let (count, all) = (cells.count, plan.cells.count)
      let recipe = first.cell.recipe
      let sample = recipe.shots > 0 ? " at \(recipe.shots) shots, seed \(recipe.seed)" : ""
      let example =
        "'\(first.experiment)' \(first.method)\(sample): \(first.reason?.description ?? "")"
      guard !allowed.contains(allowance) else {
        exceptions.append("Published with gaps: of \(all) runs, \(allowance.sentence(count)).")
        continue
      }
      let again = allowance == .failed ? " again" : ""
      problems.append(
        PublicationProblem(
          allowance == .failed ? .failed : .stale, at: file,
          "of \(all) runs, \(allowance.sentence(count)) (\(example))",
          help: "run them\(again) with: \(build)\nor publish the page with a notice: --allow "
            + allowance.rawValue))
    }
    return (problems, exceptions)
  }

  /// What strictness objects to in a rendered report.
  func judge(_ report: RenderedReport, of plan: ReportPlan, command: [String])
    -> [PublicationProblem]
  {
    guard isStrict else { return [] }
    let file = plan.report.source.file
    let build = ReproductionCommand.shellLine(["ftreport"] + command)
    var problems: [PublicationProblem] = []
    if report.refutedClaims > 0 {
      problems.append(
        PublicationProblem(
          .refuted, at: file,
          report.refutedClaims == 1
            ? "a claim is refuted" : "\(report.refutedClaims) claims are refuted",
          help: "see it on the page of: \(build)\ncorrect the source, or publish with --no-strict"))
    }
    if report.failedChecks > 0 {
      problems.append(
        PublicationProblem(
          .refuted, at: file,
          report.failedChecks == 1
            ? "a check failed" : "\(report.failedChecks) checks failed",
          help: "see what to do in the last section of the page of: \(build)\nor publish with "
            + "--no-strict"))
    }
    return problems
  }
}

extension PublicationPolicy.Allowance {
  fileprivate init(_ reason: PendingReason) {
    self =
      switch reason {
      case .neverRun: .partial
      case .failed: .failed
      case .changed, .requestedAgain, .unusable: .stale
      }
  }

  fileprivate func sentence(_ count: Int) -> String {
    switch self {
    case .stale: "\(count) \(count == 1 ? "is" : "are") out of date"
    case .failed: "\(count) failed"
    case .partial: "\(count) never ran"
    }
  }
}
