/// How alike two orders of the same things are.
package enum RankCorrelation {
  /// Spearman's ρ: the correlation of ranks, ties averaged.
  ///
  /// Spearman 1904, "The proof and measurement of association between two things".
  ///
  /// - Parameters:
  ///   - first: Finite values.
  ///   - second: As many, of the same things.
  /// - Returns: In [−1, 1]; nil for fewer than two things, and where all of one side are equal.
  package static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    guard first.count == second.count, first.count > 1,
      (first + second).allSatisfy(\.isFinite)
    else { return nil }
    let middle = Double(first.count + 1) / 2
    let a = ranks(first).map { $0 - middle }
    let b = ranks(second).map { $0 - middle }
    let squares = a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return nil }
    return zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / squares.squareRoot()
  }

  /// Ranks from 1 for the smallest, ties averaged.
  package static func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      let smaller = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return Double(smaller) + Double(equal + 1) / 2
    }
  }
}
