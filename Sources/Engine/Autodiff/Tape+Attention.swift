/// Keys and values that every sequence of a batch sees before its own.
package struct AttentionPrefix<Scalar: EngineScalar> {
  package let keys: Tensor<Scalar>
  package let values: Tensor<Scalar>
  /// How many rows of ``keys`` and ``values`` count, from the first.
  package let length: Int

  package init(keys: Tensor<Scalar>, values: Tensor<Scalar>, length: Int) {
    precondition(length <= keys.rows && length <= values.rows, "a prefix of \(length) rows")
    self.keys = keys
    self.values = values
    self.length = length
  }
}

extension Tape {
  /// Attends with several heads: per head `softmax(Q Kᵀ / √w) V` over the keys a query may see.
  ///
  /// Vaswani et al. 2017, arXiv:1706.03762, equation 1; grouped queries as in Ainslie et al. 2023,
  /// arXiv:2305.13245. Probabilities are not kept: backward computes them again from `Q` and `K`.
  ///
  /// - Parameters:
  ///   - query: `[queries, heads · headWidth]`.
  ///   - key: `[tokens, keyValueHeads · headWidth]`.
  ///   - value: As `key`.
  ///   - layout: Which queries see which keys.
  ///   - prefix: Keys and values seen before a sequence's own.
  /// - Returns: `[queries, heads · headWidth]`.
  @_specialize(where Scalar == Float)
  package func attention(
    query: Tensor<Scalar>, key: Tensor<Scalar>, value: Tensor<Scalar>, layout: AttentionLayout,
    prefix: AttentionPrefix<Scalar>? = nil
  ) -> Tensor<Scalar> {
    precondition(
      query.columns == layout.heads * layout.headWidth
        && key.columns == layout.keyValueHeads * layout.headWidth
        && layout.visible.count == query.rows,
      "attention: query \(query.rows)×\(query.columns), key \(key.rows)×\(key.columns)")
    let prefixNeeds =
      prefix.map { $0.keys.requiresGradient || $0.values.requiresGradient } ?? false
    let needs =
      query.requiresGradient || key.requiresGradient || value.requiresGradient || prefixNeeds
    let y = result(rows: query.rows, columns: query.columns, requiresGradient: needs)
    let kernel = AttentionKernel(layout: layout, prefixLength: prefix?.length ?? 0)
    Storage<Scalar>.withWorkspace(kernel.largestScores, in: ledger) { p in
      kernel.eachHead { head in
        kernel.probabilities(head, query, key, prefix, into: p)
        kernel.multiply(head, p, value, prefix, into: y)
      }
    }
    guard needs else { return y }
    record { [ledger] in
      guard let dy = y.gradient?.baseAddress else { return }
      for tensor in [query, key, value, prefix?.keys, prefix?.values] {
        if let tensor, tensor.requiresGradient { _ = tensor.clearedGradientForWriting() }
      }
      Storage<Scalar>.withWorkspace(2 * kernel.largestScores, in: ledger) { p in
        kernel.eachHead { head in
          kernel.probabilities(head, query, key, prefix, into: p)
          kernel.backward(
            head, p: p, dp: p + kernel.largestScores, dy: dy, query, key, value, prefix)
        }
      }
    }
    return y
  }
}

/// One (sequence, head) of attention at a time, as matrix products on strided views.
private struct AttentionKernel {
  struct Head {
    let span: AttentionLayout.Span
    let query: Int
    let keyValue: Int
  }

  let layout: AttentionLayout
  let prefixLength: Int

  /// Scalars in the largest score matrix, `queries × (prefix + keys)`.
  var largestScores: Int {
    layout.spans.map { $0.queries.count * (prefixLength + $0.keys.count) }.max() ?? 0
  }

  @inline(__always)
  func eachHead(_ body: (Head) -> Void) {
    let group = layout.heads / layout.keyValueHeads
    for span in layout.spans {
      for head in 0..<layout.heads {
        body(Head(span: span, query: head, keyValue: head / group))
      }
    }
  }

  /// Computes `softmax(Q Kᵀ / √w)` with zeros at the keys a query may not see.
  @inline(__always)
  func probabilities<Scalar: EngineScalar>(
    _ head: Head, _ query: Tensor<Scalar>, _ key: Tensor<Scalar>,
    _ prefix: AttentionPrefix<Scalar>?, into p: UnsafeMutablePointer<Scalar>
  ) {
    let (queries, keys) = (head.span.queries.count, head.span.keys.count)
    let stride = prefixLength + keys
    let q = MatrixView(queryStart(head, query.start, query), stride: query.columns)
    if let prefix {
      Scalar.multiply(
        q,
        MatrixView(
          UnsafePointer(prefix.keys.start) + head.keyValue * layout.headWidth, .transposed,
          stride: prefix.keys.columns),
        rows: queries, columns: prefixLength, inner: layout.headWidth, alpha: 1, beta: 0, into: p,
        stride: stride)
    }
    Scalar.multiply(
      q,
      MatrixView(UnsafePointer(keyStart(head, key.start, key)), .transposed, stride: key.columns),
      rows: queries, columns: keys, inner: layout.headWidth, alpha: 1, beta: 0,
      into: p + prefixLength, stride: stride)
    let scale = 1 / Scalar(layout.headWidth).squareRoot()
    for i in 0..<queries {
      let seen = prefixLength + layout.visible[head.span.queries.lowerBound + i]
      let row = p + i &* stride
      Softmax.normalize(row, scale: scale, count: seen)
      if seen < stride { (row + seen).update(repeating: 0, count: stride - seen) }
    }
  }

