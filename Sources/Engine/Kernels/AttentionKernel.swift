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
  /// What distances add to the scores of a sequence's own keys; nil for nothing.
  let relative: RelativeScores<Scalar>?
  /// Whether the gradients of several sequences meet, in a trained prefix or in shared keys.
  let sharesGradients: Bool
  private let largestScores: Int
  private let relativeRoom: Int

  /// Where gradients go; nil where nothing trainable leads to.
  struct Gradients {
    /// Usually of a tensor that only this attention reads: its first gradient is written, which saves
    /// clearing the place.
    struct Target {
      let start: UnsafeMutablePointer<Scalar>
      let holdsValue: Bool
    }

    let query: Target?
    let key: Target?
    let value: Target?
    /// Many sequences add to these, which were cleared.
    let prefixKeys: UnsafeMutablePointer<Scalar>?
    let prefixValues: UnsafeMutablePointer<Scalar>?
    var relative = RelativeScores<Scalar>.Gradients()
  }

  /// What one unit of work is: the queries that read one head of keys, of one sequence or of all.
  enum Division {
    case sequences
    case heads
  }

  private struct Head {
    let span: AttentionLayout.Span
    let query: Int
    let keyValue: Int
    /// Whether it is the first query head that reads these keys.
    let isFirst: Bool
  }

  /// A run of keys and values, with the place of their scores in a row and of their gradients.
  private struct Part {
    let key: UnsafeMutablePointer<Scalar>
    let value: UnsafeMutablePointer<Scalar>
    let dkey: UnsafeMutablePointer<Scalar>?
    let dvalue: UnsafeMutablePointer<Scalar>?
    let stride: Int
    let count: Int
    let at: Int
    /// Factors of what is already in the gradients' place: 0 if nothing is.
    var keyBeta: Scalar = 1
    var valueBeta: Scalar = 1
  }

  private var queryStride: Int { layout.heads &* layout.headWidth }
  private var keyStride: Int { layout.keyValueHeads &* layout.headWidth }

  /// Scalars that ``forward(_:room:to:)`` needs.
  ///
  /// The largest score matrix, `queries × (prefix + keys)`, and keys and values that do not lie
  /// together; and what distances need.
  var workspace: Int { relativeStart + relativeRoom }

  /// Scalars that ``backward(_:_:room:_:to:)`` needs: twice as many, and slopes of capped scores.
  var backwardWorkspace: Int {
    2 * relativeStart + (layout.cap == nil ? 0 : largestScores) + relativeRoom
  }

  private var relativeStart: Int { largestScores + 2 * copied }

  private var scale: Scalar {
    layout.scale.map { Scalar($0) } ?? 1 / Scalar(layout.headWidth).squareRoot()
  }

  private var copied: Int {
    let longest = layout.spans.map { $0.sharedKeys.isEmpty ? 0 : $0.keyCount }.max() ?? 0
    return longest * layout.headWidth
  }

  init(
    layout: AttentionLayout, query: UnsafeMutablePointer<Scalar>,
    key: UnsafeMutablePointer<Scalar>, value: UnsafeMutablePointer<Scalar>,
    prefixKeys: UnsafeMutablePointer<Scalar>?, prefixValues: UnsafeMutablePointer<Scalar>?,
    prefixLength: Int, relative: RelativeScores<Scalar>? = nil, sharesGradients: Bool
  ) {
    self.layout = layout
    self.query = query
    self.key = key
    self.value = value
    self.prefixKeys = prefixKeys
    self.prefixValues = prefixValues
    self.prefixLength = prefixLength
    self.relative = relative
    self.sharesGradients = sharesGradients
    largestScores =
      layout.spans.map { $0.queries.count * (prefixLength + $0.keyCount) }.max() ?? 0
    relativeRoom =
      relative.map { relative in
        layout.spans.map { relative.workspace(queries: $0.queries.count, keys: $0.keyCount) }.max()
          ?? 0
      } ?? 0
  }

  /// What may be computed at the same time without two units adding to one gradient.
  var backwardDivision: Division { sharesGradients ? .heads : .sequences }

  /// Runs `body(unit, part)` for every unit of work on the threads, of which `part` numbers one.
  @inline(__always)
  func divided(_ division: Division, _ body: (_ unit: Int, _ part: Int) -> Void) {
    let units = layout.keyValueHeads * (division == .heads ? 1 : layout.spans.count)
    let work =
      layout.heads * layout.headWidth
      * layout.spans.reduce(0) { $0 + $1.queries.count * (prefixLength + $1.keyCount) }
    guard work > 1 << 14 else {
      for unit in 0..<units { body(unit, 0) }
      return
    }
    ThreadTeam.shared.run { part, parts in
      for unit in stride(from: part, to: units, by: parts) { body(unit, part) }
    }
  }

  @inline(__always)
  private func eachHead(_ unit: Int, _ division: Division, _ body: (Head) -> Void) {
    let group = layout.heads / layout.keyValueHeads
    let keyValue = unit % layout.keyValueHeads
    let first = unit / layout.keyValueHeads
    for index in division == .heads ? 0..<layout.spans.count : first..<(first + 1) {
      let span = layout.spans[index]
      if span.queries.isEmpty { continue }
      for member in 0..<group {
        body(
          Head(
            span: span, query: keyValue * group + member, keyValue: keyValue,
            isFirst: member == 0))
      }
    }
  }

  /// Computes a unit's part of `y = softmax(Q Kᵀ · s) V`, `s = 1 / √w` unless the layout has another.
  @inline(__always)
  func forward(
    _ unit: Int, room: UnsafeMutablePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>
  ) {
    eachHead(unit, .sequences) { head in
      let (own, prefix) = (ownPart(head, copies: room + largestScores), prefixPart(head))
      probabilities(head, own, prefix, into: room, relativeRoom: room + relativeStart)
      let (queries, stride) = (head.span.queries.count, own.at + own.count)
      let target = y + queryOffset(head)
      @inline(__always) func weigh(_ part: Part, beta: Scalar) {
        Scalar.multiply(
          MatrixView(room + part.at, stride: stride), MatrixView(part.value, stride: part.stride),
          rows: queries, columns: layout.headWidth, inner: part.count, alpha: 1, beta: beta,
          into: target, stride: queryStride)
      }
      if let prefix { weigh(prefix, beta: 0) }
      weigh(own, beta: prefix == nil ? 0 : 1)
    }
  }

  /// Computes `softmax(Q Kᵀ · s)` with zeros at the keys a query may not see.
  ///
  /// - Parameters:
  ///   - head: Whose.
  ///   - own: The sequence's keys.
  ///   - prefix: The keys before them.
  ///   - p: Where to.
  ///   - relativeRoom: For what distances add.
  ///   - slopes: Where the derivatives of capped scores by uncapped ones go; nil not to keep them.
  @inline(__always)
  private func probabilities(
    _ head: Head, _ own: Part, _ prefix: Part?, into p: UnsafeMutablePointer<Scalar>,
    relativeRoom: UnsafeMutablePointer<Scalar>,
    slopes: UnsafeMutablePointer<Scalar>? = nil
  ) {
    let (queries, stride) = (head.span.queries.count, own.at + own.count)
    let q = MatrixView(UnsafePointer(query + queryOffset(head)), stride: queryStride)
    @inline(__always) func score(_ part: Part) {
      Scalar.multiply(
        q, MatrixView(part.key, .transposed, stride: part.stride), rows: queries,
        columns: part.count, inner: layout.headWidth, alpha: 1, beta: 0, into: p + part.at,
        stride: stride)
    }
    if let prefix { score(prefix) }
    score(own)
    relative?.add(block(head, own), to: p + own.at, stride: stride, room: relativeRoom)
    let (scale, cap) = (scale, layout.cap.map { Scalar($0) })
    for i in 0..<queries {
      let (first, seen) = seen(by: head.span.queries.lowerBound + i)
      let row = p + i &* stride
      if let cap { bound(row, scale: scale / cap, first..<seen, slopes.map { $0 + i &* stride }) }
      Softmax.normalize(row + first, scale: cap ?? scale, count: seen - first)
      if first > 0 { Elementwise.clearFew(row, count: first) }
      Elementwise.clearFew(row + seen, count: stride - seen)
    }
  }

  /// The keys a query sees: from the first, up to the second.
  @inline(__always)
  private func seen(by query: Int) -> (Int, Int) {
    (layout.first(query), prefixLength + layout.visible[query])
  }

  /// Replaces scores `x` by `tanh(scale · x)`.
  private func bound(
    _ row: UnsafeMutablePointer<Scalar>, scale: Scalar, _ range: Range<Int>,
    _ slopes: UnsafeMutablePointer<Scalar>?
  ) {
    for j in range {
      row[j] = Scalar.tanh(row[j] * scale)
      slopes?[j] = 1 - row[j] * row[j]
    }
  }

  /// Adds a unit's gradients, or writes them where there were none.
  ///
  /// Every key belongs to one span, which comes before those that share it and so writes first.
  ///
  /// `dV = Pᵀ dY`, `dP = dY Vᵀ`, `dS = P ⊙ (dP − rowsum(P ⊙ dP)) · s`, `dQ = dS K`, `dK = dSᵀ Q`.
  ///
  /// - Parameters:
  ///   - unit: Which.
  ///   - division: Of the units.
  ///   - room: ``backwardWorkspace`` scalars.
  ///   - dy: The gradient of the output, `[queries, heads · headWidth]`.
  ///   - gradients: Where to add.
  @inline(__always)
  func backward(
    _ unit: Int, _ division: Division, room: UnsafeMutablePointer<Scalar>,
    _ dy: UnsafeMutablePointer<Scalar>, to gradients: Gradients
  ) {
    let (p, dp, width) = (room, room + largestScores, layout.headWidth)
    let slopes = layout.cap == nil ? nil : room + 2 &* relativeStart
    let relativeRoom = room + (backwardWorkspace &- relativeRoom)
    let scale = scale
    eachHead(unit, division) { head in
      let own = ownPart(head, copies: dp + largestScores, gradients)
      let prefix = prefixPart(head, gradients)
      probabilities(head, own, prefix, into: p, relativeRoom: relativeRoom, slopes: slopes)
      let (queries, stride) = (head.span.queries.count, own.at + own.count)
      let gradient = MatrixView(UnsafePointer(dy + queryOffset(head)), stride: queryStride)
      let queryRows = MatrixView(UnsafePointer(query + queryOffset(head)), stride: queryStride)
      @inline(__always) func eachPart(_ body: (Part) -> Void) {
        body(own)
        if let prefix { body(prefix) }
      }
      eachPart { part in
        if let dvalue = part.dvalue {
          Scalar.multiply(
            MatrixView(p + part.at, .transposed, stride: stride), gradient, rows: part.count,
            columns: width, inner: queries, alpha: 1, beta: part.valueBeta, into: dvalue,
            stride: part.stride)
        }
        Scalar.multiply(
          gradient, MatrixView(part.value, .transposed, stride: part.stride), rows: queries,
          columns: part.count, inner: width, alpha: 1, beta: 0, into: dp + part.at,
          stride: stride)
      }
      for i in 0..<queries {
        let (first, seen) = seen(by: head.span.queries.lowerBound + i)
        let row = dp + i &* stride
        Softmax.backward(p + i &* stride + first, row + first, scale: scale, count: seen - first)
        if let slopes { for j in first..<seen { row[j] *= slopes[i &* stride &+ j] } }
        if first > 0 { Elementwise.clearFew(row, count: first) }
        Elementwise.clearFew(row + seen, count: stride - seen)
      }
      var isFresh = gradients.query?.holdsValue == false
      eachPart { part in
        if let dquery = gradients.query?.start {
          Scalar.multiply(
            MatrixView(dp + part.at, stride: stride), MatrixView(part.key, stride: part.stride),
            rows: queries, columns: width, inner: part.count, alpha: 1, beta: isFresh ? 0 : 1,
            into: dquery + queryOffset(head), stride: queryStride)
          isFresh = false
        }
        if let dkey = part.dkey {
          Scalar.multiply(
            MatrixView(dp + part.at, .transposed, stride: stride), queryRows, rows: part.count,
            columns: width, inner: queries, alpha: 1, beta: part.keyBeta, into: dkey,
            stride: part.stride)
        }
      }
      relative?.backward(
        block(head, own), scores: dp + own.at, stride: stride, room: relativeRoom,
        query: gradients.query.map { $0.start + queryOffset(head) }, key: own.dkey,
        to: gradients.relative)
      if !head.span.sharedKeys.isEmpty {
        scatter(own.dkey, of: head, to: gradients.key)
        scatter(own.dvalue, of: head, to: gradients.value)
      }
    }
  }

  /// What distances have to know of a head.
  @inline(__always)
  private func block(_ head: Head, _ own: Part) -> RelativeScores<Scalar>.Block {
    RelativeScores.Block(
      head: head.query, rows: head.span.queries, query: query + queryOffset(head), key: own.key,
      keyCount: own.count, stride: queryStride, width: layout.headWidth, heads: layout.heads,
      scale: scale)
  }

  @inline(__always)
  private func queryOffset(_ head: Head) -> Int {
    head.span.queries.lowerBound * queryStride + head.query * layout.headWidth
  }
}

