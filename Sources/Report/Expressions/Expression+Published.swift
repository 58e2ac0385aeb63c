import Experiments
import Formats

extension PublishedNumbers {
  /// Every number that a selection means.
  func numbers(of selection: ResultSelection) -> [Number] {
    let chosen = numbers.filter { number in
      number.metric == selection.metric.value
        && (selection.method.map { $0.value == number.method } ?? true)
    }
    guard let shots = selection.shots else { return chosen }
    let wanted = shots.value.number(in: chosen.map(\.shots))
    return chosen.filter { $0.shots == wanted }
  }

  /// The value of a selection: one number, or several for a summary such as `max(…)`.
  func value(of selection: ResultSelection) -> EvaluatedExpression.Value {
    let found = numbers(of: selection)
    if found.count == 1 { return .number(found[0].value) }
    return .sample(
      found.enumerated().map { Sample.Point(seed: $0.offset, value: $0.element.value) })
  }
}

extension PublishedNumbers {
  /// Looks a selection up, which must mean one number unless it is summed up.
  func check(_ selection: ResultSelection, isSummarized: Bool) -> [Diagnostic] {
    if let seed = selection.seed {
      return [
        Diagnostic(
          .unknownSelector, at: seed.position, "published numbers such as '\(label)' have no seeds",
          help: "leave the seed out")
      ]
    }
    if let method = selection.method, !methods.contains(method.value) {
      return [
        Diagnostic(
          .unknownSelector, at: method.position, "'\(label)' has no method '\(method.value)'",
          help: Suggestion.help(for: method.value, among: methods, called: "its methods"))
      ]
    }
    let metric = selection.metric
    if !metrics.contains(metric.value) {
      let known = metrics.map(\.description)
      return [
        Diagnostic(
          .unknownSelector, at: metric.position, "'\(label)' has no '\(metric.value)'",
          help: Suggestion.help(
            for: metric.value.description, among: known, called: "its metrics"))
      ]
    }
    let found = numbers(of: selection)
    guard let first = found.first else {
      let place = selection.shots?.position ?? selection.experiment.position
      let there = numbers.filter {
        $0.metric == metric.value && (selection.method.map(\.value) ?? $0.method) == $0.method
      }
      let shots = Set(there.map(\.shots)).sorted().map(String.init).joined(separator: ", ")
      return [
        Diagnostic(
          .unknownSelector, at: place,
          "'\(label)' has no '\(metric.value)' there", help: "it has numbers at \(shots) shots")
      ]
    }
    guard found.count > 1, !isSummarized else { return [] }
    return [
      Diagnostic(
        .unknownSelector, at: selection.experiment.position,
        "the selection means \(found.count) published numbers",
        help: "write \(label)[\(first.method), \(first.shots)].\(metric.value), "
          + "or summarise all with mean(…), min(…) or max(…)")
    ]
  }

  /// Why these numbers cannot be shown beside some measured ones.
  func check(beside metrics: [Located<MetricPath>], at position: SourcePosition) -> [Diagnostic] {
    guard !metrics.contains(where: { self.metrics.contains($0.value) }) else { return [] }
    return [
      Diagnostic(
        .unknownSelector, at: position,
        "'\(label)' has none of the metrics shown here",
        help: "its metrics: \(self.metrics.map(\.description).joined(separator: ", "))")
    ]
  }
}
