import Experiments

/// A report's results with everything that is computed from them, before any of it is set.
struct EvaluatedReport {
  /// One cell of the plan with what came of it.
  struct CellState {
    let planned: PlannedCell
    let result: CellResult?

    /// "lora at 16 shots, seed 3".
    var name: String {
      let recipe = planned.cell.recipe
      // A method that reads no examples has one cell for all of them.
      guard recipe.shots > 0 else { return planned.method }
      return "\(planned.method) at \(recipe.shots) shots, seed \(recipe.seed)"
    }
  }

  struct Claim {
    let block: ClaimBlock
    /// With the p-value corrected for the report's other claims.
    let verdict: ClaimVerdict
  }

  /// How the cells ended.
  struct Counts: Hashable {
    let failed: Int
    let diverged: Int
    let missing: Int
  }

  let plan: ReportPlan
  let frame: ResultFrame
  let estimates: EstimateTable
  let references: ReferenceTable
  let cells: [CellState]
  let counts: Counts
  let claims: [Claim]
  let checks: [ValidityCheck]

  init(plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:]) {
    self.plan = plan
    let frame = ResultFrame(plan: plan, results: results)
    self.frame = frame
    estimates = EstimateTable(frame)
    references = ReferenceTable(plan.report.document)
    cells = plan.cells.map { CellState(planned: $0, result: results[$0.cell.key]) }
    counts = Counts(
      failed: cells.count { $0.result?.hasFailed == true },
      diverged: cells.count { $0.result?.hasDiverged == true },
      missing: cells.count { $0.result == nil })
    let blocks = plan.report.claims
    let verdicts = ClaimVerdict.adjusted(
      blocks.map { $0.assertion.verdict(in: frame, confidence: $0.confidence) })
    claims = zip(blocks, verdicts).map { Claim(block: $0, verdict: $1) }
    checks = ValidityCheck.all(plan, frame: frame, facts: facts)
  }
}
