package import Experiments
package import Formats

/// A report that was read without a mistake: its source, its document and its blocks.
package struct ParsedReport: Sendable {
  package let source: ReportSource
  package let frontMatter: FrontMatter
  package let document: Document
  package let experiments: [ExperimentBlock]
  package let charts: [ChartBlock]
  package let tables: [TableBlock]
  package let claims: [ClaimBlock]
  package let comparisons: [CompareBlock]
  package let references: [PublishedBlock]
  package let recommendations: [RecommendBlock]
}

/// What a build will do: every cell of every experiment, and which of them are known already.
package struct ReportPlan: Sendable {
  package let report: ParsedReport
  package let experiments: [PlannedExperiment]
  /// Every cell once, in the order of the source.
  package let cells: [PlannedCell]
  /// Mistakes that do not stop the build.
  package let warnings: [Diagnostic]
  /// What others published, one for each reference block, in the order of the source.
  package var published: [PublishedNumbers] = []

  /// The cells that must run.
  package var pending: [PlannedCell] { cells.filter { $0.cached == nil } }

  /// The results known when the plan was made, by key.
  package var known: [String: CellResult] {
    Dictionary(
      cells.compactMap { cell in cell.cached.map { (cell.cell.key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

/// One experiment block with everything it names looked up.
package struct PlannedExperiment: Sendable {
  /// Where one combination of the block finds its cell; several may share one.
  package struct Place: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let seed: Int
    package let key: String
  }

  package let block: ExperimentBlock
  package let shape: ExperimentShape
  package let task: TaskDefinition
  /// In the order of the block.
  package let methods: [Method]
  package let places: [Place]
  package let model: ModelFacts
  /// SHA-256 of each data file by role.
  package let dataFingerprints: [String: String]
  /// What a reader must know about the data files, such as "HANS (regenerated)", sorted.
  package let dataNotes: [String]
}

/// What a page says about a model.
package struct ModelFacts: Hashable, Sendable {
  /// The folder's last component.
  package let name: String
  package let fingerprint: String
  package let parameters: Int
  package let layers: Int
  package let width: Int
  package let family: String
  /// Longest sequence, in tokens.
  package let context: Int
}

/// One cell of a plan, whether it is known, and why not.
package struct PlannedCell: Sendable {
  package let cell: Cell
  /// The method's name in the report.
  package let method: String
  /// The experiment that first names the cell.
  package let experiment: String
  package let cached: CellResult?
  /// Why the cell must run; nil for a cached one.
  package let reason: String?
  /// Seconds, learnt from stored timings; nil when nothing like it has run.
  package let predictedSeconds: Double?
  /// Peak memory; nil for a cached cell, which needs none.
  package let predictedBytes: Int?
}
