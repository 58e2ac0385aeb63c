import CGD

/// A truecolor image, width × height pixels, owned by exactly one value.
struct Raster: ~Copyable {
  private let image: gdImagePtr
  let width: Int
  let height: Int

  init(width: Int, height: Int) throws(PlotError) {
    guard let image = gdImageCreateTrueColor(CInt(width), CInt(height)) else {
      throw .allocationFailed(width: width, height: height)
    }
    gdImageAlphaBlending(image, 1)
    self.image = image
    self.width = width
    self.height = height
  }

  deinit { gdImageDestroy(image) }

  /// Makes every pixel one colour.
  borrowing func fill(_ color: Color) {
    guard let rows = image.pointee.tpixels else { return }
    for y in 0..<height { rows[y]?.update(repeating: Self.code(color), count: width) }
  }

  /// Fills a polygon given in pixels, one blend per pixel; the even-odd rule.
  borrowing func fill(_ corners: [Position], _ ink: Ink) {
    var places = corners.map {
      gdPoint(x: Self.whole($0.x - 0.5), y: Self.whole($0.y - 0.5))
    }
    gdImageFilledPolygon(
      image, &places, CInt(places.count), Self.code(ink.color, opacity: ink.opacity))
  }

  /// Fills a rectangle given in pixels, its edges rounded to whole ones; at least one pixel wide.
  borrowing func fill(_ box: Rectangle, _ ink: Ink) {
    let (left, top) = (Self.whole(box.x), Self.whole(box.y))
    gdImageFilledRectangle(
      image, left, top, max(left, Self.whole(box.maxX) - 1), max(top, Self.whole(box.maxY) - 1),
      Self.code(ink.color, opacity: ink.opacity))
  }

  borrowing func draw(_ run: TextRun, with typesetter: Typesetter) throws(PlotError) {
    try typesetter.draw(run, on: image)
  }

  /// The pixels of one row as `0x00RRGGBB`, row by row from the top.
  borrowing func pixels() -> [UInt32] {
    guard let rows = image.pointee.tpixels else { return [] }
    return [UInt32](unsafeUninitializedCapacity: width * height) { buffer, count in
      for y in 0..<height {
        guard let row = rows[y] else { continue }
        for x in 0..<width {
          buffer[count] = UInt32(truncatingIfNeeded: row[x] & 0xff_ffff)
          count += 1
        }
      }
    }
  }

  /// Writes the mean of each `factor` × `factor` square into the rows of another image.
  ///
  /// - Parameters:
  ///   - target: The smaller image, `width / factor` pixels wide.
  ///   - top: The first row of `target` to write.
  ///   - rows: How many rows to write.
  ///   - factor: How many pixels become one in each direction.
  borrowing func scaleDown(
    into target: borrowing Raster, top: Int, rows: Int, factor: Int
  ) {
    guard let source = image.pointee.tpixels, let sink = target.image.pointee.tpixels else {
      return
    }
    let area = CInt(factor * factor)
    for row in 0..<rows {
      guard let line = sink[top + row] else { continue }
      for column in 0..<target.width {
        var (red, green, blue) = (area / 2, area / 2, area / 2)
        for dy in 0..<factor {
          guard let pixels = source[row * factor + dy] else { continue }
          for dx in 0..<factor {
            let pixel = pixels[column * factor + dx]
            red += (pixel >> 16) & 0xff
            green += (pixel >> 8) & 0xff
            blue += pixel & 0xff
          }
        }
        line[column] = (red / area) << 16 | (green / area) << 8 | blue / area
      }
    }
  }

  /// gd's form of a colour; its alpha runs from 0 (opaque) to 127.
  static func code(_ color: Color, opacity: Double = 1) -> CInt {
    let alpha = CInt(((1 - min(1, max(0, opacity))) * 127).rounded())
    return alpha << 24 | CInt(color.red) << 16 | CInt(color.green) << 8 | CInt(color.blue)
  }

  /// Far-off places are pulled to where gd's integers cannot overflow.
  private static func whole(_ value: Double) -> CInt {
    CInt(min(1e5, max(-1e5, value.isFinite ? value.rounded() : 0)))
  }
}
