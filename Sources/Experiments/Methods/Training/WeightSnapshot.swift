import Engine

/// A copy of what trains, to come back to.
struct WeightSnapshot {
  private let groups: [AdamW<Float>.Group]
  private let copies: [Tensor<Float>]
  private let ledger: MemoryLedger

  /// Makes room for a copy of every trainable tensor; ``store()`` fills it.
  init(_ groups: [AdamW<Float>.Group], in ledger: MemoryLedger) {
    self.groups = groups
    self.ledger = ledger
    copies = groups.map {
      Tensor(
        rows: $0.tensor.rows, columns: $0.tensor.columns, category: .weights, in: ledger)
    }
  }

  /// Remembers the tensors as they are now.
  func store() {
    for (group, copy) in zip(groups, copies) { move(group.tensor, to: copy) }
  }

  /// Gives every tensor its remembered values back.
  func restore() {
    for (group, copy) in zip(groups, copies) { move(copy, to: group.tensor) }
  }

  private func move(_ source: Tensor<Float>, to target: Tensor<Float>) {
    withExtendedLifetime((source, target)) {
      ledger.compute { _ = target.elements.update(fromContentsOf: source.elements) }
    }
  }
}
