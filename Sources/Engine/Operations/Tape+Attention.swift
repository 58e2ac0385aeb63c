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
  /// - Returns: `[queries, heads · headWidth]`.
  @_specialize(where Scalar == Float)
  func attention(
    query: Tensor<Scalar>, key: Tensor<Scalar>, value: Tensor<Scalar>, layout: AttentionLayout,
    prefix: AttentionPrefix<Scalar>? = nil
  ) -> Tensor<Scalar> {
    precondition(
      query.columns == layout.heads * layout.headWidth
        && key.columns == layout.keyValueHeads * layout.headWidth
        && layout.visible.count == query.rows,
      "attention: query \(query.rows)×\(query.columns), key \(key.rows)×\(key.columns)")
    let needs =
      query.requiresGradient || key.requiresGradient || value.requiresGradient
      || prefix?.requiresGradient ?? false
    let y = result(rows: query.rows, columns: query.columns, requiresGradient: needs)
    let makeKernel = {
      AttentionKernel(
        layout: layout, query: query.start, key: key.start, value: value.start,
        prefixKeys: prefix?.keys.start, prefixValues: prefix?.values.start,
        prefixLength: prefix?.length ?? 0,
        sharesGradients: prefix?.requiresGradient ?? false || layout.sharesKeys)
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
    y.setRecipe(from: [query, key, value], workspace: workspace, attend)
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
        prefixKeys: target(prefix?.keys), prefixValues: target(prefix?.values))
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
}
