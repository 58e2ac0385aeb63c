/// A fixed colour and marker for every name, the same in every chart of a site.
///
/// Methods of the study have styles of their own. A name such as `lora-r64` belongs to the family
/// `lora`: its hue, with a shade and a marker from the number or word after the dash. Any other
/// name gets a style from a stable hash. A book made for the names of a site does better: it spreads
/// the members of a family over all its shades, and gives no two names the same style while styles
/// last.
///
/// The twelve hues were chosen by a search that maximised the least OKLab distance between any two
/// under normal vision, protanopia and deuteranopia (Machado et al. 2009), at a contrast of at least
/// 3.2 : 1 with the page.
package struct StyleBook: Hashable, Sendable {
  private var assigned: [String: SeriesStyle] = [:]

  /// Makes a book.
  ///
  /// - Parameter names: The names of the site, in a stable order; they decide the shades within a
  ///   family and who keeps a style that two names outside the study's methods would share.
  package init(names: [String] = []) {
    for family in Self.allFamilies {
      let members = Set(names.filter { Self.family(of: $0)?.name == family.name })
        .subtracting([family.name])
        .sorted { (Self.step($0), $0) < (Self.step($1), $1) }
      guard members.count > 1 else { continue }
      for (index, name) in members.enumerated() {
        assigned[name] = family.style.variant(
          level: Double(index) / Double(members.count - 1),
          marker: Self.shapes[index % Self.shapes.count])
      }
    }
    for name in names where assigned[name] == nil {
      let used = Array(assigned.values)
      assigned[name] =
        Self.candidates(for: name).enumerated()
        .map { rank, style in (style, Self.likeness(style, to: used), rank) }
        .min { ($0.1, $0.2) < ($1.1, $1.2) }?.0
    }
  }

  /// The style of a series.
  package func style(for name: String) -> SeriesStyle {
    assigned[name] ?? Self.candidates(for: name)[0]
  }

  /// The colours of the parts of a stack, such as `gradients`.
  ///
  /// The parts of memory always look the same; others take what is left, in order.
  func partStyles(for names: [String]) -> [SeriesStyle] {
    let known = names.map { Self.partNames.firstIndex(of: $0) }
    let free = Self.parts.indices.filter { !known.contains($0) }
    var next = 0
    return known.map { index in
      if let index { return Self.parts[index] }
      defer { next += 1 }
      return free.isEmpty
        ? Self.parts[next % Self.parts.count] : Self.parts[free[next % free.count]]
    }
  }

  /// How similar a style is to those in use: same colour counts more than same marker.
  private static func likeness(_ style: SeriesStyle, to used: [SeriesStyle]) -> Int {
    used.reduce(0) { sum, other in
      sum + (other == style ? 10_000 : 0) + (other.light == style.light ? 100 : 0)
        + (other.marker == style.marker ? 1 : 0)
    }
  }

  private static let shapes = MarkerShape.allCases

  /// The styles a name may take, best first; never empty.
  private static func candidates(for name: String) -> [SeriesStyle] {
    guard let family = family(of: name) else {
      let start = Int(hash(name) % UInt64(spares.count))
      return (0..<spares.count).map { spares[(start + $0) % spares.count] }
    }
    guard family.name != name else { return [family.style] }
    let step = step(name)
    return shapes.indices.map { shift in
      family.style.variant(
        level: Double((step + shift) % 7) / 6, marker: shapes[(step + shift) % shapes.count])
    }
  }

  /// The most specific family whose name the given one is, or begins with before a dash.
  private static func family(of name: String) -> Family? {
    allFamilies.filter { name == $0.name || name.hasPrefix($0.name + "-") }
      .max { $0.name.count < $1.name.count }
  }

  /// 0…6: the binary logarithm of the number a variant's name ends with, or a hash of the name.
  private static func step(_ name: String) -> Int {
    let digits = String(name.reversed().prefix { ("0"..."9").contains($0) }.reversed())
    guard let number = Int(digits), number > 0 else { return Int(hash(name) % 7) }
    return min(6, Int.bitWidth - 1 - number.leadingZeroBitCount)
  }

  /// FNV-1a: stable across runs and machines, unlike `Hasher`.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

/// How one name looks wherever it appears.
package struct SeriesStyle: Hashable, Sendable {
  /// Its colour on a light page.
  let light: Color
  /// Its colour on a dark page.
  let dark: Color
  /// The shape of its points.
  let marker: MarkerShape

  /// The colour on a page of this theme.
  func color(_ theme: Theme) -> Color { theme == .light ? light : dark }

  /// A member of the style's family: the same hue, shaded, with a marker of its own.
  ///
  /// - Parameters:
  ///   - level: 0 (nearest the page) to 1 (farthest from it).
  ///   - marker: The member's marker.
  /// - Returns: The member's style.
  func variant(level: Double, marker: MarkerShape) -> SeriesStyle {
    SeriesStyle(
      light: Self.shaded(light, lightness: 0.70 - 0.40 * level, turn: 1.3 * (0.5 - level)),
      dark: Self.shaded(dark, lightness: 0.50 + 0.40 * level, turn: 1.3 * (0.5 - level)),
      marker: marker)
  }

  /// The hue turns a little with the shade, as in sequential scales, to widen the differences.
  private static func shaded(_ color: Color, lightness: Double, turn: Double) -> Color {
    var shade = color.perceptual
    shade.lightness = lightness
    shade.hue += turn
    return Color(shade)
  }
}
