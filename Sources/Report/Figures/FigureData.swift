import Experiments
import Plot

/// What a chart block shows, before any choice of picture: panels of series of estimates.
///
/// Picture, alternative text and data table are all made from it, so they cannot disagree.
struct FigureData: Sendable {
  /// What is compared, and so what words describe the picture.
  enum Shape: Hashable, Sendable {
    /// Values over methods, numbers of examples or epochs.
    case values
    /// Methods in the plane of two metrics; less or more of each is better.
    case plane(ChartMark.Frontier?)
    /// Parts that add up, one whole a method.
    case parts
    /// Values by method and number of examples.
    case grid
  }

  /// Where an estimate stands.
  enum Position: Hashable, Sendable {
    case shots(Int)
    case method(String)
    /// After so many passes over the examples.
    case epoch(Int)
    /// At the value of a metric; the method tells which.
    case metric(of: String)
  }

  struct Point: Sendable {
    let position: Position
    let y: Estimate
    /// The horizontal metric of a scatter chart.
    let x: Estimate?
  }

  /// A method; or a number of shots or a part of memory, over methods.
  struct Series: Sendable {
    let name: String
    let points: [Point]
    /// What the style book looks up in place of the name.
    var style: String?
    /// Whether the numbers are another's, drawn faint and dashed.
    var isPublished = false
  }

  /// What an answer without a model scores.
  struct Level: Hashable, Sendable {
    let name: String
    let value: Double
  }

  struct Panel: Sendable {
    let title: String
    let metric: MetricPath
    let series: [Series]
    let levels: [Level]
  }

  let block: ChartBlock
  let mark: ChartMark
  let shape: Shape
  let panels: [Panel]
  /// What the horizontal axis shows: "examples per class", "method", "peak memory".
  let xTitle: String
  /// The metric of a scatter chart's horizontal axis.
  let xMetric: MetricPath?
  /// The number of shots of every point, where there is only one.
  let shots: Int?
  /// "examples per class" or "examples".
  let shotWords: String
  let seeds: [Int]
  var published: [PublishedNumbers] = []

  /// Of what was measured: published numbers have no runs to count.
  var estimates: [Estimate] {
    panels.flatMap(\.series).filter { !$0.isPublished }
      .flatMap(\.points).flatMap { [$0.y, $0.x].compactMap(\.self) }
  }

  /// What the style book has to know beyond the report's methods.
  var styleNames: [String] { panels.flatMap(\.series).compactMap(\.style) }

  /// What the value axis shows: the metric's name where panels agree on it.
  var yTitle: String {
    let words = Set(panels.map(\.metric.words))
    return words.count == 1 ? words.first ?? "" : "value"
  }

  /// How a value of a panel reads.
  func format(_ metric: MetricPath) -> ValueFormat {
    let format = block.format ?? metric.defaultFormat
    return ValueFormat(format.style)
  }
}
