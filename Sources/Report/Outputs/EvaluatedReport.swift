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

  struct Comparison {
    let block: CompareBlock
    let comparison: MethodComparison
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
  let comparisons: [Comparison]
  let recommendations: [RecommendationGrid]
  let checks: [ValidityCheck]

  init(plan: ReportPlan, results: [String: CellResult], facts: [String: TaskFacts] = [:]) {
    self.plan = plan
    let frame = ResultFrame(plan: plan, results: results)
    self.frame = frame
    let table = EstimateTable(frame)
    estimates = table
    references = ReferenceTable(plan.report.document)
    cells = plan.cells.map { CellState(planned: $0, result: results[$0.cell.key]) }
    counts = Counts(
      failed: cells.count { $0.result?.hasFailed == true },
      diverged: cells.count { $0.result?.hasDiverged == true },
      missing: cells.count { $0.result == nil })
    let blocks = plan.report.claims
    let verdicts = ClaimVerdict.adjusted(
      blocks.map { block in
        block.assertion.verdict(in: frame, confidence: block.confidence)
          .noting(block.notes(in: plan))
      })
    claims = zip(blocks, verdicts).map { Claim(block: $0, verdict: $1) }
    comparisons = plan.report.comparisons.compactMap { block in
      MethodComparison(block, in: frame, facts: facts).map {
        Comparison(block: block, comparison: $0)
      }
    }
    recommendations = plan.report.recommendations.map {
      RecommendationGrid($0, estimates: table)
    }
    checks = ValidityCheck.all(plan, frame: frame, facts: facts)
  }
}
