import Foundation

/// An opaque sRGB colour.
package struct Color: Hashable, Sendable {
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
  package var hex: String { String(format: "#%02x%02x%02x", red, green, blue) }

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
