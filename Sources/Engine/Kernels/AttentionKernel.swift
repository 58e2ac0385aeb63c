/// Attention one (sequence, head) at a time, as matrix products on strided views.
///
/// Rows of queries have `heads · headWidth` columns, rows of keys and values those of their own heads.
struct AttentionKernel<Scalar: EngineScalar> {
  let layout: AttentionLayout
  let query: UnsafeMutablePointer<Scalar>
  let key: UnsafeMutablePointer<Scalar>
  let value: UnsafeMutablePointer<Scalar>
  let prefixKeys: UnsafeMutablePointer<Scalar>?
  let prefixValues: UnsafeMutablePointer<Scalar>?
  let prefixLength: Int
  /// Whether the gradients of all sequences meet in the prefix.
  let sharesPrefixGradient: Bool

  /// Where gradients are added; nil where nothing trainable leads to.
  struct Gradients {
    let query: UnsafeMutablePointer<Scalar>?
    let key: UnsafeMutablePointer<Scalar>?
    let value: UnsafeMutablePointer<Scalar>?
    let prefixKeys: UnsafeMutablePointer<Scalar>?
    let prefixValues: UnsafeMutablePointer<Scalar>?
  }

  private struct Head {
    let span: AttentionLayout.Span
    let query: Int
    let keyValue: Int
  }

  private var queryStride: Int { layout.heads &* layout.headWidth }
  private var keyStride: Int { layout.keyValueHeads &* layout.headWidth }

  /// Scalars in the largest score matrix, `queries × (prefix + keys)`.
  var largestScores: Int {
    layout.spans.map { $0.queries.count * (prefixLength + $0.keys.count) }.max() ?? 0
  }

  /// Runs `body(unit, part)` for every unit of work on the threads, of which `part` numbers one.
  ///
  /// A unit is what shares gradients: the queries that read one head of one sequence's keys, or one
  /// head of all sequences when the prefix trains.
  @inline(__always)
  func divided(_ body: (_ unit: Int, _ part: Int) -> Void) {
    let units = layout.keyValueHeads * (sharesPrefixGradient ? 1 : layout.spans.count)
    let work =
      layout.heads * layout.headWidth
      * layout.spans.reduce(0) { $0 + $1.queries.count * (prefixLength + $1.keys.count) }
    guard work > 1 << 14 else {
      for unit in 0..<units { body(unit, 0) }
      return
    }
    ThreadTeam.shared.run { part, parts in
      for unit in stride(from: part, to: units, by: parts) { body(unit, part) }
    }
  }

  @inline(__always)
  private func eachHead(_ unit: Int, _ body: (Head) -> Void) {
    let group = layout.heads / layout.keyValueHeads
    let keyValue = unit % layout.keyValueHeads
    let first = unit / layout.keyValueHeads
    for span in sharesPrefixGradient ? 0..<layout.spans.count : first..<(first + 1) {
      for member in 0..<group {
        body(
          Head(span: layout.spans[span], query: keyValue * group + member, keyValue: keyValue))
      }
    }
  }

  /// Computes a unit's part of `y = softmax(Q Kᵀ / √w) V`.
  @inline(__always)
  func forward(
    _ unit: Int, scores: UnsafeMutablePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>
  ) {
    eachHead(unit) { head in
      probabilities(head, into: scores)
      let (queries, keys) = (head.span.queries.count, head.span.keys.count)
      let stride = prefixLength + keys
      let target = y + queryOffset(head)
      if let prefixValues {
        Scalar.multiply(
          MatrixView(scores, stride: stride),
          MatrixView(prefixValues + head.keyValue * layout.headWidth, stride: keyStride),
          rows: queries, columns: layout.headWidth, inner: prefixLength, alpha: 1, beta: 0,
          into: target, stride: queryStride)
      }
      Scalar.multiply(
        MatrixView(scores + prefixLength, stride: stride),
        MatrixView(value + keyOffset(head), stride: keyStride), rows: queries,
        columns: layout.headWidth, inner: keys, alpha: 1, beta: prefixValues == nil ? 0 : 1,
        into: target, stride: queryStride)
    }
  }

  /// Computes `softmax(Q Kᵀ / √w)` with zeros at the keys a query may not see.
  @inline(__always)
  private func probabilities(_ head: Head, into p: UnsafeMutablePointer<Scalar>) {
    let (queries, keys) = (head.span.queries.count, head.span.keys.count)
    let stride = prefixLength + keys
    let q = MatrixView(UnsafePointer(query + queryOffset(head)), stride: queryStride)
    if let prefixKeys {
      Scalar.multiply(
        q,
        MatrixView(prefixKeys + head.keyValue * layout.headWidth, .transposed, stride: keyStride),
        rows: queries, columns: prefixLength, inner: layout.headWidth, alpha: 1, beta: 0, into: p,
        stride: stride)
    }
    Scalar.multiply(
      q, MatrixView(key + keyOffset(head), .transposed, stride: keyStride), rows: queries,
      columns: keys, inner: layout.headWidth, alpha: 1, beta: 0, into: p + prefixLength,
      stride: stride)
    let scale = 1 / Scalar(layout.headWidth).squareRoot()
    for i in 0..<queries {
      let seen = prefixLength + layout.visible[head.span.queries.lowerBound + i]
      let row = p + i &* stride
      Softmax.normalize(row, scale: scale, count: seen)
      if seen < stride { (row + seen).update(repeating: 0, count: stride - seen) }
    }
  }

