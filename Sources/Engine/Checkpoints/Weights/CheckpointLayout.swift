/// Where each weight of an architecture lies among the tensors of its family's checkpoints.
struct CheckpointLayout: Sendable {
  /// A weight's place: a tensor, or one of three parts of a tensor that query, key and value share.
  struct Place: Hashable, Sendable {
    /// The tensor's name, without a wrapper's prefix.
    let name: String
    let weight: ModelDescription.Weight
    /// Whether the tensor is stored inputs × outputs, as GPT-2 does.
    let isTransposed: Bool
    /// How the weight shares its tensor, nil where it has one of its own.
    let share: Share?

    /// The tensor's shape in the file.
    var shape: [Int] {
      let outputs = (weight.slot.isVector ? weight.columns : weight.rows) * (share == nil ? 1 : 3)
      if weight.slot.isVector { return [outputs] }
      return isTransposed ? [weight.columns, outputs] : [outputs, weight.columns]
    }
  }

  /// Query, key and value take turns in the outputs of one tensor, `block` outputs at a time.
  struct Share: Hashable, Sendable {
    /// 0, 1 or 2.
    let part: Int
    /// A head in GPT-NeoX, all heads in GPT-2.
    let block: Int

    /// The first output of the part's block of this number.
    func start(ofBlock number: Int) -> Int { (3 * number + part) * block }
  }

  let names: TensorNames
  private let family: ModelDescription.Family
  private let headWidth: Int

  init(_ description: ModelDescription) {
    family = description.family
    headWidth = description.headWidth
    names = TensorNames.of(family)
  }

  func place(of weight: ModelDescription.Weight) -> Place {
    let part = weight.slot.matrixPart
    let third = [WeightSlot.Part.query, .key, .value].firstIndex { $0 == part }
    let outputs = weight.slot.isVector ? weight.columns : weight.rows
    let share: Share? =
      switch (family, third) {
      case (.gpt2, .some(let third)): Share(part: third, block: outputs)
      case (.neox, .some(let third)): Share(part: third, block: headWidth)
      default: nil
      }
    return Place(
      name: names.name(of: weight.slot), weight: weight,
      isTransposed: family == .gpt2 && part != nil && !weight.slot.isVector, share: share)
  }
}

extension WeightSlot {
  /// Whether the slot holds one row: a bias or a normalization's weight.
  var isVector: Bool {
    switch self {
    case .bias, .embeddingNorm, .finalNorm, .layer(_, .attentionNorm), .layer(_, .feedForwardNorm):
      true
    default: false
    }
  }

  /// The part of a layer's matrix or of the bias beside it; nil for anything else.
  var matrixPart: Part? {
    switch self {
    case .layer(_, .attentionNorm), .layer(_, .feedForwardNorm): nil
    case .layer(_, let part): part
    case .bias(let inner): inner.matrixPart
    default: nil
    }
  }

  /// Whether a run looks up few of the rows: a vocabulary's or the positions'.
  package var isTable: Bool {
    switch self {
    case .tokenEmbedding, .positionEmbedding, .output: true
    default: false
    }
  }
}
