/// What was learned beside a frozen model, in the engine's terms and free of any file format.
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

  /// Low-rank products beside some matrices, `W + scale · B A`; with DoRA, rescaled row by row.
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
    /// Whether the factors are those of what the matrix reads, PEFT's `feedforward_modules`.
    package let isOfInputs: Bool

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
  /// Embeddings put before a text's, `[tokens, embeddingWidth]`; Lester et al. 2021, arXiv:2104.08691.
  case prompt(Matrix)
  /// One entry a layer; Li and Liang 2021, arXiv:2101.00190, without the reparametrization.
  case prefix([PrefixLayer])

  /// Whether tokens are put before the text, and the model's layers stay as they are.
  var isPromptLearning: Bool {
    switch self {
    case .prompt, .prefix: true
    case .lora, .scales: false
    }
  }
}
