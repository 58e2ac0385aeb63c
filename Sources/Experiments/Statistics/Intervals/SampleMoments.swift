/// Count, mean, spread and range of a sample.
package struct SampleMoments: Hashable, Sendable {
  package let count: Int
  package let mean: Double
  /// Standard deviation with n − 1 in the denominator; nil for a single value.
  package let standardDeviation: Double?
  package let minimum: Double
  package let maximum: Double
  /// How many different values the sample holds; fewer than `count` where seeds repeat a result.
  package let distinct: Int

  /// Summarises `values` in two passes; nil for an empty sample.
  package init?(_ values: [Double]) {
    guard let minimum = values.min(), let maximum = values.max() else { return nil }
    count = values.count
    self.minimum = minimum
    self.maximum = maximum
    distinct = Set(values).count
    // A constant sample keeps its value exactly; summing and dividing could round it.
    let mean =
      minimum == maximum ? minimum : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    standardDeviation =
      values.count > 1
      ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
      : nil
  }
}
