/// What training added to a frozen model, in the engine's terms and independent of file formats.
package enum Adapter: Hashable, Sendable {
  /// A matrix, row by row.
  package struct Matrix: Hashable, Sendable {
    package let rows: Int
    package let columns: Int
    package let values: [Float]

    package init(rows: Int, columns: Int, values: [Float]) {
      precondition(values.count == rows * columns, "\(values.count) values, \(rows) × \(columns)")
      self.rows = rows
      self.columns = columns
      self.values = values
    }
  }

  /// Low-rank products added to some matrices, `W + scale · B A`; with DoRA, rescaled row by row.
  ///
  /// Hu et al. 2021, arXiv:2106.09685; Liu et al. 2024 (DoRA), arXiv:2402.09353; Kalajdzievski 2023
  /// (rsLoRA, scale `α/√r` instead of `α/r`), arXiv:2312.03732.
  package struct LoRA: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
      package let layer: Int
      package let part: WeightSlot.Part
      package let a: Matrix  // [rank, inputs]
      package let b: Matrix  // [outputs, rank]
      package let scale: Double
      /// The norm each row of the sum is given, `[outputs]`; DoRA only.
      package let magnitude: [Float]?

      package init(
        layer: Int, part: WeightSlot.Part, a: Matrix, b: Matrix, scale: Double,
        magnitude: [Float]? = nil
      ) {
        precondition(a.rows == b.columns, "a rank of \(a.rows) and one of \(b.columns)")
        self.layer = layer
        self.part = part
        self.a = a
        self.b = b
        self.scale = scale
        self.magnitude = magnitude
      }
    }

    package let dropout: Double
    package let usesRankStabilization: Bool
    package let parts: [Part]

    package init(dropout: Double = 0, usesRankStabilization: Bool = false, parts: [Part]) {
      self.dropout = dropout
      self.usesRankStabilization = usesRankStabilization
      self.parts = parts
    }
  }

  /// A learned factor for each output of a matrix, or for each input of the feed-forward's `down`.
  ///
  /// (IA)³: Liu et al. 2022, arXiv:2205.05638.
  package struct Scale: Hashable, Sendable {
    package let layer: Int
    package let part: WeightSlot.Part
    package let values: [Float]
    /// Whether the factors apply to the matrix's input (PEFT's `feedforward_modules`).
    let isOfInputs: Bool

    /// - Parameters:
    ///   - layer: Its number.
    ///   - part: Which matrix.
    ///   - values: A factor an output, or an input.
    ///   - isOfInputs: Unless given, of the second matrix of the feed-forward block alone, as
    ///     published.
    package init(
      layer: Int, part: WeightSlot.Part, values: [Float], isOfInputs: Bool? = nil
    ) {
      self.layer = layer
      self.part = part
      self.values = values
      self.isOfInputs = isOfInputs ?? (part == .down)
    }
  }

  /// Keys and values that every token of a layer sees before its own, `[tokens, keyWidth]`.
  package struct PrefixLayer: Hashable, Sendable {
    package let keys: Matrix
    package let values: Matrix

    package init(keys: Matrix, values: Matrix) {
      self.keys = keys
      self.values = values
    }
  }

  case lora(LoRA)
  case scales([Scale])
  /// Embeddings before those of a text, `[tokens, embeddingWidth]`; Lester et al. 2021, arXiv:2104.08691.
  case prompt(Matrix)
  /// One entry per layer; Li and Liang 2021, arXiv:2101.00190, without the reparametrization.
  case prefix([PrefixLayer])
  /// Another that also changes weights of the model itself.
  indirect case changing([WeightChange], Adapter)

  /// Whether it only puts tokens before the text and leaves the layers unchanged.
  var isPromptLearning: Bool {
    switch self {
    case .prompt, .prefix: true
    case .lora, .scales, .changing: false
    }
  }
}

extension Transformer where Scalar == Float {
  /// The additions to the model, to be saved; nil for a model without additions that PEFT supports.
  ///
  /// - Parameters:
  ///   - dropout: Of low-rank products in training, for whoever trains on.
  ///   - usesRankStabilization: Whether scales are `α/√r`.
  /// - Returns: Copies of the trained numbers.
  package func adapter(dropout: Double = 0, usesRankStabilization: Bool = false) -> Adapter? {
    if let prompt { return .prompt(prompt.matrix) }
    let prefixes = layers.compactMap(\.prefix)
    if !prefixes.isEmpty {
      return .prefix(
        prefixes.map { Adapter.PrefixLayer(keys: $0.keys.matrix, values: $0.values.matrix) })
    }
    var parts: [Adapter.LoRA.Part] = []
    var scales: [Adapter.Scale] = []
    for (index, layer) in ownLayers.enumerated() {
      for (part, linear) in layer.linearLayers {
        if let lowRank = linear.lowRank {
          parts.append(
            .init(
              layer: index, part: part, a: lowRank.a.matrix, b: lowRank.b.matrix,
              scale: Double(lowRank.scale), magnitude: lowRank.magnitude?.lengths.values))
        }
        if let rescaling = linear.rescaling {
          scales.append(
            .init(
              layer: index, part: part, values: rescaling.factors.values,
              isOfInputs: rescaling.isOfInputs))
        }
      }
    }
    if !parts.isEmpty {
      return .lora(
        .init(dropout: dropout, usesRankStabilization: usesRankStabilization, parts: parts))
    }
    return scales.isEmpty ? nil : .scales(scales)
  }

