import Foundation

/// An opaque sRGB colour.
struct Color: Hashable, Sendable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  /// Makes a colour from `0xRRGGBB`.
  package init(_ hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour as `#rrggbb`, for a page that shows the same key.
  var hex: String { String(format: "#%02x%02x%02x", red, green, blue) }

  /// Relative luminance, WCAG 2.2: 0 for black, 1 for white.
  var luminance: Double {
    0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
  }

  /// Contrast ratio, WCAG 2.2: 1 (none) to 21.
  func contrast(with other: Color) -> Double {
    let (one, two) = (luminance, other.luminance)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  /// The colour moved away from the background until it contrasts by at least `ratio`.
  func readable(on background: Color, ratio: Double = 4.5) -> Color {
    guard contrast(with: background) < ratio else { return self }
    let step = background.luminance > 0.5 ? -0.02 : 0.02
    var shade = perceptual
    var color = self
    while color.contrast(with: background) < ratio, (0.0...1.0).contains(shade.lightness) {
      shade.lightness += step
      color = Color(shade)
    }
    return color
  }

  static func linear(_ channel: UInt8) -> Double {
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}

/// A colour in OKLCH, where equal steps look about equally large (Ottosson 2020).
struct PerceptualColor: Hashable {
  /// 0 (black) to 1 (white).
  var lightness: Double
  var chroma: Double
  /// In radians.
  var hue: Double
}

extension Color {
  /// The colour in OKLCH.
  var perceptual: PerceptualColor {
    let (r, g, b) = (Self.linear(red), Self.linear(green), Self.linear(blue))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    let a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    let c = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return PerceptualColor(
      lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      chroma: (a * a + c * c).squareRoot(), hue: atan2(c, a))
  }

  /// The nearest sRGB colour, each channel clipped.
  init(_ shade: PerceptualColor) {
    let a = shade.chroma * cos(shade.hue)
    let c = shade.chroma * sin(shade.hue)
    let l = pow(shade.lightness + 0.3963377774 * a + 0.2158037573 * c, 3)
    let m = pow(shade.lightness - 0.1055613458 * a - 0.0638541728 * c, 3)
    let s = pow(shade.lightness - 0.0894841775 * a - 1.2914855480 * c, 3)
    self.init(
      red: Self.encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      green: Self.encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      blue: Self.encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s))
  }

  private static func encoded(_ linear: Double) -> UInt8 {
    let value = min(1, max(0, linear))
    let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8((min(1, encoded) * 255).rounded())
  }
}

/// The page a chart is drawn for.
package enum Theme: String, Hashable, Sendable, CaseIterable {
  /// Dark ink on white.
  case light
  /// Light ink on near black.
  case dark

  /// The solid colour behind the chart, equal to the page's.
  var background: Color { self == .light ? Color(0xffffff) : Color(0x15181d) }
  var text: Color { self == .light ? Color(0x1d2329) : Color(0xe6e9ed) }
  var muted: Color { self == .light ? Color(0x5c6670) : Color(0x9da7b3) }
  var axis: Color { self == .light ? Color(0x9aa3ad) : Color(0x59626d) }
  var grid: Color { self == .light ? Color(0xe5e8ec) : Color(0x2a3037) }
  /// The faint ground of every other slot of a categorical axis.
  var stripe: Color { self == .light ? Color(0xf6f7f9) : Color(0x1a1e24) }
}
