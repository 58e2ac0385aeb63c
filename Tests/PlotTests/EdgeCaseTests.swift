import Testing

@testable import Plot

@Suite("Unusual charts") struct EdgeCaseTests {
  private static let marks: [ChartMark] = [
    .line(.automatic), .line(.band), .dot, .bar, .stack, .scatter(.lowXHighY), .scatter(nil),
    .strip, .heat(Shades(domain: 0...1, format: .plain)),
  ]

  /// Panels that an experiment with failed or missing cells can lead to.
  private static let oddities: [(name: String, series: [Series])] = [
    ("no series", []),
    ("no points", [Series(name: "lora", points: [])]),
    ("one point", [Series(name: "lora", points: [Point(x: .number(16), y: 0.5)])]),
    ("only gaps", [Series(name: "lora", points: [Point(x: .number(16), y: nil)])]),
    (
      "not a number",
      [
        Series(
          name: "lora",
          points: [
            Point(
              x: .number(.nan), y: .nan, interval: Interval(.nan, .infinity),
              xInterval: Interval(-.infinity, 1), samples: [.nan, .infinity]),
            Point(x: .number(2), y: .infinity, samples: [0.5]),
          ])
      ]
    ),
    (
      "equal values",
      [Series(name: "", points: [2, 4, 8].map { Point(x: .number($0), y: 0.5) })]
    ),
    (
      "twice the same place",
      [Series(name: "a", points: [2, 2, 2].map { Point(x: .number($0), y: $0) })]
    ),
    (
      "huge and tiny",
      [
        Series(
          name: String(repeating: "a very long name ", count: 12),
          points: [Point(x: .number(1e-300), y: 1e300), Point(x: .number(1e300), y: -1e300)])
      ]
    ),
    (
      "names and numbers",
      [Series(name: "a", points: [Point(x: .category("x"), y: 1), Point(x: .number(2), y: -2)])]
    ),
  ]

  @Test("never trap, and lay out to a page", arguments: marks, oddities.indices)
  func layOut(mark: ChartMark, oddity: Int) throws {
    let panel = Panel(
      title: "p", series: Self.oddities[oddity].series, rules: [Rule(at: .nan, label: "nowhere")])
    let chart = Chart(mark: mark, x: Axis(), y: Axis(format: .percent), panels: [panel, panel])
    for width in [240, 720] {
      let list = try chart.displayList(theme: .light, width: width, metrics: .fixed)
      #expect(list.height > 50 && list.height < 4000)
    }
    #expect(chart.canonicalText == chart.canonicalText)
  }

  @Test(
    "never trap when drawn", .enabled(if: FontFiles.installed != nil), arguments: oddities.indices)
  func draw(oddity: Int) throws {
    let panel = Panel(series: Self.oddities[oddity].series)
    let chart = Chart(mark: .line(.automatic), x: Axis(), y: Axis(), panels: [panel])
    #expect(try !chart.rendered(theme: .dark, width: 300).png.isEmpty)
  }

  @Test("an empty panel says so")
  func empty() throws {
    let chart = Chart(mark: .dot, x: Axis(), y: Axis(), panels: [Panel(series: [])])
    let list = try chart.displayList(theme: .light, width: 720, metrics: .fixed)
    #expect(list.texts.contains { $0.text == "no data" })
  }

  @Test("values without a place on a logarithmic axis are named", arguments: [0.0, -1])
  func notPositive(value: Double) {
    let series = [Series(name: "icl", points: [Point(x: .number(value), y: 1)])]
    let chart = Chart(
      mark: .dot, x: Axis(scale: .logarithmic(base: 2)), y: Axis(), panels: [Panel(series: series)])
    #expect(throws: PlotError.notPositive(value: value, axis: "x")) {
      try chart.displayList(theme: .light, width: 720, metrics: .fixed)
    }
  }

  @Test("requests without a picture are rejected in words that help")
  func refused() {
    let axis = Axis()
    let panel = Panel(series: [])
    let cases: [(Chart, Int, PlotError)] = [
      (Chart(mark: .dot, x: axis, y: axis, panels: []), 720, .noPanels),
      (Chart(mark: .dot, x: axis, y: axis, panels: [panel]), 10, .widthOutOfRange(10)),
      (
        Chart(mark: .dot, x: axis, y: axis, panels: [panel], plotHeight: 3), 720,
        .heightOutOfRange(3)
      ),
      (
        Chart(mark: .dot, x: axis, y: Axis(scale: .logarithmic(base: 1)), panels: [panel]), 720,
        .logarithmBase(1, axis: "y")
      ),
      (
        Chart(mark: .dot, x: axis, y: Axis(ticks: [.nan]), panels: [panel]), 720,
        .invalidDomain(axis: "y")
      ),
    ]
    for (chart, width, error) in cases {
      #expect(throws: error) {
        try chart.displayList(theme: .light, width: width, metrics: .fixed)
      }
    }
    #expect(
      PlotError.noFont.description
        == "no font found; install one with: apt-get install fonts-inter fonts-dejavu-core")
    #expect(
      PlotError.notPositive(value: 0, axis: "x").description
        == "the x axis is logarithmic and cannot show 0.0; use a linear or categorical scale")
  }

  @Test("canonical text tells charts apart that look alike in parts")
  func canonical() {
    let chart = Example.fewLines.chart
    var other = chart
    other.panels[0].series[0].points[0].samples[0] += 1e-12
    var restyled = chart
    restyled.panels[0].series[0].styleName = "icl"
    #expect(Set([chart, other, restyled].map(\.canonicalText)).count == 3)
  }
}
