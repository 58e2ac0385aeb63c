import Foundation

extension DisplayList: CustomStringConvertible {
  /// One line an item, lengths to a tenth of a pixel: what snapshots compare.
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
