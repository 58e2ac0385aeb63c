/// What a family's class for sequence classification calls the layers between a text's state and its
/// scores.
struct ClassifierNames: Sendable {
  /// Before the names of the body's tensors in that class: `bert.`.
  let prefix: String
  let dense: String
  /// Whether `dense` comes pre-trained.
  var isPooler = false
  /// Before the names of a pre-trained one in that class.
  var poolerPrefix = ""
  /// A normalization after it.
  var norm = ""
  let output: String
}

/// What a family's class for masked language modelling calls the layers between the last states and the
/// token embedding, which it scores words with.
struct MaskedHeadNames: Sendable {
  let dense: String
  let norm: String
  /// The bias of the scores.
  let bias: String

  func name(of slot: WeightSlot) -> String? {
    switch slot {
    case .readout: "\(dense).weight"
    case .bias(.readout): "\(dense).bias"
    case .readoutNorm: "\(norm).weight"
    case .bias(.readoutNorm): "\(norm).bias"
    case .bias(.output): bias
    default: nil
    }
  }
}

/// What a family calls its tensors in a Hugging Face checkpoint, without the wrapper's prefix.
struct TensorNames: Sendable {
  /// What the class that saved the model may have put before its names, the longest first; none of
  /// them begins a name of the family itself (DistilBERT's own names begin with `transformer.`).
  let prefixes: [String]
  /// The prefix of names in the family's usual class.
  let savedPrefix: String
  /// What that class calls the output matrix.
  var savedOutput = "lm_head.weight"
  let tokenEmbedding: String
  let positionEmbedding: String
  var tokenTypeEmbedding = ""
  var embeddingNorm = ""
  var projectIn = "project_in"
  var relativeEmbedding = ""
  var relativeNorm = ""
  let output = "lm_head"
  let finalNorm: String
  /// What the class for sequence classification adds; nil for a family without such a class here.
  var classifier: ClassifierNames?
  /// The same of the class for masked language modelling.
  var maskedHead: MaskedHeadNames?
  /// Before a layer's number.
  let layer: String
  let parts: [WeightSlot.Part: String]

  /// The name of a slot's tensor.
  func name(of slot: WeightSlot) -> String {
    if let name = maskedHead?.name(of: slot) { return name }
    if case .bias(let inner) = slot { return stem(of: inner) + ".bias" }
    return stem(of: slot) + ".weight"
  }

  private func stem(of slot: WeightSlot) -> String {
    switch slot {
    case .tokenEmbedding: tokenEmbedding
    case .positionEmbedding: positionEmbedding
    case .tokenTypeEmbedding: tokenTypeEmbedding
    case .embeddingNorm: embeddingNorm
    case .projectIn: projectIn
    case .projectOut: "project_out"
    case .relativeEmbedding: relativeEmbedding
    case .relativeNorm: relativeNorm
    case .finalNorm: finalNorm
    case .readout: "lm_head.dense"
    case .readoutNorm: "lm_head.norm"
    case .pooler: classifier?.dense ?? ""
    case .poolerNorm: classifier?.norm ?? ""
    case .output: output
    case .layer(let index, let part): "\(layer).\(index).\(parts[part] ?? part.rawValue)"
    case .bias(let inner): stem(of: inner)
    }
  }

  /// The name Transformers' class with a language model's head, or the bare encoder, saves under.
  func stored(_ canonical: String) -> String {
    if canonical == "lm_head.weight" { return savedOutput }
    if canonical == "lm_head.bias" { return savedOutputBias }
    return canonical.hasPrefix("lm_head.") ? canonical : savedPrefix + canonical
  }

  private var savedOutputBias: String {
    savedOutput.dropLast("weight".count) + "bias"
  }

  /// The name the class for sequence classification saves a tensor of the body under.
  func classifierName(_ canonical: String) -> String {
    guard let classifier else { return savedPrefix + canonical }
    let isPooler = [classifier.dense, classifier.norm].contains {
      !$0.isEmpty && canonical.hasPrefix("\($0).")
    }
    return (isPooler ? classifier.poolerPrefix : classifier.prefix) + canonical
  }

  /// The name a stored tensor goes by here: without prefix, and with old spellings replaced.
  ///
  /// A prefix that is there twice is taken off twice: wrappers have saved such files.
  func canonical(_ stored: String) -> String {
    var name = WrappedName.plain(stored)
    while let prefix = prefixes.first(where: { name.hasPrefix($0) }) {
      name.removeFirst(prefix.count)
    }
    // A file may have the family's own name of the output matrix or Transformers' common one.
    if name == savedOutput { return "lm_head.weight" }
    return name == savedOutputBias ? "lm_head.bias" : Self.modern(name)
  }

