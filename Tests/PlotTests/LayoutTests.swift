import Testing

@testable import Plot

@Suite("Layout") struct LayoutTests {
  private static let widths = [300, 360, 480, 520, 640, 720, 1000]

  @Test("everything lies on the page", arguments: Example.allCases, widths)
  func inside(example: Example, width: Int) throws {
    let list = try example.chart.displayList(theme: .light, width: width, metrics: .fixed)
    let page = Rectangle(x: 0, y: 0, width: list.width, height: list.height).padded(by: 0.5)
    for item in list.items {
      let bounds = try #require(item.bounds(.fixed))
      #expect(page.contains(bounds), "\(item)")
    }
  }

  @Test("no text covers another", arguments: Example.allCases, widths)
  func apart(example: Example, width: Int) throws {
    let list = try example.chart.displayList(theme: .light, width: width, metrics: .fixed)
    expectApart(list, .fixed)
  }

  @Test(
    "no text covers another in the font that is drawn",
    .enabled(if: FontFiles.installed != nil), arguments: Example.allCases, [360, 720])
  func apartInFont(example: Example, width: Int) throws {
    let metrics = try Typesetter(scale: 2).metrics
    let list = try example.chart.displayList(theme: .dark, width: width, metrics: metrics)
    expectApart(list, metrics)
    let page = Rectangle(x: 0, y: 0, width: list.width, height: list.height).padded(by: 0.5)
    for run in list.texts { #expect(page.contains(run.bounds(metrics)), "\(run)") }
  }

  private func expectApart(_ list: DisplayList, _ metrics: TextMetrics) {
    let boxes = list.texts.map { $0.bounds(metrics) }
    for (index, box) in boxes.enumerated() {
      for other in (index + 1)..<max(index + 1, boxes.count) where box.intersects(boxes[other]) {
        Issue.record("“\(list.texts[index].text)” covers “\(list.texts[other].text)”")
      }
    }
  }

  @Test("series names are written once, or once a panel beside its lines")
  func names() throws {
    let crowded = try Example.crowdedLines.chart.displayList(
      theme: .light, width: 720, metrics: .fixed)
    #expect(crowded.texts.count { $0.text == "lora" } == 1)
    let few = try Example.fewLines.chart.displayList(theme: .light, width: 720, metrics: .fixed)
    let label = try #require(few.texts.first { $0.text == "lora" })
    #expect(label.anchor.x > 600, "a label stands at the end of its line")
  }

  @Test("a gap interrupts its line and nothing stands at zero")
  func gap() throws {
    var chart = Example.fewLines.chart
    chart.panels[0].series = [chart.panels[0].series[0]]
    chart.panels[0].rules = []
    chart.panels[0].series[0].points[2] = Point(x: .number(32), y: nil)
    let list = try chart.displayList(theme: .light, width: 720, metrics: .fixed)
    let color = chart.styles.style(for: "vanilla").light
    let lines = list.items.filter {
      if case .stroke(_, 1.9, _, Ink(color)) = $0 { true } else { false }
    }
    let markers = list.items.filter {
      if case .marker(.circle, _, _, Ink(color), _) = $0 { true } else { false }
    }
    #expect(lines.count == 2)
    #expect(markers.count == 4)
  }

  @Test("a frontier runs through the points that none beats on both axes")
  func frontier() throws {
    let places = [(1.0, 0.5), (2, 0.7), (3, 0.6), (4, 0.8)]
    let series = places.enumerated().map { index, place in
      Series(name: "m\(index)", points: [Point(x: .number(place.0), y: place.1)])
    }
    let panel = Panel(series: series)
    let chart = Chart(mark: .scatter(.lowXHighY), x: Axis(), y: Axis(), panels: [panel])
    let scales = try ChartScales(chart, xSteps: 5, ySteps: 5)
    let frame = PlotFrame(
      box: Rectangle(x: 0, y: 0, width: 500, height: 300), x: scales.x, y: scales.y,
      orientation: .vertical, inset: 0)
    let context = MarkContext(
      panel: panel, panels: chart.panels, valueFormat: .plain, frame: frame,
      roster: Roster(chart.panels, mark: chart.mark, styles: chart.styles, theme: .light),
      theme: .light, metrics: .fixed)
    let mark = ScatterMark(frontier: .lowXHighY)
    let corners = mark.staircase(in: context)
    let points = panel.points.compactMap { mark.place(of: $0, in: frame) }
    #expect([0, 1, 3].allSatisfy { corners.contains(points[$0]) })
    #expect(!corners.contains(points[2]))
  }

  @Test("labels in a column keep their distance, their order and their range")
  func spreading() throws {
    let targets = [50.0, 10, 12, 11, 49, 98]
    let spread = try #require(LabelSpreading.spread(targets, gap: 15, in: 0...100))
    let sorted = spread.sorted()
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 >= 15 - 1e-9 })
    #expect(sorted.first ?? -1 >= 0 && sorted.last ?? 101 <= 100)
    #expect(spread[1] < spread[3] && spread[3] < spread[2])
    #expect(LabelSpreading.spread(targets, gap: 30, in: 0...100) == nil)
    #expect(LabelSpreading.spread([20, 70], gap: 15, in: 0...100) == [20, 70])
    #expect(
      LabelSpreading.spread([50, 50, 50, 44], gap: 15, in: 0...100) == [41, 56, 71, 26],
      "a crowd shares the displacement")
  }
}

/// A mark with the requirements that have no default, and nothing else.
private struct TickMark: Mark {
  let chartName = "Tick plot"
  let canonicalText = "tick"

  func words(series: Int) -> MarkWords { DotMark().words(series: series) }

  func items(in context: MarkContext) -> [DisplayItem] {
    context.entries.flatMap { series, _, look in
      series.points.compactMap { point in
        guard let position = context.frame.position(of: point.x),
          let level = point.value.flatMap(context.frame.level(of:))
        else { return nil }
        return .marker(
          look.marker, context.frame.place(position, level), size: 6, Ink(look.color), rim: nil)
      }
    }
  }
}

@Suite("A new mark") struct NewMarkTests {
  @Test("is one type: scales, legend, layout and cache key follow from its defaults")
  func defaults() throws {
    var chart = Example.dots.chart
    chart = Chart(mark: ChartMark(TickMark()), x: chart.x, y: chart.y, panels: chart.panels)
    let list = try chart.displayList(theme: .light, width: 720, metrics: .fixed)
    let markers = list.items.count { if case .marker(_, _, 6, _, nil) = $0 { true } else { false } }
    #expect(markers == chart.panels.flatMap(\.points).count)
    #expect(Example.methods.allSatisfy { name in list.texts.contains { $0.text == name } })
    #expect(chart.canonicalText.hasPrefix("mark tick\n"))
    #expect(ChartMark(TickMark()) != .dot && ChartMark(TickMark()) == ChartMark(TickMark()))
  }
}
