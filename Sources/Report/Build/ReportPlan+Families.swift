import Experiments

extension ReportPlan {
  /// What contrasts must know of the experiments.
  var contrastNames: ContrastNames { ContrastNames(experiments, published: published) }

  /// The families that blocks and checks declare, from the source alone.
  var families: [DeclaredFamily] {
    let names = contrastNames
    let shapes = Dictionary(
      experiments.map { ($0.shape.label, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let blocks = BlockRegistry.standard.types.flatMap { families(of: $0, names, shapes) }
    return blocks + experiments.map { CheckEvidence.levels(of: $0, among: names) }
  }

  private func families<Block: ReportBlock>(
    of kind: Block.Type, _ names: ContrastNames, _ shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] {
    Block.families(report.blocks(kind), among: names, shapes: shapes)
  }
}
