/// The at most 256 colours that stand for all colours of an image.
///
/// Flat areas keep their exact colour: the most frequent ones come first. The rest of the table
/// goes, one by one, to the colour that is both frequent and worst represented so far, which spends
/// it on the soft edges. Ties are broken by the colour's value, so that equal images give equal
/// tables.
struct ColorTable {
  let colors: [UInt32]
  /// The table's index for every colour of the image.
  let indices: [UInt32: UInt8]

  private struct Entry {
    let color: UInt32
    let weight: Double
    var distance = Double.infinity
    var index: UInt8 = 0

    var error: Double { weight * distance }
  }

  init(_ pixels: [UInt32], limit: Int = 256) {
    var counts: [UInt32: Int] = [:]
    for pixel in pixels { counts[pixel, default: 0] += 1 }
    var entries =
      counts
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .map { Entry(color: $0.key, weight: Double($0.value).squareRoot()) }
    var colors: [UInt32] = []
    let exact = 24
    while colors.count < min(limit, entries.count) {
      let next =
        colors.count < exact
        ? colors.count : entries.indices.max { entries[$0].error < entries[$1].error } ?? 0
      let color = entries[next].color
      for index in entries.indices {
        let distance = Self.distance(entries[index].color, color)
        if distance < entries[index].distance {
          entries[index].distance = distance
          entries[index].index = UInt8(truncatingIfNeeded: colors.count)
        }
      }
      colors.append(color)
    }
    self.colors = colors
    indices = Dictionary(uniqueKeysWithValues: entries.map { ($0.color, $0.index) })
  }

  /// Squared distance, weighted as the eye weighs the channels.
  private static func distance(_ one: UInt32, _ two: UInt32) -> Double {
    func channel(_ shift: UInt32) -> Double {
      Double((one >> shift) & 0xff) - Double((two >> shift) & 0xff)
    }
    let (red, green, blue) = (channel(16), channel(8), channel(0))
    return 2 * red * red + 4 * green * green + 3 * blue * blue
  }
}
