import Foundation

/// A picture whose type is that of its bytes, whatever its name.
///
/// The format is recognised by the first bytes, and the structure is walked from there to the
/// picture's end, so that a file that merely begins like a picture is rejected. What follows the
/// end is no part of the picture and is left out.
struct Picture: Hashable, Sendable {
  enum Format: String, Hashable, Sendable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case avif = "image/avif"
    /// Only ever the source of an `<img>`: browsers run no script and load nothing in there.
    case svg = "image/svg+xml"

    /// As messages call it.
    var name: String {
      switch self {
      case .png: "PNG"
      case .jpeg: "JPEG"
      case .gif: "GIF"
      case .webp: "WebP"
      case .avif: "AVIF"
      case .svg: "SVG"
      }
    }
  }

  /// Larger files are rejected; a page contains every picture, a third larger in base 64.
  static let byteLimit = 8 << 20
  /// A small file may unpack to more than a browser can hold.
  static let pixelLimit = 40_000_000

  let format: Format
  let bytes: ArraySlice<UInt8>
  /// In pixels; nil for a drawing, which has no fixed size.
  let size: (width: Int, height: Int)?

  /// Recognises and checks a picture.
  ///
  /// - Parameter bytes: A file, or what a `data:` address holds.
  /// - Throws: ``PictureProblem`` for what is no picture, is damaged or too large.
  init(_ bytes: [UInt8]) throws(PictureProblem) {
    guard bytes.count <= Self.byteLimit else { throw .tooManyBytes(bytes.count) }
    guard let format = Self.format(of: bytes) else { throw .unrecognised }
    var reader = PictureReader(bytes, format: format)
    size = try reader.read()
    if let size, size.width <= 0 || size.height <= 0 {
      throw .damaged(format, "it is \(size.width) × \(size.height) pixels")
    }
    if let size, size.width > Self.pixelLimit / size.height {
      throw .tooManyPixels(width: size.width, height: size.height)
    }
    self.format = format
    self.bytes = bytes[..<reader.offset]
  }

  /// The `data:` address of the picture.
  var address: String {
    "data:\(format.rawValue);base64,\(Data(bytes).base64EncodedString())"
  }

  private static func format(of bytes: [UInt8]) -> Format? {
    func holds(_ word: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: word.utf8)
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if holds("GIF87a") || holds("GIF89a") { return .gif }
    if holds("RIFF"), holds("WEBP", at: 8) { return .webp }
    if holds("ftypavif", at: 4) || holds("ftypavis", at: 4) { return .avif }
    return SVGProlog(bytes) == nil ? nil : .svg
  }

  static func == (a: Picture, b: Picture) -> Bool { a.format == b.format && a.bytes == b.bytes }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// Why something cannot be shown as a picture.
enum PictureProblem: Error, Hashable, Sendable {
  case onTheWeb
  case missing
  case unreadable(String)
  /// The folders in which pictures may lie, as messages show them.
  case outside(allowed: String)
  case unrecognised
  case damaged(Picture.Format, String)
  case tooManyBytes(Int)
  case tooManyPixels(width: Int, height: Int)

  /// What follows the picture's name.
  var message: String {
    switch self {
    case .onTheWeb: "is on the web"
    case .missing: "does not exist"
    case .unreadable(let why): "cannot be read: \(why)"
    case .outside(let allowed): "is outside \(allowed)"
    case .unrecognised: "is not a picture"
    case .damaged(let format, let why): "is a broken \(format.name) file: \(why)"
    case .tooManyBytes(let count):
      "has \(Self.megabytes(count)) MB; a picture can have at most \(Picture.byteLimit >> 20)"
    case .tooManyPixels(let width, let height):
      "has \(width) × \(height) pixels; a picture can have at most "
        + "\(Picture.pixelLimit / 1_000_000) million"
    }
  }

  var help: String {
    switch self {
    case .onTheWeb: "save it beside the source; pages load nothing from the web"
    case .missing: "name a file relative to the source"
    case .unreadable: "check that it is a file that you can read"
    case .outside: "put it below the source's folder, or allow its folder with --allow-files DIR"
    case .unrecognised:
      "its bytes must be those of a \(Picture.Format.allCases.map(\.name).joined(separator: ", ")) "
        + "file"
    case .damaged: "save it again with an image editor"
    case .tooManyBytes, .tooManyPixels: "save it smaller"
    }
  }

  private static func megabytes(_ count: Int) -> Int { (count + (1 << 20) - 1) >> 20 }
}
