@testable import Formats
@testable import Report

/// Reads pieces of a source the way a build does.
enum LanguageSamples {
  static let start = SourcePosition(file: "r.md", line: 1)

  static func block(
    _ kind: String, label: String? = "x", line: Int = 10, _ yaml: String
  ) -> EmbeddedBlock {
    EmbeddedBlock(
      kind: kind, label: label, yaml: yaml, position: SourcePosition(file: "r.md", line: line),
      bodyPosition: SourcePosition(file: "r.md", line: line + 1))
  }

  static func frontMatter(
    _ yaml: String, _ assignments: [String] = []
  ) throws -> (frontMatter: FrontMatter?, diagnostics: [String]) {
    var overrides = ParameterOverrides()
    for assignment in assignments { try overrides.add(assignment: assignment) }
    let (frontMatter, diagnostics) = FrontMatter.read(
      yaml, at: SourcePosition(file: "r.md", line: 2), overrides: overrides)
    return (frontMatter, diagnostics.map(\.description))
  }

  /// Blocks read and checked against the shapes of their own experiments.
  static func problems(
    _ blocks: [EmbeddedBlock], frontMatter: FrontMatter? = nil
  ) -> [String] {
    let reading = BlockRegistry.standard.read(blocks, frontMatter: frontMatter)
    let shapes = reading.blocks.compactMap { $0 as? ExperimentBlock }.map {
      $0.shape(sets: ["in-domain", "ood"], metrics: ["accuracy", "mcc", "macro-f1"])
    }
    let catalog = ExperimentCatalog(shapes, unreadable: reading.unreadableExperiments)
    return (reading.diagnostics + reading.blocks.flatMap { $0.check(against: catalog) })
      .map(\.description)
  }

  static let experiment = block(
    "experiment", label: "lowres", line: 100,
    """
    task: cola
    methods: [vanilla, {preset: lora, name: lora-r64, rank: 64}]
    shots: [2, 128]
    seeds: 0..9
    """)
}