extension AttentionKernel {
  /// What a trained or cached prefix adds to a head's keys; nil without one.
  @inline(__always)
  private func prefixPart(_ head: Head, _ gradients: Gradients? = nil) -> Part? {
    guard let prefixKeys, let prefixValues else { return nil }
    let offset = head.keyValue * layout.headWidth
    return Part(
      key: prefixKeys + offset, value: prefixValues + offset,
      dkey: gradients?.prefixKeys.map { $0 + offset },
      dvalue: gradients?.prefixValues.map { $0 + offset }, stride: keyStride, count: prefixLength,
      at: 0)
  }

  /// A sequence's keys, copied together where some of them are shared.
  ///
  /// - Parameters:
  ///   - head: Whose.
  ///   - copies: Room for keys and values and as much for their gradients, if they are asked for.
  ///   - gradients: Where those of keys that lie together go; nil to ask for none.
  /// - Returns: Keys, values and where their gradients are to be written.
  @inline(__always)
  private func ownPart(
    _ head: Head, copies: UnsafeMutablePointer<Scalar>, _ gradients: Gradients? = nil
  ) -> Part {
    guard !head.span.sharedKeys.isEmpty else {
      let offset = head.span.keys.lowerBound * keyStride + head.keyValue * layout.headWidth
      return Part(
        key: key + offset, value: value + offset, dkey: gradients?.key.map { $0.start + offset },
        dvalue: gradients?.value.map { $0.start + offset }, stride: keyStride,
        count: head.span.keys.count, at: prefixLength, keyBeta: beta(gradients?.key, head),
        valueBeta: beta(gradients?.value, head))
    }
    let width = layout.headWidth
    let (count, size) = (head.span.keyCount, head.span.keyCount &* layout.headWidth)
    let (keys, values) = (copies, copies + size)
    eachKey(head) { index, offset, _ in
      Elementwise.copy(key + offset, to: keys + index &* width, count: width)
      Elementwise.copy(value + offset, to: values + index &* width, count: width)
    }
    return Part(
      key: keys, value: values, dkey: gradients?.key.map { _ in copies + 2 &* size },
      dvalue: gradients?.value.map { _ in copies + 3 &* size }, stride: width, count: count,
      at: prefixLength, keyBeta: 0, valueBeta: 0)
  }

