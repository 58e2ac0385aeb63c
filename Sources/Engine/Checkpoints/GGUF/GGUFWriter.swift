package import Foundation

/// Writes a decoder as one file that llama.cpp runs, for the families whose layout there is known.
///
/// The names of tensors and keys are those of `gguf-py/gguf/constants.py` of llama.cpp. Tied matrices are
/// written once.
package struct GGUFWriter {
  /// How matrices are stored; vectors are F32.
  package enum Precision: Hashable, Sendable {
    case f32, f16
    /// Of rows that are no multiple of 32 long, F16.
    case q8

    /// `general.file_type`.
    var fileType: UInt32 {
      switch self {
      case .f32: 0
      case .f16: 1
      case .q8: 7
      }
    }
  }

  /// A tensor of the file and the weights it consists of, one below the other.
  private struct Part {
    let tensor: GGUFFile.Tensor
    let content: Content
  }

  private enum Content {
    case weights([ModelDescription.Weight])
    case values([Float])
  }

  private let description: ModelDescription
  private let architecture: Architecture
  private let file: GGUFFile
  private let parts: [Part]

  /// Prepares to write a model like the one in a folder.
  ///
  /// - Parameters:
  ///   - source: Its configuration, tokenizer and name.
  ///   - isUntied: Whether there is an output matrix although the source ties it.
  ///   - precision: Of the matrices.
  /// - Throws: ``CheckpointError`` for a family, a part of the architecture or a tokenizer that is not known
  ///   to llama.cpp, or not here.
  package init(
    _ source: ModelFolder, isUntied: Bool = false, precision: Precision
  ) throws(CheckpointError) {
    let fields = try ConfigurationFields(
      contentsOf: source.url.appendingPathComponent(FolderFiles.configurationName))
    var description = source.description
    if isUntied { description.tiesEmbeddings = false }
    let type = try fields.text("model_type") ?? ""
    guard let architecture = Architecture.all[type] else {
      throw CheckpointError(
        .unsupported, file: fields.file, "models of type '\(type)' are not written as GGUF",
        help: "those of \(Architecture.all.keys.sorted().joined(separator: ", ")) are")
    }
    try architecture.check(description, file: fields.file)
    self.description = description
    self.architecture = architecture
    parts = Self.parts(description, architecture, precision)
    file = GGUFFile(
      metadata: architecture.metadata(
        description, name: source.url.lastPathComponent, precision: precision)
        + (try GGUFVocabulary(source).metadata),
      tensors: parts.map(\.tensor))
  }

  /// Writes the file, which appears complete or not at all, and reads its table back.
  ///
  /// - Parameters:
  ///   - url: Where to.
  ///   - values: Lends the weight of a slot, row by row, until it is asked for the next.
  /// - Throws: ``CheckpointError`` where it cannot be written, and for a number that F16 cannot hold.
  package func write(
    to url: URL, values: (WeightSlot) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    var target = try PartialFile(url)
    try target.write(file.header)
    for part in parts {
      let bytes: [UInt8]
      switch part.content {
      case .values(let values): bytes = try Self.bytes(of: values, part.tensor)
      case .weights(let weights):
        var whole: [Float] = []
        whole.reserveCapacity(part.tensor.count)
        for weight in weights {
          let lent = values(weight.slot)
          precondition(lent.count == weight.rows * weight.columns, "\(weight.slot)")
          whole += architecture.arranged(lent, of: weight, description)
        }
        bytes = try Self.bytes(of: whole, part.tensor)
      }
      let padding = GGUFFile.aligned(bytes.count) - bytes.count
      try target.write(bytes + [UInt8](repeating: 0, count: padding))
    }
    try target.finish()
    guard try GGUFReader(url).file == file else {
      throw CheckpointError(.unwritable, file: url.path, "does not read back as it was written")
    }
  }

  private static func parts(
    _ description: ModelDescription, _ architecture: Architecture, _ precision: Precision
  ) -> [Part] {
    var parts: [Part] = []
    for weight in description.weights {
      guard let name = architecture.name(of: weight.slot) else { continue }
      if let index = parts.firstIndex(where: { $0.tensor.name == name }),
        case .weights(let others) = parts[index].content
      {
        parts[index] = part(name, others + [weight], precision)
      } else {
        parts.append(part(name, [weight], precision))
      }
    }
    if let divisors = architecture.divisors(description) {
      parts.append(
        Part(
          tensor: .init(name: "rope_freqs.weight", shape: [divisors.count], element: .f32),
          content: .values(divisors)))
    }
    return parts
  }

  private static func part(
    _ name: String, _ weights: [ModelDescription.Weight], _ precision: Precision
  ) -> Part {
    let isVector = weights[0].slot.isVector
    let rows = weights.reduce(0) { $0 + $1.rows }
    let columns = weights[0].columns
    let element: GGUFFile.Element
    // llama.cpp reads tables of positions in F32.
    if isVector || precision == .f32 || weights[0].slot == .positionEmbedding {
      element = .f32
    } else {
      element =
        precision == .q8 && columns.isMultiple(of: GGUFFile.Element.block) ? .q8 : .f16
    }
    let shape = isVector ? [weights.reduce(0) { $0 + $1.columns }] : [rows, columns]
    return Part(
      tensor: .init(name: name, shape: shape, element: element), content: .weights(weights))
  }

  private static func bytes(
    of values: [Float], _ tensor: GGUFFile.Tensor
  ) throws(CheckpointError) -> [UInt8] {
    // Half of the last step beyond F16's largest number is where rounding gives infinity.
    if tensor.element == .f16, let large = values.first(where: { abs($0) >= 65_520 }) {
      throw CheckpointError(
        .unsupported, file: tensor.name, "contains \(large), which overflows F16 (at most 65,504)",
        help: "write it as f32")
    }
    switch tensor.element {
    case .f32: return values.withUnsafeBytes { Array($0) }
    case .f16:
      return values.withUnsafeBufferPointer { FloatConversion.bytes(of: $0, as: .f16) }
    case .q8: return quantized(values)
    }
  }

  /// `quantize_row_q8_0_ref` of ggml: each block is divided by its largest magnitude over 127.
  private static func quantized(_ values: [Float]) -> [UInt8] {
    let block = GGUFFile.Element.block
    var bytes: [UInt8] = []
    bytes.reserveCapacity(GGUFFile.Element.q8.size(of: values.count))
    for start in stride(from: 0, to: values.count, by: block) {
      let own = values[start..<start + block]
      let factor = own.reduce(0 as Float) { max($0, abs($1)) } / 127
      let inverse = factor == 0 ? 0 : 1 / factor
      let half = Float16(factor).bitPattern
      bytes += [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)]
      for value in own {
        let code = (value * inverse).rounded(.toNearestOrAwayFromZero)
        bytes.append(UInt8(bitPattern: Int8(max(-127, min(127, code)))))
      }
    }
    return bytes
  }
}

