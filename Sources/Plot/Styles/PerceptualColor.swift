import Foundation

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
