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
