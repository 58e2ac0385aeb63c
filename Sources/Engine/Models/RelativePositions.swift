/// How attention scores depend on how far a key is from its query, beside any positions of tokens.
package enum RelativePositions: Hashable, Sendable {
  /// A bias of each head for each of 32 buckets of distances, the same in all layers (MPNet).
  ///
  /// - Parameter rows: Of the table, of which the first 32 count.
  case biases(rows: Int)
  /// Keys and queries of distances, which the layers' own matrices make of one table (DeBERTa-v2).
  case disentangled(Disentangled)

  /// What attention reads of distances.
  ///
  /// He et al. 2021, arXiv:2006.03654, section 3.1; buckets as in the authors' code for v2.
  package struct Disentangled: Hashable, Sendable {
    /// Half of the table's rows: the distances, or buckets of them, on one side.
    package var span: Int
    /// The distance at which buckets end; nil where every distance has a row.
    package var bucketedUpTo: Int?
    /// Whether a query's score depends on a key of the distance.
    package var hasKeys: Bool
    /// Whether a key's depends on a query of the distance.
    package var hasQueries: Bool
    /// Whether the table is normalized.
    package var isNormalized: Bool

    package init(
      span: Int, bucketedUpTo: Int? = nil, hasKeys: Bool = true, hasQueries: Bool = true,
      isNormalized: Bool = true
    ) {
      self.span = span
      self.bucketedUpTo = bucketedUpTo
      self.hasKeys = hasKeys
      self.hasQueries = hasQueries
      self.isNormalized = isNormalized
    }
  }

  /// The buckets that MPNet has, whatever its configuration says.
  package static let buckets = 32
  /// The distance from which on all fall into its last one.
  private static let farthest = 128.0

  /// Rows of the table.
  package var rows: Int {
    switch self {
    case .biases(let rows): rows
    case .disentangled(let options): 2 * options.span
    }
  }

  /// Whether the table is normalized before layers read it.
  var isNormalized: Bool {
    if case .disentangled(let options) = self { options.isNormalized } else { false }
  }

  /// The row of a distance: the query's place minus the key's.
  ///
  /// Logarithms are those of 32-bit numbers, as in Transformers, since a bucket begins where one is
  /// whole.
  func row(of distance: Int) -> Int {
    switch self {
    case .biases:
      let half = Self.buckets / 2
      let (side, size, exact) = (distance < 0 ? half : 0, abs(distance), half / 2)
      guard size >= exact else { return side + size }
      let share =
        Float.log(Float(size) / Float(exact)) / Float(Double.log(Self.farthest / Double(exact)))
      return side + min(half - 1, exact + Int(share * Float(half - exact)))
    case .disentangled(let options):
      let row = options.bucket(of: distance) + options.span
      return min(max(row, 0), 2 * options.span - 1)
    }
  }
}

extension RelativePositions.Disentangled {
  /// The number of a distance on its side of the table.
  fileprivate func bucket(of distance: Int) -> Int {
    let middle = span / 2
    guard let bucketedUpTo, abs(distance) > middle, middle > 0 else { return distance }
    let step = Float.log(Float(bucketedUpTo - 1) / Float(middle))
    let share = Float.log(Float(abs(distance)) / Float(middle)) / step
    let bucket = Int((share * Float(middle - 1)).rounded(.up)) + middle
    return distance < 0 ? -bucket : bucket
  }
}
