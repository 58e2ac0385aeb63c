import Experiments
import Formats

extension ReportJSON {
  /// The matrices of tests.
  var comparisons: [JSONText] {
    evaluated.comparisons.map { entry -> JSONText in
      let (block, comparison) = (entry.block, entry.comparison)
      return .map([
        "label": .text(block.label), "experiment": .text(comparison.experiment),
        "metric": .text(comparison.metric.description), "shots": .integer(comparison.shots),
        "correction": .text(comparison.correction.rawValue),
        "confidence": JSONText(comparison.confidence),
        "tests": .integer(comparison.tests.testedCount),
        "methods": .list(
          comparison.entries.map { entry -> JSONText in
            .map([
              "method": .text(entry.method), "mean": JSONText(entry.mean),
              "averageRank": JSONText(entry.averageRank), "runs": .integer(entry.runs),
              "absence": JSONText(entry.absence),
            ])
          }),
        "pairs": .list(comparison.tests.map { Self.test($0, level: comparison.level) }),
      ])
    }
  }

  /// What others published, as the report uses it.
  var references: [JSONText] {
    evaluated.plan.published.map { published in
      .map([
        "label": .text(published.label), "source": .text(published.source),
        "numbers": .list(
          published.numbers.map { number in
            .map([
              "method": .text(number.method), "shots": .integer(number.shots),
              "metric": .text(number.metric.description), "value": JSONText(number.value),
              "sd": JSONText(number.spread), "runs": JSONText(number.runs),
            ])
          }),
      ])
    }
  }

  /// Every recommendation with what it rests on.
  var recommendations: [JSONText] {
    evaluated.recommendations.map { grid in
      .map([
        "label": .text(grid.block.label), "experiment": .text(grid.block.experiment),
        "metric": .text(grid.block.y.value.description),
        "correction": .text(grid.block.correction.rawValue),
        "confidence": JSONText(grid.block.confidence),
        "choices": .list(
          grid.cells.joined().map { Self.choice($0, level: 1 - grid.block.confidence) }),
      ])
    }
  }

  private static func choice(_ choice: Recommendation, level: Double) -> JSONText {
    .map([
      "examples": .integer(choice.budget.examples), "memory": JSONText(choice.budget.memory),
      "seconds": JSONText(choice.budget.seconds), "shots": .integer(choice.shots),
      "verdict": .text(choice.verdict.rawValue), "method": JSONText(choice.best?.method),
      "tied": JSONText(choice.tied.map(\.method)), "leanest": JSONText(choice.leanest?.method),
      "majority": JSONText(choice.majority), "nearMajority": .flag(choice.isNearMajority),
      "candidates": .list(
        choice.candidates.map { candidate in
          .map([
            "method": .text(candidate.method), "mean": JSONText(candidate.estimate.mean),
            "memory": JSONText(candidate.memory), "seconds": JSONText(candidate.seconds),
            "bestShare": JSONText(candidate.bestShare), "tied": .flag(candidate.isTied),
            "test": candidate.test.map { test($0, level: level) } ?? .null,
          ])
        }),
      "excluded": .list(
        choice.exclusions.map {
          .map(["method": .text($0.method), "reason": .text($0.reason)])
        }),
    ])
  }

  private static func test(_ test: PairwiseTest, level: Double) -> JSONText {
    .map([
      "first": .text(test.first), "second": .text(test.second),
      "difference": JSONText(test.difference?.estimate),
      "interval": test.difference?.interval.map { JSONText($0) } ?? .null,
      "pValue": JSONText(test.difference?.pValue),
      "adjustedPValue": JSONText(test.adjustedPValue), "clear": .flag(test.isClear(at: level)),
      "seeds": .integer(test.difference?.count ?? 0),
      "distinctPairs": .integer(test.distinctPairs), "absence": JSONText(test.absence),
      "items": test.items.map { items($0) } ?? .null,
    ])
  }

  private static func items(_ items: ItemComparison) -> JSONText {
    .map([
      "count": .integer(items.bootstrap.items), "interval": JSONText(items.bootstrap.interval),
      "pValue": JSONText(items.bootstrap.pValue), "clear": .flag(items.isClear),
      "runs": .list(
        items.runs.map { run in
          .map([
            "onlyFirst": .integer(run.onlyFirst), "onlySecond": .integer(run.onlySecond),
            "pValue": JSONText(run.pValue),
          ])
        }),
    ])
  }
}
