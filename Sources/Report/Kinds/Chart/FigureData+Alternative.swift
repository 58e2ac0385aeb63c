import Experiments
import Plot

extension FigureData {
  /// About as long as a screen reader's user will listen to.
  private static let alternativeLimit = 600

  /// How detailed the description of each series is.
  private enum Detail: CaseIterable {
    /// Every value, or the first and last along numbers.
    case course
    /// The last value.
    case end
    case extremes
  }

  /// The picture in words: its kind, axes, series, first and last values, extremes and levels.
  ///
  /// As much of that as takes no longer than ``alternativeLimit``; extremes always stay.
  var alternative: String {
    let opening = "\(kindWords) of \(subject)."
    let names = Words.list(panels.first?.series.map(\.name) ?? [])
    let texts = Detail.allCases.lazy.map { detail in
      let list = detail == .extremes ? ["Series: \(names)."] : []
      return ([opening] + list + panels.map { describe($0, detail) }).joined(separator: " ")
    }
    return texts.first { $0.count <= Self.alternativeLimit } ?? texts.last ?? opening
  }

  private var kindWords: String {
    panels.count == 1 ? mark.chartName : "\(mark.chartName) in \(panels.count) panels"
  }

  private var subject: String {
    let place = shots.map { " at \($0) \(shotWords)" } ?? ""
    switch shape {
    case .parts: return "memory at the peak by category and method\(place)"
    case .grid: return "\(yTitle) by method and \(xTitle)"
    case .confusion: return "shares of answers by class\(place)"
    case .plane: return "\(yTitle) against \(xTitle), one point per method\(place)"
    case .values:
      let numbers = panels.flatMap(\.series).flatMap(\.points).compactMap { point -> Int? in
        switch point.position {
        case .shots(let count), .epoch(let count): count
        case .method, .metric, .truth: nil
        }
      }
      guard let least = numbers.min(), let most = numbers.max(), least < most else {
        return "\(yTitle) by method\(place)"
      }
      return "\(yTitle) against \(xTitle), \(least) to \(most)\(place)"
    }
  }

  private func describe(_ panel: Panel, _ detail: Detail) -> String {
    var parts: [String] = []
    switch shape {
    case .parts: parts = detail == .extremes ? [] : stackWords(panel)
    case .plane where detail == .course: parts = panel.series.flatMap { placeWords($0, panel) }
    case .values, .grid, .plane, .confusion:
      if detail == .course { parts = panel.series.map { courseWords($0, panel) } }
      if detail == .end { parts = endWords(panel) }
    }
    if shape != .parts { parts += extremeWords(panel) }
    if parts.isEmpty { parts = ["no data"] }
    let levels = panel.levels.map { "\($0.name) \(Words.percent($0.value))" }
    if !levels.isEmpty { parts.append(levels.joined(separator: ", ")) }
    let title = panel.title.isEmpty ? (shape == .parts ? "Totals" : "Values") : panel.title
    return "\(title): \(parts.joined(separator: "; "))."
  }

  /// "lora from 55.1 % to 78.2 %", "lora 78.2 %", or a value for each method.
  private func courseWords(_ series: Series, _ panel: Panel) -> String {
    let words = series.points.map { word($0, panel) }
    guard let first = words.first, let last = words.last, words.count > 1 else {
      return "\(series.name) \(words.first ?? "no value")"
    }
    let methods = series.points.compactMap { point in
      switch point.position {
      case .method(let name), .truth(let name): name
      case .shots, .epoch, .metric: nil as String?
      }
    }
    guard methods.count == words.count else { return "\(series.name) from \(first) to \(last)" }
    let values = zip(methods, words).map { "\($0) \($1)" }
    return "\(series.name): \(values.joined(separator: ", "))"
  }

  /// The values at the right end: "at 128: lora 78.2 %, icl 61.0 %", or the last series.
  private func endWords(_ panel: Panel) -> [String] {
    guard let last = panel.series.last, let end = last.points.last else { return [] }
    switch end.position {
    case .shots(let count), .epoch(let count):
      let values = panel.series.compactMap { series in
        series.points.last.map { "\(series.name) \(word($0, panel))" }
      }
      return ["at \(count): \(values.joined(separator: ", "))"]
    case .method, .truth: return [courseWords(last, panel)]
    case .metric: return panel.series.map { courseWords($0, panel) }
    }
  }

  private func word(_ point: Point, _ panel: Panel) -> String {
    point.y.center.map(format(panel.metric).string) ?? "no value"
  }

  /// The highest and lowest mean with where they are.
  private func extremeWords(_ panel: Panel) -> [String] {
    let format = format(panel.metric)
    let all = panel.series.flatMap { series in
      series.points.compactMap { point in
        point.y.center.map { (value: $0, place: place(point, in: series)) }
      }
    }
    guard all.count > 2, let most = all.max(by: { $0.value < $1.value }),
      let least = all.min(by: { $0.value < $1.value }), most.value > least.value
    else { return [] }
    return [
      "highest \(format.string(most.value)), \(most.place)",
      "lowest \(format.string(least.value)), \(least.place)",
    ]
  }

  func place(_ point: Point, in series: Series) -> String {
    switch point.position {
    case .shots(let count), .epoch(let count): "\(series.name) at \(count)"
    case .method(let name) where name != series.name: "\(name) at \(series.name)"
    case .truth(let name): "\(name) answered \(series.name)"
    case .method, .metric: series.name
    }
  }

  /// "lora 12.1 MiB, 74.0 %".
  private func placeWords(_ series: Series, _ panel: Panel) -> [String] {
    series.points.map { point in
      guard let x = point.x?.center, let y = point.y.center, let xMetric else {
        return "\(series.name) no value"
      }
      return "\(series.name) \(xMetric.defaultFormat.string(x)), \(format(panel.metric).string(y))"
    }
  }

  /// Totals, largest first, each with its largest part.
  private func stackWords(_ panel: Panel) -> [String] {
    let methods = panel.series.first?.points.map(\.position) ?? []
    let bars = methods.enumerated().compactMap { index, position -> (Double, String)? in
      guard case .method(let name) = position else { return nil }
      let parts = panel.series.compactMap { series in
        series.points[index].y.center.map { (name: series.name, value: $0) }
      }
      guard let largest = parts.max(by: { $0.value < $1.value }) else {
        return (-1, "\(name) no value")
      }
      let total = parts.reduce(0) { $0 + $1.value }
      let format = format(panel.metric)
      return (
        total,
        "\(name) \(format.string(total)), largest: \(largest.name) \(format.string(largest.value))"
      )
    }
    return bars.enumerated().sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
      .map(\.element.1)
  }
}

extension String {
  /// This text with a capital at its start.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