  /// Adds an adapter that was read from a file.
  ///
  /// - Parameter adapter: Of a model of this architecture.
  package func attach(_ adapter: Adapter) {
    switch adapter {
    case .changing(let changes, let other):
      apply(changes)
      attach(other)
    case .lora(let lora):
      for part in lora.parts {
        guard let linear = layers[part.layer].linear(part.part) else { continue }
        // Parts of a module that PEFT adapts as one share its `A`, and train it together.
        let first = lora.parts.first { $0.layer == part.layer && $0.a == part.a }
        let shared =
          first.map(\.part) == part.part
          ? nil : first.flatMap { layers[$0.layer].linear($0.part)?.lowRank?.a }
        linear.attachLowRank(
          rank: part.a.rows, scale: Float(part.scale), dropout: lora.dropout,
          random: RandomStream(seed: 0, purpose: "overwritten"), sharing: shared,
          withMagnitude: part.magnitude != nil, in: ledger)
        guard let added = linear.lowRank else { continue }
        added.a.fill(part.a.values)
        added.b.fill(part.b.values)
        if let magnitude = part.magnitude { added.magnitude?.lengths.fill(magnitude) }
      }
    case .scales(let scales):
      for scale in scales {
        guard let linear = layers[scale.layer].linear(scale.part) else { continue }
        linear.attachRescaling(ofInputs: scale.isOfInputs, in: ledger)
        linear.rescaling?.factors.fill(scale.values)
      }
    case .prompt(let matrix): setPrompt(added(matrix))
    case .prefix(let prefixes):
      for (index, prefix) in prefixes.enumerated() {
        setPrefix(
          AttentionPrefix(
            keys: added(prefix.keys), values: added(prefix.values), length: prefix.keys.rows),
          layer: index)
      }
    }
  }

  /// Puts low-rank products and factors into the matrices they act on; the rest stays as it is.
  package func mergeAdapters() {
    for layer in layers { for (_, linear) in layer.linearLayers { linear.merge() } }
  }

  private func added(_ matrix: Adapter.Matrix) -> Tensor<Float> {
    let tensor = Tensor<Float>(
      rows: matrix.rows, columns: matrix.columns, category: .weights, requiresGradient: true,
      in: ledger)
    tensor.fill(matrix.values)
    return tensor
  }
}

extension Transformer.Layer {
  /// The matrix that plays a part; nil for a gate that the model does not have.
  package func linear(_ part: WeightSlot.Part) -> LinearLayer<Scalar>? {
    linearLayers.first { $0.part == part }?.linear
  }
}

extension LinearLayer where Scalar == Float {
  /// Puts a low-rank product and factors into the matrix and takes them away.
  ///
  /// - Precondition: The matrix is not quantized.
  func merge() {
    guard lowRank != nil || rescaling != nil else { return }
    guard let weight else { preconditionFailure("a quantized matrix cannot be merged into") }
    if let lowRank {
      let lengths = lowRank.magnitude.map { inverseLengths(lowRank, $0, in: weight.ledger).values }
      Product.multiply(
        MatrixView(UnsafePointer(lowRank.b.start), stride: lowRank.b.columns),
        MatrixView(UnsafePointer(lowRank.a.start), stride: inputs), rows: outputs, columns: inputs,
        inner: lowRank.a.rows, alpha: lowRank.scale, beta: 1, into: weight.start, stride: inputs)
      if let lengths, let magnitude = lowRank.magnitude?.lengths {
        for row in 0..<outputs {
          scale(row: row, of: weight, by: magnitude.start[row] * lengths[row])
        }
      }
    }
    switch rescaling {
    case .outputs(let factors):
      for row in 0..<outputs {
        scale(row: row, of: weight, by: factors.start[row])
        bias?.start[row] *= factors.start[row]
      }
    case .inputs(let factors):
      for row in 0..<outputs {
        for i in 0..<inputs { weight.start[row * inputs + i] *= factors.start[i] }
      }
    case nil: break
    }
    detachAdaptation()
  }

  private func scale(row: Int, of weight: Tensor<Float>, by factor: Float) {
    for i in 0..<inputs { weight.start[row * inputs + i] *= factor }
  }
}

extension Tensor where Scalar == Float {
  fileprivate var matrix: Adapter.Matrix {
    Adapter.Matrix(rows: rows, columns: columns, values: values)
  }

  fileprivate func fill(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for \(count)")
    fill { values[$0] }
  }
}
