extension Transformer {
  /// What the tokens of a batch look up in the table of distances; nil in a model without one.
  ///
  /// A table that layers project is cut to the rows that occur, of which the first is row 0.
  func distanceRows(_ rows: BatchRows) -> DistanceRows? {
    guard let relative = description.relativePositions else { return nil }
    let start = rows.positions.first ?? 0
    let places = rows.positions.map { $0 - start }
    let reach = places.max() ?? 0
    let found = (-reach...reach).map { relative.row(of: $0) }
    guard case .disentangled = relative, let first = found.first, let last = found.last else {
      return DistanceRows(places: places, rows: found, reach: reach, first: 0, count: relative.rows)
    }
    return DistanceRows(
      places: places, rows: found.map { $0 - first }, reach: reach, first: first,
      count: last - first + 1)
  }

  /// The rows of the table that occur, normalized; nil where they are biases.
  func distanceStates(
    _ distances: DistanceRows, on tape: Tape<Scalar>
  ) -> Tensor<Scalar>? {
    guard case .disentangled = description.relativePositions, let relativeEmbedding else {
      return nil
    }
    let states = tape.gathered(
      relativeEmbedding, rows: Array(distances.first..<distances.first + distances.count))
    return relativeNorm.map { normalized(states, $0, on: tape) } ?? states
  }

  /// What distances add to a layer's scores.
  ///
  /// - Parameters:
  ///   - layer: Whose matrices make keys and queries of distances as of tokens.
  ///   - states: From ``distanceStates(_:on:)``.
  ///   - streams: Of the dropout of keys and of queries.
  ///   - tape: Records the products.
  /// - Returns: Biases, or keys and queries of distances; nil in a model without a table.
  func relativeTerms(
    _ layer: Layer, _ states: Tensor<Scalar>?,
    streams: (keys: RandomStream?, queries: RandomStream?), on tape: Tape<Scalar>
  ) -> RelativeTerms<Scalar>? {
    switch description.relativePositions {
    case .biases: return relativeEmbedding.map { .biases($0) }
    case .disentangled(let options):
      guard let states else { return nil }
      return .projections(
        keys: options.hasKeys ? layer.key(states, dropoutStream: streams.keys, on: tape) : nil,
        queries: options.hasQueries
          ? layer.query(states, dropoutStream: streams.queries, on: tape) : nil)
    case nil: return nil
    }
  }
}
