import Engine

/// Keeps some of the weights, evenly spaced, to measure how far training moved them.
///
/// Reading a mapped table makes all of it resident, so the pages that were read are given back, and rows
/// that training has not touched are not read again.
struct WeightProbe {
  private static let perTensor = 4096
  /// Of each group; none in a plan.
  private let samples: [[Float]]

  /// - Parameters:
  ///   - groups: What is about to train.
  ///   - model: Whose tables of words and positions may be mapped.
  init(_ groups: [AdamW<Float>.Group], of model: Transformer<Float>) {
    let tables = model.weights.filter(\.slot.isTable).map(\.tensor)
    var samples: [[Float]] = []
    model.ledger.compute {
      samples = groups.map { group in
        let isTable = tables.contains { $0 === group.tensor }
        return Self.sample(group.tensor, isTable: isTable)
      }
    }
    self.samples = samples
  }

  private static func sample(_ tensor: Tensor<Float>, isTable: Bool) -> [Float] {
    var sample: [Float] = []
    for place in places(in: tensor) {
      sample.append(tensor.element(at: place))
      if isTable, sample.count.isMultiple(of: 256) { tensor.releaseUnchangedPages() }
    }
    if isTable { tensor.releaseUnchangedPages() }
    return sample
  }

  /// How far the remembered weights have moved.
  ///
  /// - Parameters:
  ///   - groups: Those of the initializer, their gradients not yet released.
  ///   - decays: Whether weights without a gradient have changed as well.
  /// - Returns: `‖θ_now − θ_then‖ / ‖θ_then‖`.
  func relativeChange(_ groups: [AdamW<Float>.Group], decays: Bool) -> Double {
    var (change, size) = (0.0, 0.0)
    for (group, before) in zip(groups, samples) {
      let tensor = group.tensor
      let rows = tensor.touchedRows
      // Decay moves the other rows of a table that trains, but not a table that nothing reads.
      let touched = decays && rows?.isEmpty == false ? nil : rows
      for (place, then) in zip(Self.places(in: tensor), before) {
        let isSame = touched.map { !$0.contains(place / tensor.columns) } ?? false
        let now = isSame ? then : tensor.element(at: place)
        change += Double(now - then) * Double(now - then)
        size += Double(then) * Double(then)
      }
    }
    return size > 0 ? (change / size).squareRoot() : 0
  }

  private static func places(in tensor: Tensor<Float>) -> StrideTo<Int> {
    stride(from: 0, to: tensor.count, by: max(1, tensor.count / perTensor))
  }
}

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
