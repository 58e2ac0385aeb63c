import Experiments
import Formats

/// Puts a page together from its evaluated parts.
struct PageRenderer {
  let evaluated: EvaluatedReport
  let prose: Prose
  let painter: ChartPainter
  let generatorVersion: String
  let command: ReproductionCommand
  /// Address of the report's CSV file, relative to the page.
  let csv: String

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
      notices: Notices(evaluated: evaluated).all,
      body: renderer.html(of: document)
        + CheckList(checks: evaluated.checks).html,
      provenance: Provenance(
        plan: plan, frame: evaluated.frame, generatorVersion: generatorVersion, command: command
      ).component, generatorVersion: generatorVersion)
  }

  /// What each embedded block became, by label.
  private func components() throws(RenderingError) -> [String: HTML] {
    let plan = evaluated.plan
    var components: [String: HTML] = [:]
    let experiments = ExperimentRenderer(prose: prose, frame: evaluated.frame)
    for experiment in plan.experiments {
      components[experiment.block.label] = experiments.experiment(experiment).html
    }
    let figures = FigureRenderer(
      plan: plan, estimates: evaluated.estimates, prose: prose, painter: painter, csv: csv)
    for block in plan.report.charts { components[block.label] = try figures.figure(block).html }
    let tables = TableRenderer(
      plan: plan, estimates: evaluated.estimates, prose: prose, csv: csv)
    for block in plan.report.tables { components[block.label] = tables.table(block).html }
    let claims = ClaimRenderer(
      prose: prose, familySize: evaluated.claims.count { $0.verdict.pValue != nil })
    for claim in evaluated.claims {
      components[claim.block.label] = claims.claim(claim.block, claim.verdict).html
    }
    let comparisons = ComparisonRenderer(plan: plan, prose: prose, csv: csv)
    for comparison in evaluated.comparisons {
      components[comparison.block.label] =
        comparisons.table(comparison.block, comparison.comparison).html
    }
    let references = PublishedRenderer(prose: prose)
    for (block, numbers) in zip(plan.report.references, plan.published) {
      components[block.label] = references.table(block, numbers).html
    }
    let recommendations = RecommendationRenderer(plan: plan, prose: prose, csv: csv)
    for grid in evaluated.recommendations {
      components[grid.block.label] = recommendations.component(grid).html
    }
    return components
  }
}
