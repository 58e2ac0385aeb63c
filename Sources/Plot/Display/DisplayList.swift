import Foundation

/// A laid-out chart: everything to draw, back to front, in CSS pixels.
struct DisplayList: Hashable, Sendable {
  let width: Double
  let height: Double
  let background: Color
  let items: [DisplayItem]

  /// The texts of the list.
  var texts: [TextRun] {
    items.compactMap { if case .text(let run) = $0 { run } else { nil } }
  }
}

/// One thing to draw; the canvas knows no other.
enum DisplayItem: Hashable, Sendable {
  case rectangle(Rectangle, Ink)
  case polygon([Position], Ink)
  /// A line with round joins and flat ends; dashes are lengths in CSS pixels, empty for solid.
  case stroke([Position], width: Double, dash: [Double], Ink)
  /// A point with a rim in another colour, which separates it from what it overlaps.
  case marker(MarkerShape, Position, size: Double, Ink, rim: Color?)
  case text(TextRun)

  /// The box that the item's ink stays within.
  func bounds(_ metrics: TextMetrics) -> Rectangle? {
    switch self {
    case .rectangle(let rectangle, _): rectangle
    case .polygon(let places, _): Rectangle.around(places)
    case .stroke(let places, let width, _, _): Rectangle.around(places)?.padded(by: width / 2)
    case .marker(let shape, let center, let size, _, _):
      Rectangle.around(shape.outline(at: center, size: size).outer)
    case .text(let run): run.bounds(metrics)
    }
  }
}

/// A colour with a coverage: 1 hides what lies behind it, 0 leaves it as it is.
struct Ink: Hashable, Sendable {
  let color: Color
  let opacity: Double

  init(_ color: Color, opacity: Double = 1) {
    self.color = color
    self.opacity = opacity
  }
}

extension DisplayList: CustomStringConvertible {
  /// One line per item, with lengths to a tenth of a pixel, for snapshots.
  var description: String {
    let head = "page \(Self.number(width)) × \(Self.number(height)) \(background.hex)"
    return ([head] + items.map(Self.line)).joined(separator: "\n") + "\n"
  }

  private static func line(_ item: DisplayItem) -> String {
    switch item {
    case .rectangle(let box, let ink):
      "rectangle \(number(box.x)) \(number(box.y)) \(number(box.width)) \(number(box.height))"
        + " \(text(ink))"
    case .polygon(let places, let ink): "polygon \(text(places)) \(text(ink))"
    case .stroke(let places, let width, let dash, let ink):
      "stroke \(text(places)) width \(number(width)) \(text(ink))"
        + (dash.isEmpty ? "" : " dash " + dash.map(number).joined(separator: ","))
    case .marker(let shape, let center, let size, let ink, let rim):
      "marker \(shape.rawValue) \(text([center])) size \(number(size)) \(text(ink))"
        + (rim.map { " rim \($0.hex)" } ?? "")
    case .text(let run):
      "text \(text([run.anchor])) \(run.alignment.rawValue) \(number(run.style.size))"
        + " \(run.style.weight.rawValue) \(run.color.hex)" + (run.halo == nil ? "" : " halo")
        + " “\(run.text)”"
    }
  }

  private static func text(_ ink: Ink) -> String {
    ink.color.hex + (ink.opacity == 1 ? "" : String(format: "@%.2f", ink.opacity))
  }

  private static func text(_ places: [Position]) -> String {
    places.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text == "-0.0" ? "0.0" : text
  }
}
