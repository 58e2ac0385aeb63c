import Formats

/// Tells shares from percentages, and both from what can be neither.
struct ScoreRanges {
  private struct Seen {
    var values: [(value: Double, position: SourcePosition)] = []
  }

  private var seen: [String: Seen] = [:]
  /// Metrics whose largest value is above 1 and at most 100.
  private(set) var percentMetrics: [String] = []

  /// Metrics that lie in [0, 1], and Matthews' correlation in [−1, 1].
  private static func lowest(of metric: String) -> Double? {
    if metric == "mcc" { return -1 }
    let known = ["accuracy", "f1", "precision", "recall", "auc", "exact-match"]
    return known.contains {
      metric == $0 || metric.hasSuffix("-\($0)") || metric.hasPrefix("\($0)-")
    }
      ? 0 : nil
  }

  mutating func note(_ value: Double, of metric: String, at position: SourcePosition) {
    guard Self.lowest(of: metric) != nil else { return }
    seen[metric, default: Seen()].values.append((value, position))
  }

  /// Decides for each metric whether it is written in percent.
  ///
  /// - Throws: ``Diagnostic`` FT062 at a value outside the metric's range, and where shares and
  ///   percentages are mixed.
  mutating func check() throws(Diagnostic) {
    for (metric, seen) in seen.sorted(by: { $0.key < $1.key }) {
      let above = seen.values.filter { $0.value > 1 }
      let isPercent = 2 * above.count > seen.values.count
      let lowest = (Self.lowest(of: metric) ?? 0) * (isPercent ? 100 : 1)
      for (value, position) in seen.values where value < lowest || value > 100 {
        throw Diagnostic(
          .invalidScore, at: position, "\(metric) cannot be \(value)",
          help: "it lies from \(lowest == 0 ? "0" : "−1") to 1, or to 100 in percent")
      }
      if let first = above.first, !isPercent {
        throw Diagnostic(
          .invalidScore, at: first.position,
          "this \(metric) is \(first.value), but most of the column are shares up to 1",
          help: "write all values as shares or all in percent")
      }
      if isPercent { percentMetrics.append(metric) }
    }
  }
}
