import Experiments
import Formats

/// A recommendation in words.
struct RecommendationWords {
  let block: RecommendBlock
  /// "examples per class" or "examples".
  let shotWords: String

  /// "at most 512 MiB and 30 s", "any memory".
  static func budget(memory: Double?, seconds: Double?) -> String {
    let words = Budget(examples: 0, memory: memory, seconds: seconds).words
    return memory == nil && seconds != nil ? "any memory, \(words ?? "")" : words ?? "any memory"
  }

  /// The choice within a budget, in a sentence or three.
  func statement(_ choice: Recommendation) -> HTML {
    let place = place(of: choice)
    guard let best = choice.best else {
      return "With \(place) no measured method fits\(least(choice))."
    }
    let name: HTML = "<b>\(best.method)</b>"
    let mean = best.estimate.mean.map(format.string) ?? RenderedValue.missing
    let metric = block.y.value.fullWords
    let others = choice.candidates.count - 1
    let than = others == 1 ? "the only other that fits" : "each of the \(others) others that fit"
    let text: HTML
    switch choice.verdict {
    case .nothingFits: text = ""
    case .onlyOne:
      text = "With \(place) only \(name) fits: \(mean) \(metric)."
    case .clear:
      text = """
        With \(place), use \(name): \(mean) \(metric), clearly better than \(than).
        """
    case .tied:
      text = """
        With \(place), \(name) has the best mean \(metric), \(mean), but the data cannot tell it \
        from \(Words.list(choice.tied.map(named))).\(leanest(choice))
        """
    case .undecided:
      text = """
        With \(place), the data cannot tell: \(name) has the best mean \(metric), \(mean), but not \
        clearly better than \(others == 1 ? than : "any of the \(others) others that fit").\
        \(leanest(choice))
        """
    }
    return text + majority(choice)
  }

  /// The cell of a recommendation in the table of budgets.
  func cell(_ choice: Recommendation) -> [HTML] {
    guard let best = choice.best else { return ["nothing fits"] }
    let mean = best.estimate.mean.map { format.bare(format.string($0)) } ?? RenderedValue.missing
    var lines: [HTML] = ["<b>\(best.method)</b> \(mean)"]
    switch choice.verdict {
    case .nothingFits: break
    case .onlyOne: lines.append("only one fits")
    case .clear: lines.append("clear")
    case .tied, .undecided:
      let tied = choice.tied.map(\.method)
      lines.append(
        choice.verdict == .undecided && tied.count > 2
          ? "or any other that fits (\(tied.count))"
          : tied.count > 3 ? "or one of \(tied.count) others" : "or \(Self.alternatives(tied))")
    }
    if let share = best.bestShare, choice.candidates.count > 1 {
      lines.append("best mean in \(Words.percent(share.roundedShare))")
    }
    if choice.isNearMajority { lines.append("not above the majority class") }
    return lines
  }

  /// What the candidates' table shows.
  func candidatesTitle(_ choice: Recommendation) -> String {
    "The methods with \(place(of: choice))"
  }

  private var format: ValueFormat { ValueFormat(block.y.value.defaultFormat.style) }

  private func place(of choice: Recommendation) -> String {
    let measured =
      choice.shots == choice.budget.examples ? "" : " (measured with \(choice.shots))"
    return "\(choice.budget.examples) \(shotWords)\(measured) and "
      + Self.budget(memory: choice.budget.memory, seconds: choice.budget.seconds)
  }

  private func named(_ candidate: Recommendation.Candidate) -> String {
    candidate.estimate.mean.map { "\(candidate.method) (\(format.string($0)))" }
      ?? candidate.method
  }

  /// Between equals the cheapest is the better choice.
  private func leanest(_ choice: Recommendation) -> HTML {
    guard let leanest = choice.leanest else { return "" }
    return """
       Of these, \(leanest.method) needs the least memory, \
      \(ValueFormat(.bytes).string(leanest.memory)).
      """
  }

  private func majority(_ choice: Recommendation) -> HTML {
    guard choice.isNearMajority, let majority = choice.majority else { return "" }
    return """
       <strong>That is not clearly above always answering the commonest class \
      (\(Words.percent(majority))), so none of these methods may be worth running.</strong>
      """
  }

  /// The least of what the budget rules out, for a budget too small for anything.
  private func least(_ choice: Recommendation) -> String {
    let reasons = choice.exclusions.map { "\($0.method) \($0.reason)" }
    return reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
  }

  private static func alternatives(_ names: [String]) -> String {
    names.joined(separator: " or ")
  }
}
