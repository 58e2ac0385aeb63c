/// How far the score of a run would vary with another sample, another initialization and other items.
///
/// The score of item i in run r on sample s is `y = μ + a_s + b_r(s) + c_i + (ac)_si + e_sri`, with all
/// effects random: initializations are nested in samples, and items cross both. The mean squares of
/// the balanced analysis of variance are set equal to their expectations, and a component that comes
/// out negative is 0 (Searle, Casella and McCulloch 1992, "Variance Components", sections 4.3 and 5.3).
package struct VarianceComponents: Hashable, Sendable {
  /// Variance of the score with the sample: `σ²_a`.
  package let sample: Double
  /// With the initialization and order on one sample: `σ²_b`.
  package let initialization: Double
  /// With the items of a set as large: `(σ²_c + σ²_ac + σ²_e) / I`.
  package let items: Double

  /// The variance of the score of a run with sample, initialization and items of its own.
  package var total: Double { sample + initialization + items }

  /// Estimates the components; nil unless there are two of each and every run has scores for all items.
  ///
  /// - Parameter scores: Of one run and item, such as 1 for a right answer,
  ///   `[samples][initializations][items]`.
  /// - Complexity: O(samples · initializations · items).
  package init?(_ scores: [[[Double]]]) {
    guard let runs = scores.first?.count, let count = scores.first?.first?.count,
      scores.count > 1, runs > 1, count > 1,
      scores.allSatisfy({ $0.count == runs && $0.allSatisfy { $0.count == count } })
    else { return nil }
    let (s, r, i) = (Double(scores.count), Double(runs), Double(count))
    /// `[samples][items]`, means over the initializations.
    let cells = scores.map { sample in
      (0..<count).map { item in sample.reduce(0) { $0 + $1[item] } / r }
    }
    let sampleMeans = cells.map { $0.reduce(0, +) / i }
    let itemMeans = (0..<count).map { item in cells.reduce(0) { $0 + $1[item] } / s }
    let mean = sampleMeans.reduce(0, +) / s
    var (ofSamples, ofRuns, ofItems, ofCells, ofRest) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for item in itemMeans { ofItems += (item - mean) * (item - mean) }
    for (sample, sampleMean) in sampleMeans.enumerated() {
      ofSamples += (sampleMean - mean) * (sampleMean - mean)
      for item in 0..<count {
        let rest = cells[sample][item] - sampleMean - itemMeans[item] + mean
        ofCells += rest * rest
      }
      for run in scores[sample] {
        let runMean = run.reduce(0, +) / i
        ofRuns += (runMean - sampleMean) * (runMean - sampleMean)
        for item in 0..<count {
          let rest = run[item] - runMean - cells[sample][item] + sampleMean
          ofRest += rest * rest
        }
      }
    }
    let bySample = r * i * ofSamples / (s - 1)
    let byRun = i * ofRuns / (s * (r - 1))
    let byItem = s * r * ofItems / (i - 1)
    let byCell = r * ofCells / ((s - 1) * (i - 1))
    let byRest = ofRest / (s * (r - 1) * (i - 1))
    sample = max(0, (bySample - byCell - byRun + byRest) / (r * i))
    initialization = max(0, (byRun - byRest) / i)
    items =
      (max(0, (byItem - byCell) / (s * r)) + max(0, (byCell - byRest) / r) + byRest) / i
  }
}
