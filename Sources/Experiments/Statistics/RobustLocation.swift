/// Centres of a sample that a few failed runs do not move.
package enum RobustLocation {
  /// The middle value, of an even number the mean of the two middle ones; nil without values.
  package static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return nil }
    let (low, high) = (sorted[last / 2], sorted[(last + 1) / 2])
    return low == high ? low : (low + high) / 2
  }

  /// The mean without the lowest and the highest quarter of the values; nil without values.
  ///
  /// `⌊n / 4⌋` values are left out at either end, as scipy's `trim_mean(x, 0.25)` does. Agarwal et al.
  /// 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice".
  package static func interquartileMean(_ values: [Double]) -> Double? {
    let cut = values.count / 4
    return SampleMoments(Array(values.sorted().dropFirst(cut).dropLast(cut)))?.mean
  }
}
