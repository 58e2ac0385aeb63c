extension Tape {
  /// Multiplies by a quantized weight matrix: `y = x Wᵀ + b`, added to `residual` when there is one.
  ///
  /// A tile of `W` at a time becomes floats, once in forward and once in backward.
  ///
  /// - Parameters:
  ///   - x: `[tokens, inputs]`, of `Float`.
  ///   - weight: `[outputs, inputs]`, frozen.
  ///   - bias: `[1, outputs]`.
  ///   - residual: `[tokens, outputs]`.
  /// - Returns: `[tokens, outputs]`.
  func linear(
    _ x: Tensor<Scalar>, _ weight: QuantizedMatrix, bias: Tensor<Scalar>? = nil,
    residual: Tensor<Scalar>? = nil
  ) -> Tensor<Scalar> {
    let (tokens, inputs, outputs) = (x.rows, weight.columns, weight.rows)
    precondition(x.columns == inputs, "linear: input \(x.columns), weight takes \(inputs)")
    let needs =
      x.requiresGradient || bias?.requiresGradient ?? false || residual?.requiresGradient ?? false
    let y = result(rows: tokens, columns: outputs, requiresGradient: needs)
    let (from, to) = (x.start, y.start)
    let (offset, added) = (bias?.start, residual?.start)
    Self.divided(outputs, weight, in: ledger) { rows, workspace in
      Self.begin(
        Product.Block(rows: 0..<tokens, columns: rows), to, bias: offset, residual: added,
        stride: outputs)
      weight.multiply(
        from.asFloats, tokens: tokens, into: to.asFloats, stride: outputs, rows: rows,
        adding: offset != nil || added != nil, workspace: workspace)
    }
    guard needs else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      if let bias, bias.requiresGradient {
        let db = bias.derivative.cleared()
        ledger.compute { Rows.sum(gradient, rows: tokens, columns: outputs, addingTo: db) }
      }
      if dx.isWanted {
        let (target, holdsValue) = dx.forWriting()
        Self.divided(inputs, weight, in: ledger) { columns, workspace in
          weight.multiplyTransposed(
            gradient.asFloats, tokens: tokens, stride: outputs, into: target.asFloats,
            columns: columns, adding: holdsValue, workspace: workspace)
        }
      }
      if let residual = residual?.derivative, residual.isWanted { residual.absorb(dy) }
    }
    return y
  }

  /// Runs `body` on parts of `0..<count`, each with room for a tile of floats.
  private static func divided(
    _ count: Int, _ weight: QuantizedMatrix, in ledger: MemoryLedger,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let share = weight.workspaceCount
    Storage<Float>.withWorkspace(ThreadTeam.shared.count * share, in: ledger) { workspace in
      ThreadTeam.shared.run { part, parts in
        let range = Parallel.part(part, of: parts, count: count, multiple: 64)
        if !range.isEmpty { body(range, workspace + part &* share) }
      }
    }
  }
}

extension UnsafeMutablePointer {
  /// The same address for a kernel that knows floats only.
  var asFloats: UnsafeMutablePointer<Float> {
    precondition(Pointee.self == Float.self, "a quantized matrix in a model of \(Pointee.self)")
    return UnsafeMutableRawPointer(self).assumingMemoryBound(to: Float.self)
  }
}
