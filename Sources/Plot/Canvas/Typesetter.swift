import CGD
import Foundation

/// Measures and draws texts with FreeType, at the size they are seen.
struct Typesetter: Sendable {
  private let fonts: FontFiles
  /// Device pixels per CSS pixel.
  private let scale: Double

  /// gd asks for this before any thread draws text.
  private static let fontCache = gdFontCacheSetup()

  /// - Throws: ``PlotError/noFont`` where none of the known fonts is installed.
  init(scale: Double) throws(PlotError) {
    guard let fonts = FontFiles.installed else { throw .noFont }
    _ = Self.fontCache
    self.fonts = fonts
    self.scale = scale
  }

  /// Widths in CSS pixels; a text that FreeType rejects is measured as empty and fails when drawn.
  var metrics: TextMetrics {
    TextMetrics { text, style in
      guard let box = try? set(text, style, at: (0, 0), ink: 0, on: nil) else { return 0 }
      return Double(box.right - box.left) / scale
    }
  }

  /// Draws one line of text, its baseline on whole device pixels.
  func draw(_ run: TextRun, on image: gdImagePtr) throws(PlotError) {
    guard !run.text.isEmpty else { return }
    let box = try set(run.text, run.style, at: (0, 0), ink: 0, on: nil)
    let width = Double(box.right - box.left) / scale
    // The ink, not the pen, starts at the anchor, so that left edges align.
    let x = CInt((run.leading(width: width) * scale).rounded()) - box.left
    let y = CInt((run.anchor.y * scale).rounded())
    if let halo = run.halo {
      let reach = CInt((2 * scale).rounded())
      for dy in stride(from: -reach, through: reach, by: 1) {
        for dx in stride(from: -reach, through: reach, by: 1)
        where dx * dx + dy * dy <= reach * reach + 1 {
          try set(run.text, run.style, at: (x + dx, y + dy), ink: Raster.code(halo), on: image)
        }
      }
    }
    try set(run.text, run.style, at: (x, y), ink: Raster.code(run.color), on: image)
  }

  @discardableResult
  private func set(
    _ text: String, _ style: TextStyle, at pen: (x: CInt, y: CInt), ink: CInt, on image: gdImagePtr?
  ) throws(PlotError) -> (left: CInt, right: CInt) {
    let escaped = Self.escaped(text)
    var corners = [CInt](repeating: 0, count: 8)
    // gd takes points at 96 dots per inch.
    let size = style.size * scale * 72 / 96
    let failure = fonts.path(style.weight).withCString { path in
      escaped.withCString { bytes in
        gdImageStringFT(
          image, &corners, ink, UnsafeMutablePointer(mutating: path), size, 0, pen.x, pen.y,
          UnsafeMutablePointer(mutating: bytes))
      }
    }
    if let failure { throw .textFailed(String(cString: failure)) }
    return (corners[0], corners[2])
  }
}

extension Typesetter {
  /// A text as gd reads it.
  ///
  /// gd reads character entities and line breaks, which a label never means, and takes the four bytes of
  /// a character beyond the basic plane, such as an emoji, for four characters: a square stands for it,
  /// as for every character that a font lacks.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "\n", "\r", "\t", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": result.append(" ")
      // Joiners and selectors of emoji.
      case "\u{200D}", "\u{FE0E}", "\u{FE0F}": continue
      case "\u{10000}"...: result.append("\u{25A1}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

/// The installed font files that texts are drawn with.
struct FontFiles: Hashable, Sendable {
  private let regular: String
  private let medium: String
  private let semibold: String

  /// The first complete family: Inter, else DejaVu Sans, which has no medium weight.
  static let installed: FontFiles? = {
    let inter = [
      "/usr/share/fonts/opentype/inter/Inter-", "/usr/share/fonts/truetype/inter/Inter-",
    ]
    let families =
      inter.flatMap { stem in
        ["otf", "ttf"].map { kind in
          FontFiles(
            regular: "\(stem)Regular.\(kind)", medium: "\(stem)Medium.\(kind)",
            semibold: "\(stem)SemiBold.\(kind)")
        }
      } + [
        FontFiles(
          regular: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
          medium: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
          semibold: "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
      ]
    return families.first { family in
      [family.regular, family.medium, family.semibold].allSatisfy {
        FileManager.default.isReadableFile(atPath: $0)
      }
    }
  }()

  func path(_ weight: TextStyle.Weight) -> String {
    switch weight {
    case .regular: regular
    case .medium: medium
    case .semibold: semibold
    }
  }
}
