import Foundation

/// Fills a decoder's slots from a Hugging Face checkpoint, by the tensor names of its family.
package struct CheckpointWeights: WeightSource {
  private let weights: ShardedWeights
  private let names: TensorNames
  /// GPT-2 stores its matrices inputs × outputs.
  private let isTransposed: Bool
  /// For messages.
  private let folder: String

  package init(_ folder: ModelFolder) {
    self.folder = folder.url.path
    weights = folder.weights
    names = TensorNames.of(folder.description.family)
    isTransposed = folder.description.family == .gpt2
  }

  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(CheckpointError) -> Tensor<Float> {
    try checkShape(of: slot, rows: rows, columns: columns)
    let tensor = Tensor<Float>(rows: rows, columns: columns, category: .weights, in: ledger)
    guard isTransposed, let part = slot.matrixPart else {
      let shape = slot.isVector ? [columns] : [rows, columns]
      try weights.read(
        names.name(of: slot), shape: shape, into: tensor.elements, rejectingNonFinite: true)
      return tensor
    }
    let third = [WeightSlot.Part.query, .key, .value].firstIndex(of: part)
    try readTransposed(slot, third: third, into: tensor)
    return tensor
  }

  /// Compares a slot with the file's header, before any memory is taken for it.
  func checkShape(of slot: WeightSlot, rows: Int, columns: Int) throws(CheckpointError) {
    let name = names.name(of: slot)
    var shape = slot.isVector ? [columns] : [rows, columns]
    if isTransposed, let part = slot.matrixPart {
      let isJoint = [WeightSlot.Part.query, .key, .value].contains(part)
      shape = (slot.isVector ? [columns] : [columns, rows])
      if isJoint { shape[shape.count - 1] *= 3 }
    }
    let stored = try weights.shapeOrThrow(of: name)
    guard stored == shape else {
      throw CheckpointError(
        .mismatched, file: folder,
        "the tensor '\(name)' has the shape \(stored), config.json asks for \(shape)",
        help: "config.json and the weights do not belong together; fetch both again")
    }
  }

  /// Refuses weights with more layers than the configuration uses.
  func checkNoLayerIsLeftOut(_ layers: Int) throws(CheckpointError) {
    let prefix = "\(names.layer).\(layers)."
    guard let extra = weights.names.first(where: { $0.hasPrefix(prefix) }) else { return }
    throw CheckpointError(
      .mismatched, file: folder,
      "the weights hold '\(extra)', but config.json uses \(layers) layers",
      help: "config.json and the weights do not belong together; fetch both again")
  }

  /// Reads an inputs × outputs matrix, or the bias beside it.
  ///
  /// GPT-2 keeps query, key and value side by side in one matrix of three times the outputs.
  private func readTransposed(
    _ slot: WeightSlot, third: Int?, into tensor: Tensor<Float>
  ) throws(CheckpointError) {
    let (name, parts) = (names.name(of: slot), third == nil ? 1 : 3)
    let outputs = parts * (slot.isVector ? tensor.columns : tensor.rows)
    let whole = Tensor<Float>(
      rows: outputs, columns: slot.isVector ? 1 : tensor.columns, category: .workspace,
      in: tensor.ledger)
    defer { withExtendedLifetime(whole) {} }
    if slot.isVector {
      try weights.read(name, shape: [outputs], into: whole.elements, rejectingNonFinite: true)
    } else {
      try weights.readTransposed(
        name, shape: [tensor.columns, outputs], into: whole.elements, rejectingNonFinite: true)
    }
    tensor.start.update(from: whole.start + (third ?? 0) * tensor.count, count: tensor.count)
  }
}

extension WeightSlot {
  /// Whether the slot holds one row: a bias or a normalization's weight.
  fileprivate var isVector: Bool {
    switch self {
    case .bias, .finalNorm, .layer(_, .attentionNorm), .layer(_, .feedForwardNorm): true
    default: false
    }
  }

  /// The part of a layer's matrix or of the bias beside it; nil for anything else.
  fileprivate var matrixPart: Part? {
    switch self {
    case .layer(_, .attentionNorm), .layer(_, .feedForwardNorm): nil
    case .layer(_, let part): part
    case .bias(let inner): inner.matrixPart
    default: nil
    }
  }
}
