import Experiments

extension CheckEvidence {
  /// Half an interval of shares that is wider shows only large differences.
  private static let coarse = 0.05

  /// Whether the page's intervals, as corrected, are narrow enough to show something.
  ///
  /// Nil where nothing of the experiment is tested, or only what is not a share.
  var power: CheckFinding? {
    let asked = book.asked(of: experiment.block.label).filter { $0.isShare }
    guard !asked.isEmpty else { return nil }
    let format = ValueFormat(.points)
    let groups = Dictionary(grouping: asked) { $0.contrast.family }
    let families = groups.keys.sorted { $0.name < $1.name }
    var problems: [CheckFinding.Problem] = []
    var fine: [String] = []
    for family in families {
      let contrasts = groups[family]?.map(\.contrast) ?? []
      let halves = contrasts.compactMap { contrast in
        contrast.interval.map { ($0.upper - $0.lower) / 2 }
      }.sorted()
      let who = "\(family.name) (\(Words.count(family.correction.members, "contrast")))"
      guard !halves.isEmpty else {
        problems.append(.warn("\(who): no contrast has an interval"))
        continue
      }
      let middle = halves[halves.count / 2]
      let text = "\(who): intervals are ± \(format.string(middle)) wide in the middle"
      if middle > Self.coarse {
        problems.append(.warn("\(text), so that only larger differences show"))
      } else {
        fine.append(text)
      }
    }
    return CheckFinding(problems: problems, otherwise: fine.joined(separator: "; "))
  }
}