extension GGUFWriter {
  /// What llama.cpp calls a family, and how it differs.
  struct Architecture: Sendable {
    let name: String
    /// Whether rotary pairs are neighbours, which rearranges queries and keys.
    var pairsNeighbours = false
    /// Whether queries, keys and values are one matrix.
    var fusesAttention = false
    var activation = Activation.silu

    /// By `model_type`.
    static let all: [String: Architecture] = [
      "llama": Architecture(name: "llama", pairsNeighbours: true),
      "mistral": Architecture(name: "llama", pairsNeighbours: true),
      "qwen2": Architecture(name: "qwen2"),
      "qwen3": Architecture(name: "qwen3"),
      "gpt2": Architecture(name: "gpt2", fusesAttention: true, activation: .geluTanh),
    ]

    /// Rejects what the graph of llama.cpp does not compute.
    func check(_ description: ModelDescription, file: String) throws(CheckpointError) {
      func refused(_ what: String) -> CheckpointError {
        CheckpointError(
          .unsupported, file: file, "\(what) is not written as GGUF for '\(name)'",
          help: "keep the model in Hugging Face's layout, which 'model convert' writes")
      }
      if let why = description.whyNoWords {
        throw CheckpointError(
          .unsupported, file: file, "\(why), and llama.cpp runs decoders",
          help: "only a model that predicts words is written as GGUF")
      }
      guard description.activation == activation else { throw refused("another activation") }
      guard description.multipliers == ModelDescription.Multipliers() else {
        throw refused("a fixed factor")
      }
      // A window that no text within the context exceeds is none.
      let windows = description.layerAttention.compactMap(\.window)
      guard description.layerAttention.allSatisfy({ $0.rotary == description.rotary }),
        windows.allSatisfy({ $0 >= description.maximumPositions })
      else { throw refused("attention that differs between layers or has a window") }
      if let rotary = description.rotary {
        guard rotary.width == description.headWidth else {
          throw refused("a head of which a part turns")
        }
        switch rotary.scaling {
        case .none, .linear, .llama3: break
        case .yarn, .longrope: throw refused("this scaling of rotary positions")
        }
      }
    }

    /// The name of a weight's tensor; nil for one that llama.cpp does not read.
    func name(of slot: WeightSlot) -> String? {
      switch slot {
      case .bias(let inner):
        return name(of: inner).map { $0.dropLast("weight".count) + "bias" }
      case .tokenEmbedding: return "token_embd.weight"
      case .positionEmbedding: return "position_embd.weight"
      case .finalNorm: return "output_norm.weight"
      case .output: return "output.weight"
      case .layer(let index, let part):
        return name(of: part).map { "blk.\(index).\($0).weight" }
      default: return nil
      }
    }

