/// The sum of a stack's parts, written beyond its end.
struct TotalLabels {
  let context: MarkContext
  let format: ValueFormat

  func items() -> [DisplayItem] {
    let frame = context.frame
    return context.panel.positions.compactMap { position in
      guard let total = context.panel.stackTotal(at: position),
        let center = frame.position(of: position), let end = frame.level(of: total)
      else { return nil }
      let isVertical = frame.orientation == .vertical
      let place =
        isVertical ? Position(x: center, y: end - 6) : Position(x: end + 6, y: center + 4.3)
      return .text(
        TextRun(
          format.text(total), at: place, isVertical ? .center : .leading, style: .tick,
          color: context.theme.text))
    }
  }
}