  /// Computes this head's columns of `y = P V`.
  @inline(__always)
  func multiply<Scalar: EngineScalar>(
    _ head: Head, _ p: UnsafeMutablePointer<Scalar>, _ value: Tensor<Scalar>,
    _ prefix: AttentionPrefix<Scalar>?, into y: Tensor<Scalar>
  ) {
    let (queries, keys) = (head.span.queries.count, head.span.keys.count)
    let stride = prefixLength + keys
    let target = queryStart(head, y.start, y)
    if let prefix {
      Scalar.multiply(
        MatrixView(p, stride: stride),
        MatrixView(
          UnsafePointer(prefix.values.start) + head.keyValue * layout.headWidth,
          stride: prefix.values.columns),
        rows: queries, columns: layout.headWidth, inner: prefixLength, alpha: 1, beta: 0,
        into: target, stride: y.columns)
    }
    Scalar.multiply(
      MatrixView(p + prefixLength, stride: stride),
      MatrixView(UnsafePointer(keyStart(head, value.start, value)), stride: value.columns),
      rows: queries, columns: layout.headWidth, inner: keys, alpha: 1, beta: prefix == nil ? 0 : 1,
      into: target, stride: y.columns)
  }

  /// Adds this head's gradients.
  ///
  /// `dV = Pᵀ dY`, `dP = dY Vᵀ`, `dS = P ⊙ (dP − rowsum(P ⊙ dP)) / √w`, `dQ = dS K`, `dK = dSᵀ Q`.
  @inline(__always)
  func backward<Scalar: EngineScalar>(
    _ head: Head, p: UnsafeMutablePointer<Scalar>, dp: UnsafeMutablePointer<Scalar>,
    dy: UnsafeMutablePointer<Scalar>, _ query: Tensor<Scalar>, _ key: Tensor<Scalar>,
    _ value: Tensor<Scalar>, _ prefix: AttentionPrefix<Scalar>?
  ) {
    let (queries, keys, width) = (head.span.queries.count, head.span.keys.count, layout.headWidth)
    let stride = prefixLength + keys
    let gradient = MatrixView(
      UnsafePointer(queryStart(head, dy, query)), stride: query.columns)
    let column = head.keyValue * width
    var parts = [
      Part(key: key, value: value, row: head.span.keys.lowerBound, count: keys, at: prefixLength)
    ]
    if let prefix {
      parts.append(
        Part(key: prefix.keys, value: prefix.values, row: 0, count: prefixLength, at: 0))
    }
    for part in parts {
      let offset = part.row * key.columns + column
      if part.value.requiresGradient {
        Scalar.multiply(
          MatrixView(p + part.at, .transposed, stride: stride), gradient, rows: part.count,
          columns: width, inner: queries, alpha: 1, beta: 1,
          into: part.value.gradientForWriting().start + offset, stride: value.columns)
      }
      Scalar.multiply(
        gradient,
        MatrixView(UnsafePointer(part.value.start) + offset, .transposed, stride: value.columns),
        rows: queries, columns: part.count, inner: width, alpha: 1, beta: 0, into: dp + part.at,
        stride: stride)
    }
    let scale = 1 / Scalar(width).squareRoot()
    for i in 0..<queries {
      let seen = prefixLength + layout.visible[head.span.queries.lowerBound + i]
      let gradientRow = dp + i &* stride
      Softmax.backward(p + i &* stride, gradientRow, scale: scale, count: seen)
      if seen < stride { (gradientRow + seen).update(repeating: 0, count: stride - seen) }
    }
    for part in parts {
      let offset = part.row * key.columns + column
      if query.requiresGradient {
        Scalar.multiply(
          MatrixView(dp + part.at, stride: stride),
          MatrixView(UnsafePointer(part.key.start) + offset, stride: key.columns), rows: queries,
          columns: width, inner: part.count, alpha: 1, beta: 1,
          into: queryStart(head, query.gradientForWriting().start, query), stride: query.columns)
      }
      if part.key.requiresGradient {
        Scalar.multiply(
          MatrixView(dp + part.at, .transposed, stride: stride),
          MatrixView(UnsafePointer(queryStart(head, query.start, query)), stride: query.columns),
          rows: part.count, columns: width, inner: queries, alpha: 1, beta: 1,
          into: part.key.gradientForWriting().start + offset, stride: key.columns)
      }
    }
  }

  /// A run of keys and values and where its scores stand in a row.
  private struct Part<Scalar: EngineScalar> {
    let key: Tensor<Scalar>
    let value: Tensor<Scalar>
    let row: Int
    let count: Int
    let at: Int
  }

  @inline(__always)
  private func queryStart<Scalar: EngineScalar>(
    _ head: Head, _ start: UnsafeMutablePointer<Scalar>, _ tensor: Tensor<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    start + head.span.queries.lowerBound * tensor.columns + head.query * layout.headWidth
  }

  @inline(__always)
  private func keyStart<Scalar: EngineScalar>(
    _ head: Head, _ start: UnsafeMutablePointer<Scalar>, _ tensor: Tensor<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    start + head.span.keys.lowerBound * tensor.columns + head.keyValue * layout.headWidth
  }
}
