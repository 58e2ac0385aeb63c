import Testing

@testable import Plot

@Suite("Pixels", .enabled(if: FontFiles.installed != nil)) struct PixelTests {
  private func pixels(_ items: [DisplayItem], background: Color = Color(0xffffff)) throws
    -> [UInt32]
  {
    let list = DisplayList(width: 20, height: 20, background: background, items: items)
    return try Canvas(typesetter: Typesetter(scale: 2)).raster(of: list).pixels()
  }

  /// The largest difference of a channel.
  private func difference(_ one: UInt32, _ two: UInt32) -> Int {
    [16, 8, 0].map { abs(Int((one >> $0) & 0xff) - Int((two >> $0) & 0xff)) }.max() ?? 0
  }

  @Test("a rectangle covers its pixels and no others")
  func rectangle() throws {
    let box = Rectangle(x: 5, y: 5, width: 10, height: 10)
    let image = try pixels([.rectangle(box, Ink(Color(0x0c70e0)))])
    for y in 0..<40 {
      for x in 0..<40 {
        let isInside = (10..<30).contains(x) && (10..<30).contains(y)
        #expect(image[y * 40 + x] == (isInside ? 0x0c70e0 : 0xffffff), "\(x), \(y)")
      }
    }
  }

  @Test("half coverage is half the ink, by opacity and by edge")
  func blending() throws {
    let box = Rectangle(x: 0, y: 0, width: 20, height: 20)
    let faint = try pixels([.rectangle(box, Ink(Color(0x000000), opacity: 0.5))])
    #expect(difference(faint[820], 0x808080) <= 3)
    let half = Rectangle(x: 0, y: 0, width: 10.25, height: 20)
    let edge = try pixels([.rectangle(half, Ink(Color(0x000000)))])
    #expect(difference(edge[20 * 40 + 20], 0x808080) <= 3)
  }

  @Test("a marker covers about the area of its shape", arguments: MarkerShape.allCases)
  func markers(shape: MarkerShape) throws {
    let ink = Ink(Color(0x000000))
    let center = Position(x: 10, y: 10)
    let image = try pixels([.marker(shape, center, size: 10, ink, rim: nil)])
    let covered = image.map { 1 - Double($0 & 0xff) / 255 }.reduce(0, +) / 4
    #expect((40...95).contains(covered), "all shapes weigh about as much as a disc of 78 px²")
  }

  @Test("text leaves ink in its box and none outside")
  func text() throws {
    let run = TextRun(
      "ab", at: Position(x: 4, y: 14), style: .tick, color: Color(0x000000))
    let image = try pixels([.text(run)])
    let metrics = try Typesetter(scale: 2).metrics
    let box = run.bounds(metrics).padded(by: 1)
    for (index, pixel) in image.enumerated() where pixel != 0xffffff {
      let place = Position(x: Double(index % 40) / 2, y: Double(index / 40) / 2)
      #expect(place.x >= box.x && place.x <= box.maxX && place.y >= box.y && place.y <= box.maxY)
    }
    #expect(image.contains { difference($0, 0) < 40 })
  }

  @Test("a line break, a tab and an ampersand are ordinary text")
  func entities() throws {
    let metrics = try Typesetter(scale: 2).metrics
    #expect(metrics.width(of: "&lt;", .tick) > metrics.width(of: "<", .tick) * 2)
    #expect(metrics.width(of: "a\nb", .tick) > metrics.width(of: "a", .tick) * 1.5)
  }

  @Test("a chart is a small palette image whose page colour is exact", arguments: Example.allCases)
  func file(example: Example) throws {
    let theme: Theme = example == .dots || example == .memory ? .dark : .light
    let image = try example.chart.rendered(theme: theme, width: 720)
    #expect(Array(image.png.prefix(4)) == [0x89, 0x50, 0x4e, 0x47])
    let width = image.png[16..<20].reduce(0) { $0 << 8 | Int($1) }
    let height = image.png[20..<24].reduce(0) { $0 << 8 | Int($1) }
    #expect(width == 2 * image.width && height == 2 * image.height)
    #expect(image.png[25] == 3, "colour type 3 is a palette")
    #expect(image.png.count < 60_000)
    let page = theme.background
    let palette = try #require(image.png.firstRange(of: Array("PLTE".utf8)))
    let first = image.png[palette.upperBound..<(palette.upperBound + 3)]
    #expect(Array(first) == [page.red, page.green, page.blue])
  }

  @Test("the same chart gives the same bytes, also from several threads")
  func deterministic() async throws {
    let chart = Example.fewLines.chart
    let once = try chart.rendered(theme: .light).png
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<2 { group.addTask { try chart.rendered(theme: .light).png } }
      for try await other in group { #expect(other == once) }
    }
  }

  @Test("a colour table keeps frequent colours exact and every other one near")
  func colorTable() {
    // Two grounds that are hardly to be told apart have to stay two.
    var pixels = [UInt32](repeating: 0x15181d, count: 5000)
    pixels += [UInt32](repeating: 0x15191d, count: 900)
    for red in 0..<UInt32(64) {
      for green in 0..<UInt32(64) { pixels.append(red << 18 | green << 10) }
    }
    let table = ColorTable(pixels)
    #expect(table.colors.count == 256)
    for exact in [0x15181d, 0x15191d] as [UInt32] {
      #expect(table.indices[exact].map { table.colors[Int($0)] } == exact)
    }
    for pixel in pixels {
      let near = table.indices[pixel].map { table.colors[Int($0)] } ?? 0
      #expect(difference(pixel, near) < 24)
    }
    #expect(ColorTable([1, 1, 2]).colors == [1, 2])
  }
}
