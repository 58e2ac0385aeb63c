import Experiments

/// How the values of several seeds become one number.
package enum Statistic: String, CaseIterable, Hashable, Sendable {
  case mean
  case median
  /// The mean of the middle half of the values.
  case interquartileMean = "iqm"

  /// The number; nil without values.
  func value(of values: [Double]) -> Double? {
    switch self {
    case .mean: SampleMoments(values)?.mean
    case .median: RobustLocation.median(values)
    case .interquartileMean: RobustLocation.interquartileMean(values)
    }
  }

  /// As in "the median of 6 seeds".
  var word: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .interquartileMean: "interquartile mean"
    }
  }
}

/// How many of a method's runs came to nothing.
///
/// A run has failed if its process failed, if it diverged, or if it trained and its accuracy in domain
/// is at or below what answering without the text scores: the larger of chance and the share of the
/// set's commonest class (Mosbach, Andriushchenko and Klakow 2021, "On the Stability of Fine-tuning
/// BERT", section 3). A run that trains nothing, and answers, has not failed. Where all runs are that
/// low, single runs are not at fault.
struct RunFailures: Hashable, Sendable {
  let failed: Int
  /// Runs that have ended.
  let runs: Int
  /// Runs that crashed or diverged, all of which have failed.
  private let lost: Int

  /// Counts; nil where no run has ended.
  ///
  /// - Parameters:
  ///   - results: Of runs; a result that belongs to several counts once.
  ///   - set: The evaluation set that runs are judged on if they have no answers in domain.
  init?(_ results: [CellResult], on set: String) {
    var seen: Set<String> = []
    let results = results.filter { seen.insert($0.key).inserted }
    guard !results.isEmpty else { return nil }
    runs = results.count
    lost = results.count { $0.status != .succeeded }
    failed = lost + results.count { $0.status == .succeeded && $0.learnedNothing(shownBy: set) }
  }

  /// What a page says about the word.
  static let definition =
    "Failed: crashed, diverged, or trained and, in domain, no more accurate than the commonest class "
    + "or chance."

  /// "2 of 6 runs failed"; nil where none did, or where all are merely no better than the commonest
  /// class, which the check of the majority says.
  var words: String? {
    failed == 0 || (lost == 0 && failed == runs)
      ? nil : "\(failed) of \(Words.count(runs, "run")) failed"
  }
}

extension CellResult {
  fileprivate func learnedNothing(shownBy set: String) -> Bool {
    func metrics(_ name: String) -> [String: Double]? {
      evaluations.first { $0.set == name }?.metrics
    }
    guard training != nil,
      let metrics = metrics(EvaluationDomain.inDomain.rawValue) ?? metrics(set),
      let accuracy = metrics[Metrics.accuracy]
    else { return false }
    let floor = [Metrics.chance, Metrics.majority].compactMap { metrics[$0] }.max()
    // Shares of the same items: no rounding lies between them but that of the quotient.
    return floor.map { accuracy <= $0 + 1e-12 } ?? false
  }
}
