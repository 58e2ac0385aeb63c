/// Walks a picture's structure from its first byte to its last.
///
/// PNG: ISO/IEC 15948. JPEG: ITU-T T.81, annex B. GIF: the GIF89a specification. WebP: RFC 9649.
/// AVIF: the boxes of ISO/IEC 14496-12.
struct PictureReader {
  private let bytes: [UInt8]
  private let format: Picture.Format
  /// After a successful walk the end of the picture.
  private(set) var offset = 0

  init(_ bytes: [UInt8], format: Picture.Format) {
    self.bytes = bytes
    self.format = format
  }

  /// The size in pixels, nil for a drawing.
  mutating func read() throws(PictureProblem) -> (width: Int, height: Int)? {
    switch format {
    case .png: try png()
    case .jpeg: try jpeg()
    case .gif: try gif()
    case .webp: try webp()
    case .avif: try avif()
    case .svg: try svg()
    }
  }

  private func damaged(_ why: String) -> PictureProblem { .damaged(format, why) }

  private mutating func take(_ count: Int) throws(PictureProblem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - offset else { throw damaged("it is truncated") }
    offset += count
    return bytes[(offset - count)..<offset]
  }

  private mutating func byte() throws(PictureProblem) -> Int {
    Int(try take(1).first ?? 0)
  }

  private mutating func bigEndian(_ count: Int) throws(PictureProblem) -> Int {
    try take(count).reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func littleEndian(_ count: Int) throws(PictureProblem) -> Int {
    try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func word() throws(PictureProblem) -> String {
    String(decoding: try take(4), as: UTF8.self)
  }
}

extension PictureReader {
  private mutating func png() throws(PictureProblem) -> (width: Int, height: Int) {
    _ = try take(8)
    var size: (width: Int, height: Int)?
    var hasPixels = false
    while true {
      let length = try bigEndian(4)
      let start = offset
      let name = try word()
      guard (size == nil) == (name == "IHDR"), name != "IHDR" || length == 13 else {
        throw damaged("it does not begin with its size")
      }
      let data = try take(length)
      let sum = Self.checksum(bytes[start..<offset])
      guard try bigEndian(4) == Int(sum) else { throw damaged("a checksum is wrong") }
      switch name {
      case "IHDR":
        func number(_ at: Int) -> Int {
          data.dropFirst(at).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
        size = (number(0), number(4))
      case "IDAT": hasPixels = true
      case "IEND":
        guard let size, hasPixels else { throw damaged("it has no pixels") }
        return size
      default: break
      }
    }
  }

  /// CRC-32 of ISO 3309, as PNG has it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum = checksums[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
    }
    return ~sum
  }

  private static let checksums: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
  }

