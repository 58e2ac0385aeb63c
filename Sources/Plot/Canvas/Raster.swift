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

/// An image of at most 256 colours, one byte a pixel, owned by exactly one value.
struct IndexedImage: ~Copyable {
  private let image: gdImagePtr

  /// Takes the pixels over, reduced to a table of colours.
  init(_ raster: borrowing Raster) throws(PlotError) {
    guard let image = gdImageCreate(CInt(raster.width), CInt(raster.height)) else {
      throw .allocationFailed(width: raster.width, height: raster.height)
    }
    let pixels = raster.pixels()
    let table = ColorTable(pixels)
    for color in table.colors {
      _ = gdImageColorAllocate(
        image, CInt(color >> 16), CInt(color >> 8 & 0xff), CInt(color & 0xff))
    }
    if let rows = image.pointee.pixels {
      // Neighbours are mostly equal, so the last look-up is kept.
      var (last, index) = (UInt32.max, UInt8(0))
      for y in 0..<raster.height {
        guard let row = rows[y] else { continue }
        for x in 0..<raster.width {
          let pixel = pixels[y * raster.width + x]
          if pixel != last { (last, index) = (pixel, table.indices[pixel] ?? 0) }
          row[x] = index
        }
      }
    }
    self.image = image
  }

  deinit { gdImageDestroy(image) }

  /// Encodes the image; gd's buffer is copied out and released before this returns.
  borrowing func png() throws(PlotError) -> [UInt8] {
    var size: CInt = 0
    guard let bytes = gdImagePngPtrEx(image, &size, 9) else { throw .encodingFailed }
    defer { gdFree(bytes) }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(size)))
  }
}

/// The at most 256 colours that stand for all colours of an image.
///
/// Flat areas keep their exact colour: the most frequent ones come first. The rest of the table
/// goes, one by one, to the colour that is both frequent and worst represented so far, which spends
/// it on the soft edges. Ties are broken by the colour's value, so that equal images give equal
/// tables.
struct ColorTable {
  let colors: [UInt32]
  /// The table's index for every colour of the image.
  let indices: [UInt32: UInt8]

  private struct Entry {
    let color: UInt32
    let weight: Double
    var distance = Double.infinity
    var index: UInt8 = 0

    var error: Double { weight * distance }
  }

  init(_ pixels: [UInt32], limit: Int = 256) {
    var counts: [UInt32: Int] = [:]
    for pixel in pixels { counts[pixel, default: 0] += 1 }
    var entries =
      counts
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .map { Entry(color: $0.key, weight: Double($0.value).squareRoot()) }
    var colors: [UInt32] = []
    let exact = 24
    while colors.count < min(limit, entries.count) {
      let next =
        colors.count < exact
        ? colors.count : entries.indices.max { entries[$0].error < entries[$1].error } ?? 0
      let color = entries[next].color
      for index in entries.indices {
        let distance = Self.distance(entries[index].color, color)
        if distance < entries[index].distance {
          entries[index].distance = distance
          entries[index].index = UInt8(truncatingIfNeeded: colors.count)
        }
      }
      colors.append(color)
    }
    self.colors = colors
    indices = Dictionary(uniqueKeysWithValues: entries.map { ($0.color, $0.index) })
  }

  /// Squared distance, weighted as the eye weighs the channels.
  private static func distance(_ one: UInt32, _ two: UInt32) -> Double {
    func channel(_ shift: UInt32) -> Double {
      Double((one >> shift) & 0xff) - Double((two >> shift) & 0xff)
    }
    let (red, green, blue) = (channel(16), channel(8), channel(0))
    return 2 * red * red + 4 * green * green + 3 * blue * blue
  }
}
