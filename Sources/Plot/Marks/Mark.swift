/// What rows become on the page, with all that scales, layout and guides ask of it.
///
/// A new mark is one file: a type with the requirements that have no default, and a static member
/// of ``ChartMark`` by which a chart names it.
protocol Mark: Hashable, Sendable {
  /// What a chart of this mark is called, such as `Dot plot`.
  var chartName: String { get }
  /// What sentences about a chart with some series call what it draws.
  func words(series: Int) -> MarkWords
  /// The mark with everything that can change its picture, as stable text.
  var canonicalText: String { get }
  /// Draws a panel's series, back to front.
  func items(in context: MarkContext) -> [DisplayItem]

  /// Whether lengths from zero are read: positions are slots, the value axis includes zero, and
  /// reference lines lie over the mark.
  var startsAtZero: Bool { get }
  /// Whether positions are slots even where they are numbers.
  var needsSlots: Bool { get }
  /// Whether points are read against both axes alike.
  var isPlane: Bool { get }
  /// Whether a series joins its points, so that the distances between positions are read.
  var joinsPoints: Bool { get }
  /// What the value axis has to show; nil where it has a slot for each series instead.
  func extent(of panels: [Panel]) -> ValueExtent?

  /// Which way positions run; nil lets the length of their names decide.
  var orientation: Orientation? { get }
  /// The height in CSS pixels of a plot whose positions run downwards.
  ///
  /// - Parameters:
  ///   - slots: How many positions there are.
  ///   - seriesInSlot: How many series are side by side at each.
  /// - Returns: The height.
  func height(slots: Double, seriesInSlot: Double) -> Double

  /// The looks of some series, which have these style names.
  func looks(of names: [String], in styles: StyleBook) -> [SeriesStyle]
  /// How to say which series is which, best first; the last must not depend on free room.
  func keys(_ roster: Roster) -> [Key]
  /// The sample of a series in a legend.
  var legendSample: LegendSample { get }

  /// Labels with a place of their own, which other labels avoid; nil where they would crowd.
  func labels(_ key: Key, in context: MarkContext) -> [DisplayItem]?
  /// Labels that go where room is left; nil where there is none.
  func labels(
    _ key: Key, in context: MarkContext, placedBy placer: inout LabelPlacer
  ) -> [DisplayItem]?
  /// The room that labels take beyond the longest bar of a horizontal chart.
  func endMargin(_ panels: [Panel], _ format: ValueFormat, _ metrics: TextMetrics) -> Double
}

extension Mark {
  var startsAtZero: Bool { false }
  var needsSlots: Bool { startsAtZero }
  var isPlane: Bool { false }
  var joinsPoints: Bool { false }

  func extent(of panels: [Panel]) -> ValueExtent? { ValueExtent(showing: panels) }

  var orientation: Orientation? { nil }

  func height(slots: Double, seriesInSlot: Double) -> Double {
    slots * max(30, seriesInSlot * 13 + 10) + 6
  }

  func looks(of names: [String], in styles: StyleBook) -> [SeriesStyle] {
    names.map(styles.style(for:))
  }

  func keys(_ roster: Roster) -> [Key] {
    roster.needsKey && roster.entries.count > 1 ? [.legend] : [.none]
  }

  var legendSample: LegendSample { .marker }

  func labels(_ key: Key, in context: MarkContext) -> [DisplayItem]? { [] }

  func labels(
    _ key: Key, in context: MarkContext, placedBy placer: inout LabelPlacer
  ) -> [DisplayItem]? { [] }

  func endMargin(_ panels: [Panel], _ format: ValueFormat, _ metrics: TextMetrics) -> Double { 0 }
}

/// A mark as a chart names it: `.line(.automatic)`, `.bar`.
package struct ChartMark: Hashable, Sendable {
  let mark: any Mark

  init(_ mark: some Mark) { self.mark = mark }

  /// What a chart of this mark is called, such as `Dot plot`.
  package var chartName: String { mark.chartName }
  /// Whether a series joins its points, so that the distances between positions are read.
  package var joinsPoints: Bool { mark.joinsPoints }

  /// What sentences about a chart with some series call what it draws.
  package func words(series: Int) -> MarkWords { mark.words(series: series) }

  package static func == (one: ChartMark, other: ChartMark) -> Bool {
    AnyHashable(one.mark) == AnyHashable(other.mark)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(mark)) }
}

/// What sentences call the parts of a mark.
package struct MarkWords: Hashable, Sendable {
  /// What shows the mean of runs, such as `Markers`; nil where every run is a point.
  package let means: String?
  /// What shows an interval, such as `lines through them`.
  package let intervals: String
  /// What shows a number that others published, such as `Faint markers`.
  package let published: String
}

/// What a value axis has to show.
struct ValueExtent: Hashable, Sendable {
  /// Estimates and raw values, all of which must have a place.
  let values: [Double]
  /// Ends of intervals, which may be cut off at the start of a logarithmic axis.
  let ends: [Double]
  /// Whether the axis ends on round values; otherwise it ends with the longest bar.
  let isPadded: Bool

  init(values: [Double], ends: [Double] = [], isPadded: Bool) {
    self.values = values
    self.ends = ends
    self.isPadded = isPadded
  }

  /// Every value, raw value and interval of some panels.
  init(showing panels: [Panel]) {
    let points = panels.flatMap(\.points)
    self.init(
      values: points.compactMap(\.value) + points.flatMap(\.finiteSamples),
      ends: points.compactMap { $0.interval?.finite }.flatMap { [$0.low, $0.high] },
      isPadded: true)
  }
}

/// How a chart names its series.
enum Key: Hashable, Sendable {
  /// Not at all: there is one series, or the axis names them.
  case none
  /// Names to the right of the last points of lines.
  case beside
  /// Names next to points.
  case within
  /// Samples and names above the plots.
  case legend
}

/// The sample of a series in a legend.
enum LegendSample: Hashable, Sendable {
  /// A line with its marker.
  case line
  /// The marker.
  case marker
  /// A filled square.
  case patch
}
