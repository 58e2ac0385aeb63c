/// Which way the position channel runs.
package enum Orientation: String, Hashable, Sendable {
  /// Left to right, values upwards.
  case vertical
  /// Top to bottom, values to the right: room for long names.
  case horizontal
}

/// One panel's rectangle on the page, and where coordinates lie in it.
struct PlotFrame: Hashable, Sendable {
  let box: Rectangle
  let x: ResolvedAxis
  let y: ResolvedAxis
  let orientation: Orientation
  /// Room kept free at both ends of the position channel.
  let inset: Double

  private var positionLength: Double {
    (orientation == .vertical ? box.width : box.height) - 2 * inset
  }

  /// Where a fraction of the position channel lies, along the page's x or y by orientation.
  func position(at fraction: Double) -> Double {
    (orientation == .vertical ? box.x : box.y) + inset + fraction * positionLength
  }

  /// Where a coordinate lies, or nil where the axis has no place for it.
  func position(of coordinate: Coordinate) -> Double? {
    x.scale.fraction(of: coordinate).map(position(at:))
  }

  /// Where a fraction of the value channel lies.
  func level(at fraction: Double) -> Double {
    orientation == .vertical
      ? box.maxY - fraction * box.height : box.x + fraction * box.width
  }

  /// Where a value lies, kept within the plot.
  func level(of value: Double) -> Double? {
    y.scale.fraction(of: value).map { level(at: min(1, max(0, $0))) }
  }

  /// Where the value axis starts: the foot of bars.
  var foot: Double { level(of: 0) ?? level(at: 0) }

  /// A place from its position and its level.
  func place(_ position: Double, _ level: Double) -> Position {
    orientation == .vertical
      ? Position(x: position, y: level) : Position(x: level, y: position)
  }

  /// A bar between two levels.
  func bar(center: Double, breadth: Double, from start: Double, to end: Double) -> Rectangle {
    let (low, length) = (min(start, end), abs(end - start))
    return orientation == .vertical
      ? Rectangle(x: center - breadth / 2, y: low, width: breadth, height: length)
      : Rectangle(x: low, y: center - breadth / 2, width: length, height: breadth)
  }

  /// The least distance between two of the positions in use: the room for series side by side.
  func slotLength(_ coordinates: [Coordinate]) -> Double {
    if let count = x.scale.slotCount { return positionLength / Double(max(1, count)) }
    let places = Set(coordinates.compactMap(position(of:))).sorted()
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }.filter { $0 > 0.5 }
    return gaps.min() ?? positionLength
  }
}