  /// The factor of the keys' gradients before a head adds its own: 0 for the first head.
  @inline(__always)
  private func beta(_ target: Gradients.Target?, _ head: Head) -> Scalar {
    target?.holdsValue == false && head.isFirst ? 0 : 1
  }

  /// Adds the gradients of copies to what they are copies of.
  @inline(__always)
  private func scatter(
    _ copies: UnsafeMutablePointer<Scalar>?, of head: Head, to target: Gradients.Target?
  ) {
    guard let copies, let target else { return }
    let (width, writesOwn) = (layout.headWidth, beta(target, head) == 0)
    eachKey(head) { index, offset, isOwn in
      if isOwn, writesOwn {
        Elementwise.copy(copies + index &* width, to: target.start + offset, count: width)
      } else {
        Elementwise.add(copies + index &* width, to: target.start + offset, count: width)
      }
    }
  }

  /// Runs `body` with the number of each key of a head, where it begins and whether no sequence before
  /// this one has it.
  @inline(__always)
  private func eachKey(_ head: Head, _ body: (_ index: Int, _ offset: Int, _ isOwn: Bool) -> Void) {
    var index = 0
    func run(_ rows: Range<Int>, isOwn: Bool) {
      for row in rows {
        body(index, row &* keyStride &+ head.keyValue &* layout.headWidth, isOwn)
        index += 1
      }
    }
    for rows in head.span.sharedKeys { run(rows, isOwn: false) }
    run(head.span.keys, isOwn: true)
  }
}
