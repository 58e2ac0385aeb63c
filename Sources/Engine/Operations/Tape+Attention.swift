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

  var requiresGradient: Bool { keys.requiresGradient || values.requiresGradient }
}

/// What the distance of two tokens adds to their score; see ``RelativeScores``.
enum RelativeTerms<Scalar: EngineScalar> {
  /// `[rows, heads]`.
  case biases(Tensor<Scalar>)
  /// `[rows, heads · headWidth]` each.
  case projections(keys: Tensor<Scalar>?, queries: Tensor<Scalar>?)

  fileprivate var tensors: [Tensor<Scalar>] {
    switch self {
    case .biases(let biases): [biases]
    case .projections(let keys, let queries): [keys, queries].compactMap(\.self)
    }
  }

  var requiresGradient: Bool { tensors.contains { $0.requiresGradient } }

  /// The same with the numbers that `value` reads off a tensor.
  fileprivate func map<Value>(
    _ value: (Tensor<Scalar>) -> Value?
  ) -> (biases: Value?, keys: Value?, queries: Value?) {
    switch self {
    case .biases(let biases): (value(biases), nil, nil)
    case .projections(let keys, let queries): (nil, keys.flatMap(value), queries.flatMap(value))
    }
  }
}

extension Tape {
  /// Attends with several heads: per head `softmax(Q Kᵀ · s) V` over the keys a query may see.
  ///
  /// Vaswani et al. 2017, arXiv:1706.03762, equation 1; grouped queries as in Ainslie et al. 2023,
  /// arXiv:2305.13245. Probabilities are not kept: backward recomputes them from `Q` and `K`.
  ///
  /// - Parameters:
  ///   - query: `[queries, heads · headWidth]`.
  ///   - key: `[tokens, keyValueHeads · headWidth]`.
  ///   - value: As `key`.
  ///   - layout: Which queries see which keys.
  ///   - prefix: Keys and values before a sequence's own.
  ///   - relative: What the distances of the layout add to the scores of a sequence's own keys.
  /// - Returns: `[queries, heads · headWidth]`.
  @_specialize(where Scalar == Float)
  func attention(
    query: Tensor<Scalar>, key: Tensor<Scalar>, value: Tensor<Scalar>, layout: AttentionLayout,
    prefix: AttentionPrefix<Scalar>? = nil, relative: RelativeTerms<Scalar>? = nil
  ) -> Tensor<Scalar> {
    precondition(
      query.columns == layout.heads * layout.headWidth
        && key.columns == layout.keyValueHeads * layout.headWidth
        && layout.visible.count == query.rows,
      "attention: query \(query.rows)×\(query.columns), key \(key.rows)×\(key.columns)")
    precondition(
      (relative == nil) == (layout.distances == nil) && (relative == nil || !layout.sharesKeys),
      "attention: distances without terms or beside shared keys")
    let needs =
      query.requiresGradient || key.requiresGradient || value.requiresGradient
      || prefix?.requiresGradient ?? false || relative?.requiresGradient ?? false
    let y = result(rows: query.rows, columns: query.columns, requiresGradient: needs)
    let makeKernel = {
      AttentionKernel(
        layout: layout, query: query.start, key: key.start, value: value.start,
        prefixKeys: prefix?.keys.start, prefixValues: prefix?.values.start,
        prefixLength: prefix?.length ?? 0, relative: Self.scores(relative, layout),
        sharesGradients: prefix?.requiresGradient ?? false || layout.sharesKeys
          || relative?.requiresGradient ?? false)
    }
    let (share, backwardShare) = (makeKernel().workspace, makeKernel().backwardWorkspace)
    let workspace = ThreadTeam.shared.count * share
    let attend = { [ledger] (target: UnsafeMutablePointer<Scalar>) in
      Storage<Scalar>.withWorkspace(workspace, in: ledger) { room in
        let kernel = makeKernel()
        kernel.divided(.sequences) { unit, part in
          kernel.forward(unit, room: room + part &* share, to: target)
        }
      }
    }
    attend(y.start)
    guard needs else { return y }
    y.setRecipe(
      from: [query, key, value] + (relative?.tensors ?? []), workspace: workspace, attend)
    record { [ledger, dy = y.derivative] in
      guard let gradient = dy.current else { return }
      func target(_ tensor: Tensor<Scalar>?) -> UnsafeMutablePointer<Scalar>? {
        tensor.flatMap { $0.requiresGradient ? $0.derivative.cleared() : nil }
      }
      // One that is read twice is written twice.
      let isReadTwice = query === key || query === value || key === value
      typealias Target = AttentionKernel<Scalar>.Gradients.Target
      func unclearedTarget(_ tensor: Tensor<Scalar>) -> Target? {
        guard !isReadTwice else {
          return target(tensor).map { Target(start: $0, holdsValue: true) }
        }
        guard tensor.requiresGradient else { return nil }
        let (start, holdsValue) = tensor.derivative.forWriting()
        return Target(start: start, holdsValue: holdsValue)
      }
      let targets = AttentionKernel.Gradients(
        query: unclearedTarget(query), key: unclearedTarget(key), value: unclearedTarget(value),
        prefixKeys: target(prefix?.keys), prefixValues: target(prefix?.values),
        relative: Self.gradients(relative, target))
      Storage<Scalar>.withWorkspace(ThreadTeam.shared.count * backwardShare, in: ledger) { room in
        let kernel = makeKernel()
        let division = kernel.backwardDivision
        kernel.divided(division) { unit, part in
          kernel.backward(
            unit, division, room: room + part &* backwardShare, gradient, to: targets)
        }
      }
    }
    return y
  }

  private static func scores(
    _ terms: RelativeTerms<Scalar>?, _ layout: AttentionLayout
  ) -> RelativeScores<Scalar>? {
    guard let terms, let distances = layout.distances else { return nil }
    let (biases, keys, queries) = terms.map { $0.start }
    return RelativeScores(distances: distances, biases: biases, keys: keys, queries: queries)
  }

  private static func gradients(
    _ terms: RelativeTerms<Scalar>?, _ target: (Tensor<Scalar>?) -> UnsafeMutablePointer<Scalar>?
  ) -> RelativeScores<Scalar>.Gradients {
    guard let terms else { return .init() }
    let (biases, keys, queries) = terms.map { target($0) }
    return .init(biases: biases, keys: keys, queries: queries)
  }
}