  private mutating func jpeg() throws(PictureProblem) -> (width: Int, height: Int) {
    _ = try take(2)
    var size: (width: Int, height: Int)?
    var hasScan = false
    while true {
      guard try byte() == 0xFF else { throw damaged("a marker is missing") }
      var marker = try byte()
      while marker == 0xFF { marker = try byte() }
      switch marker {
      case 0x01, 0xD0...0xD7: continue
      case 0xD9:
        guard let size, hasScan else { throw damaged("it has no pixels") }
        return size
      case 0x00, 0xD8: throw damaged("a marker is out of place")
      default: break
      }
      let length = try bigEndian(2)
      let segment = try take(length - 2)
      switch marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        let numbers = Array(segment.prefix(5)).map(Int.init)
        guard numbers.count == 5 else { throw damaged("it has no size") }
        let found = (width: numbers[3] << 8 | numbers[4], height: numbers[1] << 8 | numbers[2])
        guard size == nil else { throw damaged("it has two sizes") }
        size = found
      case 0xDA:
        hasScan = true
        // Coded pixels: FF is followed by 00, or by the number of a restart.
        while offset + 1 < bytes.count,
          bytes[offset] != 0xFF || bytes[offset + 1] == 0 || (0xD0...0xD7) ~= bytes[offset + 1]
        {
          offset += 1
        }
      default: break
      }
    }
  }

  private mutating func gif() throws(PictureProblem) -> (width: Int, height: Int) {
    _ = try take(6)
    var (width, height) = (try littleEndian(2), try littleEndian(2))
    let flags = try byte()
    _ = try take(2)
    try skipColors(flags)
    var hasPixels = false
    while true {
      switch try byte() {
      case 0x21:
        _ = try byte()
        try skipBlocks()
      case 0x2C:
        let (left, top) = (try littleEndian(2), try littleEndian(2))
        width = max(width, left + (try littleEndian(2)))
        height = max(height, top + (try littleEndian(2)))
        try skipColors(try byte())
        _ = try byte()
        try skipBlocks()
        hasPixels = true
      case 0x3B:
        guard hasPixels else { throw damaged("it has no pixels") }
        return (width, height)
      default: throw damaged("a block has an unknown kind")
      }
    }
  }

  /// A table of colours, where the flags announce one.
  private mutating func skipColors(_ flags: Int) throws(PictureProblem) {
    if flags & 0x80 != 0 { _ = try take(3 << ((flags & 7) + 1)) }
  }

  private mutating func skipBlocks() throws(PictureProblem) {
    while true {
      let length = try byte()
      if length == 0 { return }
      _ = try take(length)
    }
  }

  private mutating func webp() throws(PictureProblem) -> (width: Int, height: Int) {
    _ = try take(4)
    let end = try littleEndian(4) + 8
    guard end <= bytes.count else { throw damaged("it is truncated") }
    _ = try take(4)
    var size: (width: Int, height: Int)?
    var hasPixels = false
    while offset < end {
      let name = try word()
      let length = try littleEndian(4)
      var chunk = PictureReader(Array(try take(length)), format: format)
      if length % 2 == 1, offset < end { _ = try take(1) }
      switch name {
      case "VP8X":
        _ = try chunk.take(4)
        size = (try chunk.littleEndian(3) + 1, try chunk.littleEndian(3) + 1)
      case "VP8 ":
        _ = try chunk.take(3)
        guard try chunk.bigEndian(3) == 0x9D012A else { throw damaged("a frame has no start") }
        let found = (try chunk.littleEndian(2) & 0x3FFF, try chunk.littleEndian(2) & 0x3FFF)
        size = size ?? found
        hasPixels = true
      case "VP8L":
        guard try chunk.byte() == 0x2F else { throw damaged("a frame has no start") }
        let bits = try chunk.littleEndian(4)
        size = size ?? (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        hasPixels = true
      case "ANMF": hasPixels = true
      default: break
      }
    }
    guard let size, hasPixels, offset == end else { throw damaged("it has no pixels") }
    return size
  }

  private mutating func avif() throws(PictureProblem) -> (width: Int, height: Int) {
    var size: (width: Int, height: Int)?
    var hasPixels = false
    while offset < bytes.count {
      let (name, content) = try box()
      switch name {
      case "meta":
        var properties = PictureReader(Array(content.dropFirst(4)), format: format)
        size = try properties.largestSize(in: ["iprp", "ipco"])
      case "mdat": hasPixels = true
      default: break
      }
    }
    guard let size, hasPixels else { throw damaged("it has no pixels") }
    return size
  }

  /// The name and content of the next box.
  private mutating func box() throws(PictureProblem) -> (String, ArraySlice<UInt8>) {
    let length = try bigEndian(4)
    let name = try word()
    switch length {
    case 0: return (name, try take(bytes.count - offset))
    case 1:
      let upper = try bigEndian(4)
      guard upper == 0 else { throw damaged("it is truncated") }
      return (name, try take(try bigEndian(4) - 16))
    default: return (name, try take(length - 8))
    }
  }

  /// The largest of the sizes that boxes of properties give, within the boxes of a path.
  private mutating func largestSize(
    in path: ArraySlice<String>
  ) throws(PictureProblem) -> (width: Int, height: Int)? {
    var largest: (width: Int, height: Int)?
    while offset < bytes.count {
      let (name, content) = try box()
      var inner = PictureReader(Array(content), format: format)
      var found: (width: Int, height: Int)?
      if name == path.first {
        found = try inner.largestSize(in: path.dropFirst())
      } else if path.isEmpty, name == "ispe" {
        _ = try inner.take(4)
        found = (try inner.bigEndian(4), try inner.bigEndian(4))
      }
      if let found, largest.map({ Self.area($0) < Self.area(found) }) ?? true { largest = found }
    }
    return largest
  }

  private static func area(_ size: (width: Int, height: Int)) -> Double {
    Double(size.width) * Double(size.height)
  }

  private mutating func svg() throws(PictureProblem) -> (width: Int, height: Int)? {
    guard let prolog = SVGProlog(bytes) else { throw .unrecognised }
    guard !prolog.definesEntities else { throw damaged("its document type defines entities") }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw damaged("it is not UTF-8") }
    let end = (bytes.lastIndex { $0 > 0x20 } ?? 0) + 1
    let tail = bytes[..<end]
    guard tail.suffix(6).elementsEqual("</svg>".utf8) || tail.suffix(2).elementsEqual("/>".utf8)
    else { throw damaged("its element never ends") }
    offset = end
    return nil
  }
}

/// The prolog of an SVG file, before its root element.
struct SVGProlog {
  /// Whether a document type defines entities, which can unfold without end.
  private(set) var definesEntities = false

  /// Nil for what is no SVG file.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { $0 <= 0x20 }
      if rest.starts(with: "<?".utf8) {
        guard let after = Self.end(of: "?>", in: rest) else { return nil }
        rest = after
      } else if rest.starts(with: "<!--".utf8) {
        guard let after = Self.end(of: "-->", in: rest) else { return nil }
        rest = after
      } else if rest.starts(with: "<!DOCTYPE svg".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        if rest[..<end].contains(UInt8(ascii: "[")) {
          definesEntities = true
          return
        }
        rest = rest[(end + 1)...]
      } else {
        break
      }
    }
    guard rest.starts(with: "<svg".utf8), let next = rest.dropFirst(4).first,
      next <= 0x20 || ">/".utf8.contains(next)
    else { return nil }
  }

  private static func end(of mark: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let mark = Array(mark.utf8)
    var index = bytes.startIndex
    while index + mark.count <= bytes.endIndex {
      if bytes[index..<(index + mark.count)].elementsEqual(mark) {
        return bytes[(index + mark.count)...]
      }
      index += 1
    }
    return nil
  }
}