  /// Adds a unit's gradients.
  ///
  /// `dV = Pᵀ dY`, `dP = dY Vᵀ`, `dS = P ⊙ (dP − rowsum(P ⊙ dP)) / √w`, `dQ = dS K`, `dK = dSᵀ Q`.
  ///
  /// - Parameters:
  ///   - unit: Which.
  ///   - scores: Room for two score matrices.
  ///   - dy: The gradient of the output, `[queries, heads · headWidth]`.
  ///   - gradients: Where to add.
  @inline(__always)
  func backward(
    _ unit: Int, scores: UnsafeMutablePointer<Scalar>, _ dy: UnsafeMutablePointer<Scalar>,
    to gradients: Gradients
  ) {
    let (p, dp, width) = (scores, scores + largestScores, layout.headWidth)
    let scale = 1 / Scalar(width).squareRoot()
    eachHead(unit) { head in
      probabilities(head, into: p)
      let (queries, keys) = (head.span.queries.count, head.span.keys.count)
      let stride = prefixLength + keys
      let gradient = MatrixView(UnsafePointer(dy + queryOffset(head)), stride: queryStride)
      let queryRows = MatrixView(UnsafePointer(query + queryOffset(head)), stride: queryStride)
      let own = Part(
        key: key, value: value, dkey: gradients.key, dvalue: gradients.value,
        offset: keyOffset(head), count: keys, at: prefixLength)
      var parts = (own, own)
      var partCount = 1
      if let prefixKeys, let prefixValues {
        parts.1 = Part(
          key: prefixKeys, value: prefixValues, dkey: gradients.prefixKeys,
          dvalue: gradients.prefixValues, offset: head.keyValue * width, count: prefixLength,
          at: 0)
        partCount = 2
      }
      for index in 0..<partCount {
        let part = index == 0 ? parts.0 : parts.1
        if let dvalue = part.dvalue {
          Scalar.multiply(
            MatrixView(p + part.at, .transposed, stride: stride), gradient, rows: part.count,
            columns: width, inner: queries, alpha: 1, beta: 1, into: dvalue + part.offset,
            stride: keyStride)
        }
        Scalar.multiply(
          gradient, MatrixView(part.value + part.offset, .transposed, stride: keyStride),
          rows: queries, columns: part.count, inner: width, alpha: 1, beta: 0, into: dp + part.at,
          stride: stride)
      }
      for i in 0..<queries {
        let seen = prefixLength + layout.visible[head.span.queries.lowerBound + i]
        let row = dp + i &* stride
        Softmax.backward(p + i &* stride, row, scale: scale, count: seen)
        if seen < stride { (row + seen).update(repeating: 0, count: stride - seen) }
      }
      for index in 0..<partCount {
        let part = index == 0 ? parts.0 : parts.1
        if let dquery = gradients.query {
          Scalar.multiply(
            MatrixView(dp + part.at, stride: stride),
            MatrixView(part.key + part.offset, stride: keyStride), rows: queries, columns: width,
            inner: part.count, alpha: 1, beta: 1, into: dquery + queryOffset(head),
            stride: queryStride)
        }
        if let dkey = part.dkey {
          Scalar.multiply(
            MatrixView(dp + part.at, .transposed, stride: stride), queryRows, rows: part.count,
            columns: width, inner: queries, alpha: 1, beta: 1, into: dkey + part.offset,
            stride: keyStride)
        }
      }
    }
  }

  /// A run of keys and values and where its scores stand in a row.
  private struct Part {
    let key: UnsafeMutablePointer<Scalar>
    let value: UnsafeMutablePointer<Scalar>
    let dkey: UnsafeMutablePointer<Scalar>?
    let dvalue: UnsafeMutablePointer<Scalar>?
    let offset: Int
    let count: Int
    let at: Int
  }

  @inline(__always)
  private func queryOffset(_ head: Head) -> Int {
    head.span.queries.lowerBound * queryStride + head.query * layout.headWidth
  }

  @inline(__always)
  private func keyOffset(_ head: Head) -> Int {
    head.span.keys.lowerBound * keyStride + head.keyValue * layout.headWidth
  }
}
