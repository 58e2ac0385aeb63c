import CGD

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
      // Neighbours are mostly alike, so the last look-up is kept.
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
