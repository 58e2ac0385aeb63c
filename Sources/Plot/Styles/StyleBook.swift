/// A fixed colour and marker for every name, the same in every chart of a site.
///
/// Methods of the study have styles of their own. A name such as `lora-r64` belongs to the family
/// `lora`: its hue, with a shade and a marker from the number or word behind the dash. Any other
/// name gets a style from a stable hash. Names listed at the start are dealt out in order, so that
/// no two of them share both colour and marker while styles last.
///
/// The twelve hues were chosen by a search that maximised the least OKLab distance between any two
/// under normal vision, protanopia and deuteranopia (Machado et al. 2009), at a contrast of at least
/// 3.2 : 1 with the page.
package struct StyleBook: Hashable, Sendable {
  private var assigned: [String: SeriesStyle] = [:]

  /// Makes a book; only the order of names outside the study's families can matter.
  ///
  /// - Parameter names: The names of the site, in a stable order.
  package init(names: [String] = []) {
    for name in names where assigned[name] == nil {
      assigned[name] = Self.candidates(for: name).first { candidate in
        !assigned.values.contains(candidate)
      }
    }
  }

  /// The style of a series.
  package func style(for name: String) -> SeriesStyle {
    assigned[name] ?? Self.candidates(for: name).first ?? Self.spares[0]
  }

  /// The colour of a part of a stack, such as `gradients`.
  package func partStyle(for name: String) -> SeriesStyle {
    if let index = Self.partNames.firstIndex(of: name) { return Self.parts[index] }
    return Self.parts[Int(Self.hash(name) % UInt64(Self.parts.count))]
  }

  /// The styles a name may take, best first.
  private static func candidates(for name: String) -> [SeriesStyle] {
    if let known = families.first(where: { $0.name == name }) { return [known.style] }
    let family =
      families.filter { name.hasPrefix($0.name + "-") }.max { $0.name.count < $1.name.count }
    guard let family else {
      let start = Int(hash(name) % UInt64(spares.count))
      return (0..<spares.count).map { spares[(start + $0) % spares.count] }
    }
    let variant = String(name.dropFirst(family.name.count + 1))
    let step = variantStep(variant)
    let shapes = MarkerShape.allCases
    return (0..<shapes.count).map { shift in
      let index = (step + shift) % shapes.count
      return family.style.variant(
        level: Double((step + shift) % 7) / 6, marker: shapes[index])
    }
  }

  /// 0…6: the binary logarithm of the number a variant ends with, or a hash of its words.
  private static func variantStep(_ variant: String) -> Int {
    let digits = String(variant.reversed().prefix { ("0"..."9").contains($0) }.reversed())
    guard let number = Int(digits), number > 0 else { return Int(hash(variant) % 7) }
    return min(6, Int.bitWidth - 1 - number.leadingZeroBitCount)
  }

  /// FNV-1a: stable across runs and machines, unlike `Hasher`.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
