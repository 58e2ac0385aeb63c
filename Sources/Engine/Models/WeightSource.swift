/// A place in the architecture that a stored weight fills.
package indirect enum WeightSlot: Hashable, Sendable {
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case attentionNorm
    case query
    case key
    case value
    case queryNorm
    case keyNorm
    case output
    case attentionOutputNorm
    case feedForwardNorm
    case gate
    case up
    case down
    case feedForwardOutputNorm

    /// Whether it is the weight of a normalization and not a matrix.
    package var isNorm: Bool {
      switch self {
      case .attentionNorm, .queryNorm, .keyNorm, .attentionOutputNorm, .feedForwardNorm,
        .feedForwardOutputNorm:
        true
      case .query, .key, .value, .output, .gate, .up, .down: false
      }
    }
  }

  case tokenEmbedding
  case positionEmbedding
  case tokenTypeEmbedding
  case embeddingNorm
  case projectIn
  case projectOut
  /// The table of distances, and the normalization of its rows.
  case relativeEmbedding
  case relativeNorm
  case layer(Int, Part)
  case finalNorm
  /// The matrix between the last states and ``output``, and the normalization after it.
  case readout
  case readoutNorm
  /// The dense layer between an encoder's first state and its classifier, and a norm after it.
  case pooler
  case poolerNorm
  case output
  /// The bias beside a weight.
  case bias(WeightSlot)

  var bias: WeightSlot { .bias(self) }
}

extension WeightSlot {
  /// Whether the slot holds one row: a bias or a normalization's weight.
  var isVector: Bool {
    switch self {
    case .bias, .embeddingNorm, .relativeNorm, .finalNorm, .readoutNorm, .poolerNorm:
      true
    case .layer(_, let part): part.isNorm
    default: false
    }
  }

  /// The part of a layer's matrix or of the bias beside it; nil for anything else.
  var matrixPart: Part? {
    switch self {
    case .layer(_, let part): part.isNorm ? nil : part
    case .bias(let inner): inner.matrixPart
    default: nil
    }
  }

  /// Whether a run looks up only few of the rows, as in a table of words or positions.
  package var isTable: Bool {
    switch self {
    case .tokenEmbedding, .positionEmbedding, .output: true
    default: false
    }
  }
}

/// Something that fills the slots of an architecture: a checkpoint, or random numbers in a test.
package protocol WeightSource<Scalar, Failure> {
  associatedtype Scalar: EngineScalar
  associatedtype Failure: Error

  /// Makes the weight of `slot`; a bias or norm has one row.
  func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(Failure) -> Tensor<Scalar>
}

/// Random weights for tests and benchmarks: normal with the given deviation, norms near one.
struct RandomWeights<Scalar: EngineScalar>: WeightSource {
  let seed: UInt64
  let deviation: Double

  package init(seed: UInt64, deviation: Double = 0.02) {
    self.seed = seed
    self.deviation = deviation
  }

  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(Never) -> Tensor<Scalar> {
    let tensor = Tensor<Scalar>(rows: rows, columns: columns, category: .weights, in: ledger)
    var random = RandomStream(seed: seed, purpose: "weights of \(slot)")
    let mean: Scalar =
      if case .bias = slot { 0 } else { slot.isVector ? 1 : 0 }
    tensor.fill { _ in Scalar(deviation * random.normal()) + mean }
    return tensor
  }
}
