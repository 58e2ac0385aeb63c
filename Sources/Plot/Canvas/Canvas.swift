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

  /// Texts come last: whatever they stand on has been drawn by then.
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
