import Plot

/// A kind of chart: what it asks of a block, and the figure that it becomes.
///
/// A new kind is one entry of ``all``.
struct ChartKind: Hashable, Sendable {
  /// As in `kind: line-interval`.
  let name: String
  /// What people also call it.
  var nickname: String?
  /// What the horizontal axis shows unless the block says so; nil for another metric, which it must name.
  let axis: ChartBlock.Axis?
  /// The metric of a kind that shows no other.
  var onlyMetric: MetricPath?
  /// Whether numbers that others published can be shown beside the measured ones.
  let takesPublished: Bool
  /// Whether chance and the majority class are drawn across it.
  let showsLevels: Bool
  /// The mark of values along an axis.
  let mark: @Sendable (ChartBlock.Axis) -> ChartMark
  /// The figure with the results filled in.
  let figure: @Sendable (FigureBuilder) -> FigureData
  /// Whether it needs the examples themselves.
  var readsTexts = false

  static func == (one: ChartKind, other: ChartKind) -> Bool { one.name == other.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ChartKind {
  static let all = [
    lineInterval, dotInterval, bar, memory, pareto, strip, curve, heatmap, confusion,
  ]

  /// A line between methods would suggest an order that they do not have, so it needs numbers of examples.
  static let lineInterval = ChartKind(
    name: "line-interval", nickname: "line", axis: .shots, takesPublished: true, showsLevels: true,
    mark: { $0 == .shots ? .line(.automatic) : .dot }, figure: { $0.values() })

  static let dotInterval = ChartKind(
    name: "dot-interval", nickname: "dot", axis: .shots, takesPublished: true, showsLevels: true,
    mark: { _ in .dot }, figure: { $0.values() })

  static let bar = ChartKind(
    name: "bar", axis: .method, takesPublished: false, showsLevels: true, mark: { _ in .bar },
    figure: { $0.values() })

  static let memory = ChartKind(
    name: "memory", axis: .method, onlyMetric: .quantity(.memoryPeak), takesPublished: false,
    showsLevels: false, mark: { _ in .stack }, figure: { $0.memory() })

  static let pareto = ChartKind(
    name: "pareto", axis: nil, takesPublished: false, showsLevels: true, mark: { _ in .dot },
    figure: { $0.scatter(frontier: true) })

  /// Every run a dot.
  static let strip = ChartKind(
    name: "strip", axis: .shots, takesPublished: false, showsLevels: true, mark: { _ in .strip },
    figure: { $0.values() })

  /// Training loss, epoch by epoch.
  static let curve = ChartKind(
    name: "curve", axis: .shots, onlyMetric: .quantity(.trainLoss), takesPublished: false,
    showsLevels: false, mark: { _ in .line(.automatic) }, figure: { $0.curves() })

  /// Methods by numbers of examples, shaded by the mean.
  static let heatmap = ChartKind(
    name: "heatmap", axis: .shots, takesPublished: false, showsLevels: false, mark: { _ in .dot },
    figure: { $0.heatmap() })

  /// Classes by the answers that their items got, one panel a method.
  static let confusion = ChartKind(
    name: "confusion", axis: .shots, takesPublished: false, showsLevels: false,
    mark: { _ in .dot }, figure: { $0.confusion() }, readsTexts: true)
}