    private func name(of part: WeightSlot.Part) -> String? {
      switch part {
      case .attentionNorm: "attn_norm"
      case .query, .key, .value:
        fusesAttention
          ? "attn_qkv" : part == .query ? "attn_q" : part == .key ? "attn_k" : "attn_v"
      case .queryNorm: "attn_q_norm"
      case .keyNorm: "attn_k_norm"
      case .output: "attn_output"
      case .feedForwardNorm: "ffn_norm"
      case .gate: "ffn_gate"
      case .up: "ffn_up"
      case .down: "ffn_down"
      case .attentionOutputNorm, .feedForwardOutputNorm: nil
      }
    }

    /// A weight's rows in the order of the file.
    ///
    /// Pair `j` of a head turns columns `j` and `width / 2 + j` in Hugging Face's layout, `2 j` and
    /// `2 j + 1` in this one of llama.cpp.
    func arranged(
      _ values: UnsafeBufferPointer<Float>, of weight: ModelDescription.Weight,
      _ description: ModelDescription
    ) -> [Float] {
      guard pairsNeighbours, let part = weight.slot.matrixPart, part == .query || part == .key
      else { return Array(values) }
      let width = description.headWidth
      let columns = weight.slot.isVector ? 1 : weight.columns
      var arranged: [Float] = []
      arranged.reserveCapacity(values.count)
      for row in 0..<values.count / columns {
        let (head, place) = (row / width, row % width)
        let source = head * width + place / 2 + place % 2 * (width / 2)
        arranged += values[source * columns..<(source + 1) * columns]
      }
      return arranged
    }

    /// What each angle of Llama 3's scaling is divided by; nil for another.
    func divisors(_ description: ModelDescription) -> [Float]? {
      guard let rotary = description.rotary, case .llama3 = rotary.scaling else { return nil }
      let plain = RotaryPositions(base: rotary.base, width: rotary.width).frequencies
      return zip(plain, rotary.frequencies).map { Float($0 / $1) }
    }

    /// The metadata of the architecture.
    func metadata(
      _ description: ModelDescription, name modelName: String, precision: Precision
    ) -> [(key: String, value: GGUFFile.Value)] {
      func natural(_ number: Int) -> GGUFFile.Value { .natural(UInt32(clamping: number)) }
      var metadata: [(key: String, value: GGUFFile.Value)] = [
        ("general.architecture", .text(name)), ("general.name", .text(modelName)),
        ("general.file_type", .natural(precision.fileType)),
      ]
      if precision == .q8 { metadata.append(("general.quantization_version", .natural(2))) }
      metadata += [
        ("\(name).block_count", natural(description.layers)),
        ("\(name).context_length", natural(description.maximumPositions)),
        ("\(name).embedding_length", natural(description.width)),
        ("\(name).feed_forward_length", natural(description.feedForwardWidth)),
        ("\(name).attention.head_count", natural(description.heads)),
        ("\(name).attention.head_count_kv", natural(description.keyValueHeads)),
        ("\(name).vocab_size", natural(description.vocabularySize)),
      ]
      switch description.normalization {
      case .layer(let epsilon), .layerWithoutBias(let epsilon):
        metadata.append(("\(name).attention.layer_norm_epsilon", .number(Float(epsilon))))
      case .rms(let epsilon), .shiftedRMS(let epsilon):
        metadata.append(("\(name).attention.layer_norm_rms_epsilon", .number(Float(epsilon))))
      }
      if let rotary = description.rotary {
        metadata += [
          ("\(name).attention.key_length", natural(description.headWidth)),
          ("\(name).attention.value_length", natural(description.headWidth)),
          ("\(name).rope.dimension_count", natural(rotary.width)),
          ("\(name).rope.freq_base", .number(Float(rotary.base))),
        ]
        if case .linear(let factor) = rotary.scaling {
          metadata += [
            ("\(name).rope.scaling.type", .text("linear")),
            ("\(name).rope.scaling.factor", .number(Float(factor))),
          ]
        }
      }
      return metadata
    }
  }
}

extension ModelDescription {
  /// Its rotary positions; nil where it has others.
  fileprivate var rotary: RotaryPositions? {
    if case .rotary(let rotary) = positions { rotary } else { nil }
  }
}

extension Transformer where Scalar == Float {
  /// Writes the weights as GGUF, without additions that were not merged.
  ///
  /// - Parameters:
  ///   - source: The folder the model was loaded from.
  ///   - precision: Of the matrices.
  ///   - url: The file.
  /// - Throws: ``CheckpointError`` where llama.cpp does not know the model, or the file cannot be written.
  package func saveGGUF(
    like source: ModelFolder, as precision: GGUFWriter.Precision, to url: URL
  ) throws(CheckpointError) {
    let tensors = Dictionary(uniqueKeysWithValues: weights.map { ($0.slot, $0.tensor) })
    let isUntied = untiedOutput != nil && description.tiesEmbeddings
    let writer = try GGUFWriter(source, isUntied: isUntied, precision: precision)
    try writer.write(to: url) { slot in
      guard let tensor = tensors[slot] else {
        preconditionFailure("a model whose matrices are quantized cannot be saved")
      }
      return UnsafeBufferPointer(tensor.elements)
    }
    withExtendedLifetime(tensors) {}
  }
}
