/// The rows of a table that the distances between queries and keys look up.
struct DistanceRows: Hashable, Sendable {
  /// Of every query row, its place among its sequence's keys.
  var places: [Int]
  /// The row of the distance `place − key`, from `-reach` up; where rows are projected, none lies
  /// below the one before.
  let rows: [Int]
  /// The longest distance.
  let reach: Int
  /// Where the table begins in the model's.
  let first: Int
  /// How many rows the table has.
  let count: Int

  /// The row of a distance.
  @inline(__always)
  func row(_ distance: Int) -> Int { rows[distance &+ reach] }
}

/// What the distance between a query and a key adds to their score, for one head of a sequence.
///
/// Either a bias, `b_r` (Raffel et al. 2020, arXiv:1910.10683, section 2.1), or what the query makes of
/// the distance's key and the key of its query, `q_i · k'_r + k_j · q'_r` (He et al. 2021,
/// arXiv:2006.03654, equation 4), with the row `r` of the distance `i − j`.
struct RelativeScores<Scalar: EngineScalar> {
  let distances: DistanceRows
  /// `[distances.count, heads]`.
  let biases: UnsafeMutablePointer<Scalar>?
  /// `[distances.count, heads · headWidth]`.
  let keys: UnsafeMutablePointer<Scalar>?
  let queries: UnsafeMutablePointer<Scalar>?

  /// A head's queries and keys of one sequence.
  struct Block {
    let head: Int
    /// Of the batch's queries.
    let rows: Range<Int>
    let query: UnsafeMutablePointer<Scalar>
    let key: UnsafeMutablePointer<Scalar>
    let keyCount: Int
    /// From one query or key to the next, and of one of the distances'.
    let stride: Int
    let width: Int
    let heads: Int
    /// Scores are multiplied by this later.
    let scale: Scalar
  }

  /// Where gradients go; nil where nothing trainable leads to.
  struct Gradients {
    var biases: UnsafeMutablePointer<Scalar>?
    var keys: UnsafeMutablePointer<Scalar>?
    var queries: UnsafeMutablePointer<Scalar>?
  }

  /// Scalars that a block of this size needs.
  func workspace(queries: Int, keys: Int) -> Int {
    biases == nil ? (queries + keys) * distances.count : distances.rows.count
  }

  /// The rows that occur among a block's distances.
  private func used(_ block: Block) -> Range<Int> {
    let places = distances.places[block.rows]
    let (first, last) = (places.min() ?? 0, places.max() ?? 0)
    return distances.row(first - block.keyCount + 1)..<(distances.row(last) + 1)
  }

  /// Adds a block's terms to its scores, `[queries, keys]`.
  @inline(__always)
  func add(
    _ block: Block, to scores: UnsafeMutablePointer<Scalar>, stride: Int,
    room: UnsafeMutablePointer<Scalar>
  ) {
    let reach = distances.reach
    if let biases {
      for (i, row) in distances.rows.enumerated() {
        room[i] = biases[row &* block.heads &+ block.head] / block.scale
      }
      for (i, place) in distances.places[block.rows].enumerated() {
        let (target, source) = (scores + i &* stride, room + (place &+ reach))
        for j in 0..<block.keyCount { target[j] += source[-j] }
      }
      return
    }
    let used = used(block)
    let size = used.count
    let (ofQueries, ofKeys) = (room, room + block.rows.count &* size)
    if let keys { products(block.query, block.rows.count, keys, block, used, into: ofQueries) }
    if let queries { products(block.key, block.keyCount, queries, block, used, into: ofKeys) }
    distances.rows.withUnsafeBufferPointer { rows in
      for (i, place) in distances.places[block.rows].enumerated() {
        let target = scores + i &* stride
        for j in 0..<block.keyCount {
          let row = rows[place &- j &+ reach] &- used.lowerBound
          if keys != nil { target[j] += ofQueries[i &* size &+ row] }
          if queries != nil { target[j] += ofKeys[j &* size &+ row] }
        }
      }
    }
  }

