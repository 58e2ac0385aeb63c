import Experiments
import Plot

extension FigureData {
  /// Sentences that explain how to read the picture; every interval is named.
  var reading: String {
    let sentences: [String?] =
      switch shape {
      case .values:
        [placeSentence, estimateSentence, sharedSentence, publishedSentence]
      case .plane(let frontier):
        [placeSentence, estimateSentence, frontier.map(Self.frontierSentence)]
      case .parts: [placeSentence, stackSentence]
      case .grid: [heatSentence, sharedSentence]
      case .confusion: [placeSentence, confusionSentence]
      }
    return (sentences + [failureSentence, absenceSentence]).compactMap(\.self).joined(
      separator: " ")
  }

  private var placeSentence: String? {
    guard let shots,
      shape == .parts || shape == .confusion || xMetric != nil || block.chartKind == .curve
    else {
      return nil
    }
    return "At \(shots) \(shotWords)."
  }

  private var heatSentence: String {
    let runs = runWords == "one seed" ? nil : runWords.map { "\(block.statistic.word)s of \($0)" }
    let unit = panels.allSatisfy { $0.metric.defaultFormat.style == .percent } ? " in percent" : ""
    return "Numbers are \(runs ?? "single runs")\(unit); the stronger the shade, the higher."
  }

  private var confusionSentence: String {
    let runs = runWords == "one seed" ? nil : runWords.map { ", means of \($0)" }
    return
      "Rows are classes, columns answers: of the items of a class, the percentage that got each "
      + "answer\(runs ?? "")."
  }

  private var stackSentence: String {
    let runs = runWords.map { ", \(block.statistic.word) of \($0)" } ?? ""
    return "Bytes in use at the moment of the peak, by category\(runs)."
  }

  private var estimateSentence: String? {
    guard let runs = runWords else { return nil }
    guard let what = words.means else {
      return "Every dot is one run, the line their \(block.statistic.word) (\(runs))."
    }
    if block.chartKind == .curve {
      let bands = intervalWords == "bands" && estimates.contains { $0.interval != nil }
      return "Lines are \(block.statistic.word)s of \(runs)"
        + (bands ? ", bands 95\u{A0}% intervals of each alone, for \(basisWords)." : ".")
    }
    let means = runs == "one seed" ? "single runs" : "\(block.statistic.word)s of \(runs)"
    guard runs != "one seed" || estimates.contains(where: { $0.interval != nil }) else {
      return "\(what) are single runs: one seed gives no interval."
    }
    let dots = xMetric == nil ? ", faint dots single seeds" : ""
    guard estimates.contains(where: { $0.interval != nil }) else {
      let why =
        block.statistic == .mean ? "where nothing varies there is no interval" : "no intervals"
      return "\(what) are \(means)\(dots); \(why)."
    }
    return "\(what) are \(means), \(intervalWords) 95\u{A0}% intervals of each alone, for "
      + "\(basisWords)\(dots)."
  }

  /// What the intervals speak of.
  private var basisWords: String {
    let found = Set(estimates.compactMap(\.basis))
    return Contrast.Basis.allCases.filter(found.contains)
      .map { $0 == .seedsOnly ? "other seeds" : $0.rawValue }.joined(separator: " or ")
  }

  private var words: MarkWords {
    let measured = panels.flatMap(\.series).filter { !$0.isPublished }
    return mark.words(series: Set(measured.map(\.name)).count)
  }

  private var intervalWords: String { words.intervals }

  private var sharedSentence: String? {
    let names = panels.flatMap(\.series).filter { series in
      !series.isPublished && series.points.contains(where: \.y.isShared)
    }.map(\.name)
    var seen: Set<String> = []
    let distinct = names.filter { seen.insert($0).inserted }
    guard !distinct.isEmpty, case .shots? = panels.first?.series.first?.points.first?.position
    else { return nil }
    let verb = distinct.count == 1 ? "reads" : "read"
    return "\(Words.list(distinct)) \(verb) no examples: one run is shown at every number."
  }

  private var publishedSentence: String? {
    guard panels.contains(where: { $0.series.contains(where: \.isPublished) }) else { return nil }
    let sources = published.map(\.sourceText).joined(separator: "; ")
    return "\(words.published) are published numbers, not measured here (\(sources))."
  }

  private static func frontierSentence(_ frontier: ChartMark.Frontier) -> String {
    "The thin line joins the methods that no other's means beat on both axes, which is not tested: "
      + "less is better horizontally, "
      + (frontier == .lowXHighY ? "more vertically." : "less vertically.")
  }

  /// Which points have failed runs; nil for none.
  private var failureSentence: String? {
    var seen: Set<String> = []
    let words = panels.flatMap { panel in
      panel.series.filter { !$0.isPublished }.flatMap { series in
        series.points.compactMap { point -> String? in
          guard let failures = point.y.failures, failures.words != nil else { return nil }
          let title = panels.count > 1 ? " (\(panel.title))" : ""
          return "\(place(point, in: series))\(title) \(failures.failed)/\(failures.runs)"
        }
      }
    }.filter { seen.insert($0).inserted }
    guard !words.isEmpty else { return nil }
    let rest = words.count > 6 ? " and \(words.count - 6) more" : ""
    return
      "Failed runs: \(words.prefix(6).joined(separator: ", "))\(rest). \(RunFailures.definition)"
  }

  /// What is missing from the picture; nil for nothing.
  private var absenceSentence: String? {
    var seen: Set<Sample.Absence> = []
    let absences = estimates.flatMap(\.absences).filter { seen.insert($0).inserted }
    guard let first = absences.first else { return nil }
    let cells = Set(absences.map { [$0.method, "\($0.shots)", "\($0.seed)"] }).count
    let example = "\(first.method) at \(first.shots), seed \(first.seed): \(first.reason)"
    return cells == 1
      ? "One cell is missing (\(example))."
      : "\(cells) cells are missing (\(example); …): their points are gaps or \(block.statistic.word)s of the other "
        + "seeds."
  }
}