  /// The name with TensorFlow's old spelling replaced.
  static func modern(_ name: String) -> String {
    for (old, new) in [("LayerNorm.gamma", "weight"), ("LayerNorm.beta", "bias")]
    where name.hasSuffix(old) {
      return name.dropLast(old.count) + "LayerNorm." + new
    }
    return name
  }

  /// Whether a tensor is the token embedding once more wherever the two are tied.
  static func isTiedOutput(_ canonical: String) -> Bool {
    [
      "lm_head.weight", "cls.predictions.decoder.weight", "lm_head.decoder.weight",
      "vocab_projector.weight", "decoder.weight", "predictions.decoder.weight",
      "generator_lm_head.weight",
    ].contains(canonical)
  }
}

/// Names of tensors that a wrapper of the model saved.
enum WrappedName {
  /// `_orig_mod` is torch.compile's, the others are of data parallelism and checkpointing.
  private static let inner: Set<Substring> = [
    "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
  ]

  /// The name that the model itself has for the tensor, for PEFT's prefix as for the others'.
  static func plain(_ stored: String) -> String {
    guard isWrapped(stored) else { return stored }
    var parts = stored.split(separator: ".", omittingEmptySubsequences: false)
    parts.removeAll(where: inner.contains)
    while let first = parts.first, first == "module" || first == "base_model" {
      parts.removeFirst()
      if first == "base_model", parts.first == "model" { parts.removeFirst() }
    }
    return parts.joined(separator: ".")
  }

  private static func isWrapped(_ stored: String) -> Bool {
    stored.hasPrefix("module.") || stored.hasPrefix("base_model.")
      || inner.contains { stored.hasPrefix("\($0).") || stored.contains(".\($0).") }
  }
}

/// Where each weight of an architecture lies among the tensors of its family's checkpoints.
struct CheckpointLayout: Sendable {
  /// A weight's place: a tensor, or a part of one that several weights share.
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
      let outputs = share?.outputs ?? (weight.slot.isVector ? weight.columns : weight.rows)
      if weight.slot.isVector { return [outputs] }
      return isTransposed ? [weight.columns, outputs] : [outputs, weight.columns]
    }
  }

  /// Weights take turns in the outputs of one tensor, `block` outputs at a time.
  struct Share: Hashable, Sendable {
    /// The first of its outputs.
    let first: Int
    /// A head in GPT-NeoX, the whole weight elsewhere.
    let block: Int
    /// From one of its blocks to the next.
    let period: Int
    /// Of the tensor.
    let outputs: Int

    /// The first output of the part's block of this number.
    func start(ofBlock number: Int) -> Int { first + number * period }
  }

  let family: CheckpointFamily
  private let description: ModelDescription

  init(_ description: ModelDescription) {
    family = CheckpointFamily.named(description.family)
    self.description = description
  }

  var names: TensorNames { family.tensors }

  func place(of weight: ModelDescription.Weight) -> Place {
    let part = weight.slot.matrixPart
    return Place(
      name: names.name(of: weight.slot), weight: weight,
      isTransposed: family.isTransposed && part != nil && !weight.slot.isVector,
      share: part.flatMap(share))
  }

  /// How a part of a layer shares its tensor; nil where it has one of its own.
  private func share(of part: WeightSlot.Part) -> Share? {
    let name = names.parts[part]
    let members = WeightSlot.Part.allCases.filter {
      name != nil && names.parts[$0] == name && description.outputs(of: $0) != nil
    }
    guard members.count > 1, let own = description.outputs(of: part) else { return nil }
    let counts = members.map { description.outputs(of: $0) ?? 0 }
    let place = members.firstIndex(of: part) ?? 0
    let all = counts.reduce(0, +)
    switch family.sharing {
    case .whole:
      return Share(
        first: counts[..<place].reduce(0, +), block: own, period: all, outputs: all)
    case .heads:
      let head = description.headWidth
      return Share(
        first: place * head, block: head, period: members.count * head, outputs: all)
    }
  }
}

extension ModelDescription {
  /// The outputs of a layer's matrix; nil for one that layers do not have, and for norms.
  func outputs(of part: WeightSlot.Part) -> Int? {
    switch part {
    case .query: heads * headWidth
    case .key, .value: keyValueHeads * headWidth
    case .output, .down: width
    case .gate: isGated ? feedForwardWidth : nil
    case .up: feedForwardWidth
    default: nil
    }
  }
}