  /// Computes `x · table_r` of every row `r` that is used.
  @inline(__always)
  private func products(
    _ x: UnsafeMutablePointer<Scalar>, _ count: Int, _ table: UnsafeMutablePointer<Scalar>,
    _ block: Block, _ used: Range<Int>, into target: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      MatrixView(x, stride: block.stride),
      MatrixView(start(of: table, block, used), .transposed, stride: block.stride),
      rows: count, columns: used.count, inner: block.width, alpha: 1, beta: 0, into: target,
      stride: used.count)
  }

  @inline(__always)
  private func start(
    of table: UnsafeMutablePointer<Scalar>, _ block: Block, _ used: Range<Int>
  ) -> UnsafeMutablePointer<Scalar> {
    table + (used.lowerBound &* block.stride &+ block.head &* block.width)
  }

  /// Adds the gradients of a block's terms.
  ///
  /// - Parameters:
  ///   - block: Whose.
  ///   - scores: The gradient of the unscaled scores, `[queries, keys]`.
  ///   - stride: From one row of it to the next.
  ///   - room: As for the scores.
  ///   - query: Where that of the queries goes, from the block's first.
  ///   - key: Where that of the keys goes.
  ///   - gradients: Where those of the tables go.
  @inline(__always)
  func backward(
    _ block: Block, scores: UnsafeMutablePointer<Scalar>, stride: Int,
    room: UnsafeMutablePointer<Scalar>, query: UnsafeMutablePointer<Scalar>?,
    key: UnsafeMutablePointer<Scalar>?, to gradients: Gradients
  ) {
    let reach = distances.reach
    if biases != nil {
      guard let target = gradients.biases else { return }
      let sums = UnsafeMutableBufferPointer(start: room, count: distances.rows.count)
      sums.update(repeating: 0)
      for (i, place) in distances.places[block.rows].enumerated() {
        let (source, sum) = (scores + i &* stride, room + (place &+ reach))
        for j in 0..<block.keyCount { sum[-j] += source[j] }
      }
      for (i, row) in distances.rows.enumerated() {
        target[row &* block.heads &+ block.head] += sums[i] / block.scale
      }
      return
    }
    let used = used(block)
    let size = used.count
    let (ofQueries, ofKeys) = (room, room + block.rows.count &* size)
    let whole = UnsafeMutableBufferPointer(
      start: room, count: (block.rows.count &+ block.keyCount) &* size)
    whole.update(repeating: 0)
    distances.rows.withUnsafeBufferPointer { rows in
      for (i, place) in distances.places[block.rows].enumerated() {
        let source = scores + i &* stride
        for j in 0..<block.keyCount {
          let row = rows[place &- j &+ reach] &- used.lowerBound
          ofQueries[i &* size &+ row] += source[j]
          ofKeys[j &* size &+ row] += source[j]
        }
      }
    }
    if let keys {
      propagate(
        ofQueries, block.query, block.rows.count, keys, block, used, to: query, gradients.keys)
    }
    if let queries {
      propagate(ofKeys, block.key, block.keyCount, queries, block, used, to: key, gradients.queries)
    }
  }

  /// Adds the gradients of `x · table_r`, given those of the products.
  @inline(__always)
  private func propagate(
    _ products: UnsafeMutablePointer<Scalar>, _ x: UnsafeMutablePointer<Scalar>, _ count: Int,
    _ table: UnsafeMutablePointer<Scalar>, _ block: Block, _ used: Range<Int>,
    to dx: UnsafeMutablePointer<Scalar>?, _ dtable: UnsafeMutablePointer<Scalar>?
  ) {
    if let dx {
      Scalar.multiply(
        MatrixView(products, stride: used.count),
        MatrixView(start(of: table, block, used), stride: block.stride), rows: count,
        columns: block.width, inner: used.count, alpha: 1, beta: 1, into: dx,
        stride: block.stride)
    }
    if let dtable {
      Scalar.multiply(
        MatrixView(products, .transposed, stride: used.count),
        MatrixView(x, stride: block.stride), rows: used.count, columns: block.width, inner: count,
        alpha: 1, beta: 1, into: start(of: dtable, block, used), stride: block.stride)
    }
  }
}
