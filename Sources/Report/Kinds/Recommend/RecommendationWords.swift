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
  func statement(_ recommendation: Recommendation) -> HTML {
    let place = place(of: recommendation)
    let metric = block.y.value.fullWords
    guard let choice = recommendation.choice else {
      switch recommendation.outcome {
      case .notRun:
        return "With \(place) nothing is recommended: \(reasons(recommendation))."
      case .nothingFits: return "With \(place) no method fits: \(reasons(recommendation))."
      default:
        let floor = recommendation.judged.floor.map { " (\(format.string($0)))" } ?? ""
        return """
          With \(place) nothing is recommended: the method with the best mean \(metric) is not \
          shown, by its own interval, to be better than an answer that needs no skill\(floor).\
          \(bestMean(recommendation))
          """
      }
    }
    let name: HTML = "<b>\(choice.entry.method)</b>"
    let others = recommendation.candidates.count - 1
    switch recommendation.outcome {
    case .onlyOne: return "With \(place) only \(name) fits.\(worth(recommendation))"
    case .best:
      let than = others == 1 ? "the only other that fits" : "each of the \(others) others that fit"
      return """
        With \(place), use \(name): its \(metric) is better than that of \(than).\
        \(worth(recommendation))
        """
    default:
      let members = recommendation.members.map(\.entry.method)
        .filter { $0 != choice.entry.method }
      return """
        With \(place), \(name) has the best mean \(metric), and no interval tells it from \
        \(Words.list(members)).\(leanest(recommendation))\(worth(recommendation))
        """
    }
  }

  /// The cell of a recommendation in the table of budgets.
  func cell(_ recommendation: Recommendation) -> [HTML] {
    guard let choice = recommendation.choice else {
      return ["\(recommendation.outcome.rawValue)"]
    }
    let name: HTML = "<b>\(choice.entry.method)</b>"
    guard recommendation.outcome == .several else {
      return [name, "\(recommendation.outcome.rawValue)"]
    }
    let members = recommendation.members.map(\.entry.method).filter { $0 != choice.entry.method }
    return [name, "not told apart: \(members.joined(separator: ", "))"]
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

  /// Which method that is, for those who must use one all the same.
  private func bestMean(_ recommendation: Recommendation) -> HTML {
    guard let first = recommendation.fallback, let mean = first.entry.mean else { return "" }
    return " If one must be used, it is <b>\(first.entry.method)</b>, with \(format.string(mean))."
  }

  /// What a choice by the best mean scores on data it was not made on.
  private func worth(_ recommendation: Recommendation) -> HTML {
    guard recommendation.candidates.count > 1, let score = recommendation.judged.heldOut else {
      return ""
    }
    return """
       A choice by the best mean scores \(format.string(score)) on seeds and items that it was not \
      made on.
      """
  }

  /// Between equals the cheapest is the better choice.
  private func leanest(_ recommendation: Recommendation) -> HTML {
    guard let leanest = recommendation.leanest else { return "" }
    return """
       Of these, \(leanest.entry.method) needs the least memory, \
      \(ValueFormat(.bytes).string(leanest.memory)).
      """
  }

  /// Why no method is a candidate.
  private func reasons(_ recommendation: Recommendation) -> String {
    recommendation.exclusions.map { "\($0.method) \($0.reason)" }.joined(separator: "; ")
  }
}
