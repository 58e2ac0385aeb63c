import Experiments
import Formats

/// What one contrast of a plan could show.
package struct PlannedPower: Hashable, Sendable {
  /// The block that states it, or asks for it.
  package let block: String
  /// What is compared.
  package let contrast: String
  /// Contrasts that are judged together.
  package let family: Int
  package let seeds: Int
  /// Of the evaluation set; 0 where it could not be read.
  package let items: Int
  /// Half of the interval's width; nil for one seed.
  package let halfWidth: Double?
  /// What an interval of ± the declared effect takes; nil without an effect.
  package let need: String?
}

/// What is assumed of a difference before anything ran.
package struct PowerAssumption: Hashable, Sendable {
  /// Standard deviation over seeds of a run's difference in accuracy.
  package var seedDeviation: Double
  /// Share of items that only one of two runs answers correctly.
  package var disagreement: Double

  package init(seedDeviation: Double = 0.03, disagreement: Double = 0.2) {
    self.seedDeviation = seedDeviation
    self.disagreement = disagreement
  }
}

extension ReportPlan {
  /// What each claim and comparison could show with its seeds, items and family.
  ///
  /// Only differences of shares are judged. Nothing of the results is read: the assumption stands for
  /// them, so that nobody plans by what was observed.
  ///
  /// - Parameters:
  ///   - assumption: How much differences vary.
  ///   - workspace: Where the examples of tasks are.
  /// - Returns: One for each claim, and one for each comparison and recommendation, whose contrasts
  ///   all have the same.
  package func power(_ assumption: PowerAssumption, in workspace: Workspace) -> [PlannedPower] {
    let facts = TaskFactsReader(folder: workspace.taskFacts).facts(of: self)
    return power(assumption, itemCounts: facts.mapValues { $0.labels.mapValues(\.count) })
  }

  /// What each claim and comparison could show, with numbers of items by experiment and set.
  func power(
    _ assumption: PowerAssumption, itemCounts: [String: [String: Int]]
  ) -> [PlannedPower] {
    power(itemCounts: itemCounts) { items, isWithoutSeeds in
      .assumed(
        seedDeviation: assumption.seedDeviation, disagreement: assumption.disagreement,
        items: items, isWithoutSeeds: isWithoutSeeds)
    }
  }

  /// What each claim and comparison could show, by what a difference on one task varies.
  ///
  /// - Parameters:
  ///   - itemCounts: By experiment and set.
  ///   - components: Of a difference on so many items, of two runs in which seeds may have no part.
  /// - Returns: As ``power(_:in:)``.
  func power(
    itemCounts: [String: [String: Int]],
    _ components: (_ items: Int, _ isWithoutSeeds: Bool) -> Contrast.Components
  ) -> [PlannedPower] {
    let names = contrastNames
    // Largest families first, as on the page.
    let book = ContrastBook(families, table: ScoreTable(ResultFrame([])), names: names)
    let claims = report.blocks(ClaimBlock.self).flatMap { block in
      block.assertion.forms(among: names).map { (block.label, $0, block.effect) }
    }
    let comparisons = report.blocks(CompareBlock.self).compactMap { block in
      families.first { $0.name == block.familyName }?.contrasts.first
        .map { (block.label, $0, block.effect) }
    }
    let choices = report.blocks(RecommendBlock.self).compactMap { block in
      families.first { $0.name == block.familyName }?.contrasts.first
        .map { (block.label, $0, block.effect) }
    }
    return (claims + comparisons + choices).compactMap { label, form, effect in
      planned(label, form, effect, itemCounts, book, components)
    }
  }

  private func planned(
    _ label: String, _ form: ContrastForm, _ effect: Double?,
    _ itemCounts: [String: [String: Int]], _ book: ContrastBook,
    _ components: (_ items: Int, _ isWithoutSeeds: Bool) -> Contrast.Components
  ) -> PlannedPower? {
    let sides: [Expression] =
      switch form.sides {
      case .one(let side): [side]
      case .two(let first, let second): [first, second]
      case .constant, .trend, .ranks: []
      }
    guard let parts = sides.first?.weightedSum, !form.isExact else { return nil }
    var sum = Contrast.Components(seed: 0, item: 0, interaction: 0)
    var (items, seeds) = (0, Set<Int>())
    let isWithoutSeeds = sides.flatMap(\.selections).allSatisfy(contrastNames.isWithoutSeeds)
    for (selection, weight) in parts {
      guard case .evaluation(let set, Metrics.accuracy) = selection.metric.value,
        let shape = experiments.first(where: { $0.shape.label == selection.experiment.value })?
          .shape
      else { return nil }
      let count = itemCounts[shape.label]?[set] ?? 0
      sum = sum.adding(components(count, isWithoutSeeds), weight: weight)
      items += count
      seeds.insert(shape.seeds.count)
    }
    guard let seeds = seeds.min() else { return nil }
    let family = book.family(of: form.key)
    let precision = ContrastPrecision(
      sum, items: items, confidence: family.confidence,
      basis: isWithoutSeeds ? .itemsOnly : .seedsAndItems)
    return PlannedPower(
      block: label, contrast: form.key.words, family: family.members, seeds: seeds,
      items: items, halfWidth: precision.halfWidth(seeds: seeds),
      need: effect.map { precision.need(for: $0).words })
  }
}

extension Expression {
  /// Selections with the weights that they are summed up by; nil for what is no such sum.
  fileprivate var weightedSum: [(selection: ResultSelection, weight: Double)]? {
    switch self {
    case .selection(let selection): return [(selection, 1)]
    case .arithmetic(.add, let left, let right, _):
      return left.weightedSum.flatMap { left in right.weightedSum.map { left + $0 } }
    case .arithmetic(.divide, let inner, .number(let divisor), _):
      return inner.weightedSum?.map { ($0.selection, $0.weight / divisor) }
    case .arithmetic(.multiply, .number(let factor), let inner, _),
      .arithmetic(.multiply, let inner, .number(let factor), _):
      return inner.weightedSum?.map { ($0.selection, $0.weight * factor) }
    case .number, .negated, .arithmetic, .summary: return nil
    }
  }
}

extension Contrast.Components {
  /// With those of an independent part that enters the difference by some weight.
  fileprivate func adding(_ other: Self, weight: Double) -> Self {
    let square = weight * weight
    return Self(
      seed: seed + square * other.seed, item: item + square * other.item,
      interaction: interaction + square * other.interaction)
  }
}

extension ContrastPrecision.Need {
  /// "9 seeds", "no number of seeds; 4,000 items and 12 seeds".
  var words: String {
    switch self {
    case .seeds(let seeds): Words.count(seeds, "seed")
    case .items(let items, let seeds):
      "no number of seeds on these items; "
        + "\(ValueFormat(.integer).string(Double(items))) items and \(Words.count(seeds, "seed"))"
    case .itemsAlone(let items): "\(ValueFormat(.integer).string(Double(items))) items"
    case .unreachable: "no affordable number of seeds"
    }
  }
}

extension PlannedPower {
  /// As in "clm-lora: ± 4.2 points (6 seeds, 564 items, family of 8); ± 2 points takes 19 seeds".
  ///
  /// - Parameter effect: Words before what is needed.
  /// - Returns: One line.
  package var line: String {
    let width =
      halfWidth.map { "± \(ValueFormat(.points).string($0))" } ?? "one seed shows nothing of others"
    let known = items > 0 ? "\(items) items" : "items not known"
    let takes = need.map { "; the declared effect takes \($0)" } ?? ""
    return "\(block): \(width) (\(Words.count(seeds, "seed")), \(known), "
      + "family of \(family))\(takes)"
  }
}
