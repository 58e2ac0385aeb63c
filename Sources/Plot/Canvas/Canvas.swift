/// Draws a display list: shapes oversampled and scaled down, texts at the size they are seen.
struct Canvas {
  /// Device pixels per CSS pixel of the finished image.
  static let density = 2
  /// Oversampled pixels per device pixel, in each direction.
  private static let oversampling = 4
  /// Device rows drawn at once, which bounds memory whatever the chart's height.
  private static let bandHeight = 128

  let typesetter: Typesetter

  /// Draws the list.
  ///
  /// - Returns: The PNG, ``density`` pixels per CSS pixel.
  func png(of list: DisplayList) throws(PlotError) -> [UInt8] {
    try IndexedImage(raster(of: list)).png()
  }

  /// The picture before it is reduced to a table of colours.
  func raster(of list: DisplayList) throws(PlotError) -> Raster {
    let raster = try Raster(
      width: Int(list.width.rounded()) * Self.density,
      height: Int(list.height.rounded()) * Self.density)
    try draw(list, on: raster)
    return raster
  }

  /// Texts come last, after everything that they are drawn on.
  private func draw(_ list: DisplayList, on raster: borrowing Raster) throws(PlotError) {
    let band = try Raster(
      width: raster.width * Self.oversampling, height: Self.bandHeight * Self.oversampling)
    let scale = Double(Self.density * Self.oversampling)
    for top in stride(from: 0, to: raster.height, by: Self.bandHeight) {
      band.fill(list.background)
      let offset = Double(top) / Double(Self.density)
      for item in list.items { draw(item, on: band, below: offset, scale: scale) }
      band.scaleDown(
        into: raster, top: top, rows: min(Self.bandHeight, raster.height - top),
        factor: Self.oversampling)
    }
    for run in list.texts { try raster.draw(run, with: typesetter) }
  }

  private func draw(
    _ item: DisplayItem, on band: borrowing Raster, below top: Double, scale: Double
  ) {
    func device(_ place: Position) -> Position {
      Position(x: place.x * scale, y: (place.y - top) * scale)
    }
    switch item {
    case .rectangle(let box, let ink):
      let corner = device(Position(x: box.x, y: box.y))
      band.fill(
        Rectangle(
          x: corner.x, y: corner.y, width: box.width * scale, height: box.height * scale), ink)
    case .polygon(let places, let ink): band.fill(places.map(device), ink)
    case .stroke(let places, let width, let dash, let ink):
      for piece in StrokeOutline.dashed(places.map(device), dash.map { $0 * scale }) {
        for polygon in StrokeOutline.polygons(along: piece, width: width * scale) {
          band.fill(polygon, ink)
        }
      }
    case .marker(let shape, let center, let size, let ink, let rim):
      if let rim {
        band.fill(shape.outline(at: device(center), size: (size + 2.4) * scale).outer, Ink(rim))
      }
      let outline = shape.outline(at: device(center), size: size * scale)
      // A hole is the even-odd rule at work: out along the rim, back along the hole.
      let path = outline.hole.map { hole in
        outline.outer + [outline.outer[0], hole[0]] + hole.dropFirst().reversed() + [hole[0]]
      }
      band.fill(path ?? outline.outer, ink)
    case .text: break
    }
  }
}

/// Turns lines into the polygons that cover them.
enum StrokeOutline {
  /// One quadrilateral a segment, and a disc at each inner corner for a round join.
  static func polygons(along places: [Position], width: Double) -> [[Position]] {
    var polygons: [[Position]] = []
    for (start, end) in zip(places, places.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { continue }
      let (nx, ny) = (-dy / length * width / 2, dx / length * width / 2)
      polygons.append([
        Position(x: start.x + nx, y: start.y + ny), Position(x: end.x + nx, y: end.y + ny),
        Position(x: end.x - nx, y: end.y - ny), Position(x: start.x - nx, y: start.y - ny),
      ])
    }
    for corner in places.dropFirst().dropLast() {
      polygons.append(MarkerShape.circle.outline(at: corner, size: width).outer)
    }
    return polygons
  }

  /// The pieces of a line that a dash pattern leaves; lengths on and off in turn.
  static func dashed(_ places: [Position], _ pattern: [Double]) -> [[Position]] {
    guard !pattern.isEmpty, pattern.allSatisfy({ $0 > 0 }), let first = places.first else {
      return [places]
    }
    var (pieces, current) = ([[Position]](), [first])
    var (phase, left) = (0, pattern[0])
    for (start, end) in zip(places, places.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let place = Position(x: start.x + dx * done / length, y: start.y + dy * done / length)
        if phase % 2 == 0 { pieces.append(current + [place]) }
        current = [place]
        phase += 1
        left = pattern[phase % pattern.count]
      }
      left -= length - done
      current.append(end)
    }
    return phase % 2 == 0 ? pieces + [current] : pieces
  }
}
