import Foundation

/// What the tensors of an adapter's file hold, module by module.
struct AdapterContent {
  private let configuration: AdapterConfiguration
  private let file: TensorFile
  private let description: ModelDescription
  private let modules: AdapterModules
  private let places: [String: [CheckpointLayout.Place]]
  private let tensors: [AdapterTensor]

  private var fields: ConfigurationFields { configuration.fields }

  init(
    _ configuration: AdapterConfiguration, _ file: TensorFile, of description: ModelDescription,
    _ modules: AdapterModules
  ) {
    self.configuration = configuration
    self.file = file
    self.description = description
    self.modules = modules
    let layout = CheckpointLayout(description)
    places = Dictionary(
      grouping: description.weights.map { layout.place(of: $0) }, by: \.name)
    tensors = file.tensors.compactMap { record in
      let plain = WrappedName.plain(record.name)
      return ClassificationHead.name(of: plain, in: modules.names.classifier) == nil
        ? AdapterTensor(record, names: modules.names) : nil
    }
  }
}

// MARK: - Virtual tokens

extension AdapterContent {
  func embeddings(columns: Int) throws(CheckpointError) -> Adapter.Matrix {
    let name = "prompt_embeddings"
    let record = file[name] ?? file["prompt_encoder.default.embedding.weight"]
    guard let record, record.shape.count == 2, record.shape[1] == columns else {
      throw mismatch("has no tensor '\(name)' with \(columns) columns")
    }
    return .init(rows: record.shape[0], columns: columns, values: try values(record))
  }

  func prefix() throws(CheckpointError) -> [Adapter.PrefixLayer] {
    let width = description.keyValueHeads * description.headWidth
    let all = try embeddings(columns: 2 * description.layers * width)
    func matrix(_ number: Int) -> Adapter.Matrix {
      let values = (0..<all.rows).flatMap { token in
        let start = token * all.columns + number * width
        return all.values[start..<start + width]
      }
      return .init(rows: all.rows, columns: width, values: values)
    }
    return (0..<description.layers).map {
      .init(keys: matrix(2 * $0), values: matrix(2 * $0 + 1))
    }
  }
}

// MARK: - Factors and low-rank products

extension AdapterContent {
  func scales() throws(CheckpointError) -> [Adapter.Scale] {
    let found = try collected([.factors])
    var scales: [Adapter.Scale] = []
    for module in modules.all {
      guard let record = found[module.path]?[.factors] else { continue }
      // The shape identifies PEFT's `feedforward_modules`.
      let (ofInputs, ofOutputs) = ([1, module.inputs], [module.outputs, 1])
      let isInput = record.shape == ofInputs
      guard isInput || record.shape == ofOutputs else {
        throw mismatch(
          "tensor '\(record.name)' has the shape \(record.shape), not \(ofOutputs) or \(ofInputs)")
      }
      let values = try values(record)
      for (part, place) in module.members {
        let own = isInput ? values : module.rows(of: place).map { values[$0] }
        scales.append(
          .init(layer: module.layer, part: part, values: own, isOfInputs: isInput))
      }
    }
    return scales
  }

  func lora() throws(CheckpointError) -> Adapter.LoRA {
    let isStable = try fields.flag("use_rslora", default: false)
    let usesDoRA = try fields.flag("use_dora", default: false)
    let found = try collected([.lowRankA, .lowRankB, .magnitude])
    var parts: [Adapter.LoRA.Part] = []
    for module in modules.all {
      guard let own = found[module.path] else { continue }
      let product = try product(own, module.path, outputs: module.outputs, inputs: module.inputs)
      var magnitude: [Float]?
      if usesDoRA {
        guard let record = own[.magnitude], record.count == module.outputs else {
          throw mismatch("the magnitudes of '\(module.path)' are missing or too few")
        }
        magnitude = try values(record)
      }
      for (part, place) in module.members {
        let rows = module.rows(of: place)
        let rank = product.a.rows
        let b = rows.flatMap { product.b.values[$0 * rank..<($0 + 1) * rank] }
        parts.append(
          .init(
            layer: module.layer, part: part, a: product.a,
            b: .init(rows: rows.count, columns: rank, values: b), scale: product.scale,
            magnitude: magnitude.map { all in rows.map { all[$0] } }))
      }
    }
    return .init(
      dropout: fields.object["lora_dropout"]?.number ?? 0, usesRankStabilization: isStable,
      parts: parts)
  }

  /// A module's two matrices and what their product is multiplied by.
  private func product(
    _ own: [AdapterTensor.Role: TensorRecord], _ path: String, outputs: Int, inputs: Int
  ) throws(CheckpointError) -> (a: Adapter.Matrix, b: Adapter.Matrix, scale: Double) {
    guard let recordA = own[.lowRankA], let recordB = own[.lowRankB] else {
      throw mismatch("one of lora_A and lora_B of '\(path)' is missing")
    }
    let rank = recordA.shape.first ?? 0
    guard rank > 0, recordA.shape == [rank, inputs], recordB.shape == [outputs, rank] else {
      throw mismatch(
        "lora_A and lora_B of '\(path)' have the shapes \(recordA.shape) and"
          + " \(recordB.shape) beside \(outputs) × \(inputs)")
    }
    return (
      .init(rows: rank, columns: inputs, values: try values(recordA)),
      .init(rows: outputs, columns: rank, values: try values(recordB)),
      try scale(path, rank: rank)
    )
  }

  private func scale(_ path: String, rank: Int) throws(CheckpointError) -> Double {
    let isStable = try fields.flag("use_rslora", default: false)
    return try alpha(path) / (isStable ? Double(rank).squareRoot() : Double(rank))
  }

  /// A module's alpha: an entry of `alpha_pattern` that its name ends with, or the one for all.
  private func alpha(_ path: String) throws(CheckpointError) -> Double {
    let alpha = try fields.positive("lora_alpha", default: 8)
    let name = modules.names.stored(path)
    for member in fields.object["alpha_pattern"]?.object?.members ?? [] {
      guard member.key.allSatisfy({ $0.isLetter || $0.isNumber || "._".contains($0) }) else {
        throw fields.unsupported(
          "alpha_pattern", "a regular expression, '\(member.key.prefix(60))'",
          help: "write out the names of the modules")
      }
      guard name == member.key || name.hasSuffix(".\(member.key)") else { continue }
      guard let value = member.value.number, value > 0 else {
        throw fields.inconsistent("'alpha_pattern' holds \(member.value.summary)")
      }
      return value
    }
    return alpha
  }

  /// The tensors of these roles by the modules of the layers they belong to.
  private func collected(
    _ roles: [AdapterTensor.Role]
  ) throws(CheckpointError) -> [String: [AdapterTensor.Role: TensorRecord]] {
    var found: [String: [AdapterTensor.Role: TensorRecord]] = [:]
    let paths = Set(modules.all.map(\.path))
    for tensor in tensors where roles.contains(tensor.role) && !tensor.isBias {
      guard paths.contains(tensor.module) else { continue }
      guard
        found[tensor.module, default: [:]].updateValue(tensor.record, forKey: tensor.role) == nil
      else {
        throw CheckpointError(
          .unsupported, file: file.url.path,
          "tensor '\(tensor.record.name)' exists a second time, under another adapter's name",
          help: "save one adapter a file; PEFT's save_pretrained(selected_adapters=[…]) does")
      }
    }
    return found
  }
}

// MARK: - Weights of the model

extension AdapterContent {
  /// An adapter together with what the file does to weights of the model itself.
  ///
  /// - Throws: ``CheckpointError`` for a tensor that fits nothing of the model.
  func with(_ adapter: Adapter) throws(CheckpointError) -> Adapter {
    let changes = try weightChanges()
    return changes.isEmpty ? adapter : .changing(changes, adapter)
  }

  private func weightChanges() throws(CheckpointError) -> [WeightChange] {
    var changes: [WeightChange] = []
    let layerPaths = Set(modules.all.map(\.path))
    for tensor in tensors {
      switch tensor.role {
      case .lowRankA, .magnitude, .factors:
        if layerPaths.contains(tensor.module) { continue }
        guard tensor.role == .lowRankA else { throw misplaced(tensor) }
        changes.append(try productChange(tensor))
      case .lowRankB:
        if tensor.isBias {
          changes += try biasChange(tensor)
        } else if !layerPaths.contains(tensor.module) {
          _ = try weight(at: tensor)
        }
      case .embeddingA: changes.append(try tableChange(tensor))
      case .embeddingB: continue
      case .tokens: changes.append(try rowsChange(tensor))
      case .whole: changes += try wholeChange(tensor)
      }
    }
    return try withoutRepeats(changes)
  }

  /// The tied pair saved twice is one change.
  private func withoutRepeats(_ changes: [WeightChange]) throws(CheckpointError) -> [WeightChange] {
    guard description.tiesEmbeddings,
      let output = changes.firstIndex(where: { $0.slot == .output }),
      let table = changes.firstIndex(where: { $0.slot == .tokenEmbedding })
    else { return changes }
    var result = changes
    if changes[output].content == changes[table].content {
      result[table] = WeightChange(slot: .tokenEmbedding, changes[table].content, keepsTie: true)
      result.remove(at: output)
    }
    return result
  }

  private func weightName(_ tensor: AdapterTensor) -> String { tensor.module + ".weight" }

  /// The place of the weight that a module consists of: one slot, or the output of a tied model.
  private func weight(at tensor: AdapterTensor) throws(CheckpointError) -> ModelDescription.Weight {
    let name = weightName(tensor)
    if let all = places[name], all.count == 1 { return all[0].weight }
    if name == "lm_head.weight", description.tiesEmbeddings {
      return .init(
        slot: .output, rows: description.vocabularySize, columns: description.embeddingWidth)
    }
    throw misplaced(tensor)
  }

  private func productChange(_ tensor: AdapterTensor) throws(CheckpointError) -> WeightChange {
    let weight = try weight(at: tensor)
    guard !weight.slot.isVector, weight.slot != .tokenEmbedding else { throw misplaced(tensor) }
    try rejectDoRA(tensor)
    var own: [AdapterTensor.Role: TensorRecord] = [:]
    for other in tensors where other.module == tensor.module && !other.isBias {
      own[other.role] = other.record
    }
    let product = try product(own, tensor.module, outputs: weight.rows, inputs: weight.columns)
    return WeightChange(
      slot: weight.slot, .product(b: product.b, a: product.a, scale: product.scale))
  }

  /// PEFT's embeddings have both matrices the other way round: `W + scale · (B A)ᵀ`.
  private func tableChange(_ tensor: AdapterTensor) throws(CheckpointError) -> WeightChange {
    let weight = try weight(at: tensor)
    guard weight.slot == .tokenEmbedding else { throw misplaced(tensor) }
    try rejectDoRA(tensor)
    let other = tensors.first { $0.module == tensor.module && $0.role == .embeddingB }
    let rank = tensor.record.shape.first ?? 0
    guard let other, rank > 0, tensor.record.shape.count == 2,
      other.record.shape == [weight.columns, rank]
    else { throw mismatch("lora_embedding_A and lora_embedding_B do not fit each other") }
    try checkRows(tensor.record.shape[1], tensor)
    return WeightChange(
      slot: weight.slot,
      .product(
        b: transposed(try values(tensor.record), rows: rank, columns: weight.rows),
        a: transposed(try values(other.record), rows: weight.columns, columns: rank),
        scale: try scale(tensor.module, rank: rank)))
  }

  private func rejectDoRA(_ tensor: AdapterTensor) throws(CheckpointError) {
    guard tensors.contains(where: { $0.module == tensor.module && $0.role == .magnitude }) else {
      return
    }
    throw fields.unsupported(
      "use_dora", "true for '\(tensor.module)'",
      help: "DoRA is supported for the matrices of layers; \(AdapterConfiguration.merge)")
  }

  /// `lora_bias`: the second matrix has a bias, which is added times the scale.
  private func biasChange(_ tensor: AdapterTensor) throws(CheckpointError) -> [WeightChange] {
    guard let biases = places[tensor.module + ".bias"] else {
      throw fields.unsupported(
        "lora_bias", "true for '\(tensor.module)'",
        help: "the model has no bias there to add it to; \(AdapterConfiguration.merge)")
    }
    let b = tensors.first { $0.module == tensor.module && $0.role == .lowRankB && !$0.isBias }
    let scale = try scale(tensor.module, rank: b?.record.shape.last ?? 1)
    return try wholeValues(tensor, at: biases).map { slot, values in
      WeightChange(
        slot: slot,
        .product(
          b: .init(rows: 1, columns: 1, values: [1]),
          a: .init(rows: 1, columns: values.count, values: values), scale: scale))
    }
  }

  private func rowsChange(_ tensor: AdapterTensor) throws(CheckpointError) -> WeightChange {
    let weight = try weight(at: tensor)
    let stored = modules.names.stored(weightName(tensor)).dropLast(".weight".count)
    let tables = try configuration.trainedTokens()
    let entry = tables.first { entry in
      guard let module = entry.module else { return weight.slot == .tokenEmbedding }
      return stored == module || stored.hasSuffix(".\(module)")
    }
    guard let rows = entry?.rows, tensor.record.shape == [rows.count, weight.columns] else {
      throw mismatch(
        "tensor '\(tensor.record.name)' has the shape \(tensor.record.shape), which does not fit"
          + " 'trainable_token_indices'")
    }
    guard rows.allSatisfy((0..<weight.rows).contains) else {
      throw resized((rows.max() ?? 0) + 1, tensor)
    }
    return WeightChange(
      slot: weight.slot,
      .rows(
        rows, .init(rows: rows.count, columns: weight.columns, values: try values(tensor.record))),
      keepsTie: tables.count == 1)
  }

  private func wholeChange(_ tensor: AdapterTensor) throws(CheckpointError) -> [WeightChange] {
    let name = tensor.module + (tensor.isBias ? ".bias" : ".weight")
    var own = places[name] ?? []
    if own.isEmpty, name == "lm_head.weight" {
      let weight = try weight(at: tensor)
      own = [
        CheckpointLayout.Place(name: name, weight: weight, isTransposed: false, share: nil)
      ]
    }
    guard !own.isEmpty else { throw misplaced(tensor) }
    if own[0].weight.slot == .tokenEmbedding || own[0].weight.slot == .output {
      try checkRows(tensor.record.shape.first ?? 0, tensor)
    }
    let stored = modules.names.stored(tensor.module + ".weight").dropLast(".weight".count)
    let isOwn = configuration.modulesToSave.contains {
      stored == $0 || stored.hasSuffix(".\($0)")
    }
    return try wholeValues(tensor, at: own).map {
      WeightChange(slot: $0, .values($1), keepsTie: !isOwn)
    }
  }

  private func wholeValues(
    _ tensor: AdapterTensor, at places: [CheckpointLayout.Place]
  ) throws(CheckpointError) -> [(slot: WeightSlot, values: [Float])] {
    try file.checkFinite(tensor.record)
    var all: [(slot: WeightSlot, values: [Float])] = []
    for place in places {
      guard tensor.record.shape == place.shape else {
        throw mismatch(
          "tensor '\(tensor.record.name)' has the shape \(tensor.record.shape), not \(place.shape)")
      }
      let count = place.weight.rows * place.weight.columns
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
      defer { buffer.deallocate() }
      try place.read(tensor.record, of: file, into: buffer)
      all.append((place.weight.slot, Array(buffer)))
    }
    return all
  }

  private func checkRows(_ rows: Int, _ tensor: AdapterTensor) throws(CheckpointError) {
    guard rows == description.vocabularySize else { throw resized(rows, tensor) }
  }

  private func transposed(_ values: [Float], rows: Int, columns: Int) -> Adapter.Matrix {
    .init(
      rows: columns, columns: rows,
      values: (0..<values.count).map { values[$0 % rows * columns + $0 / rows] })
  }
}

// MARK: - Errors

extension AdapterContent {
  private func values(_ record: TensorRecord) throws(CheckpointError) -> [Float] {
    try file.checkFinite(record)
    return try file.floats(record)
  }

  private func resized(_ rows: Int, _ tensor: AdapterTensor) -> CheckpointError {
    CheckpointError(
      .mismatched, file: file.url.path,
      "tensor '\(tensor.record.name)' belongs to a vocabulary of \(rows.grouped) tokens, the model"
        + " embeds \(description.vocabularySize.grouped)",
      help:
        "the vocabulary was resized before training; in Python, resize_token_embeddings, load the"
        + " adapter, merge_and_unload() and save_pretrained(), and name that model")
  }

  private func misplaced(_ tensor: AdapterTensor) -> CheckpointError {
    mismatch("tensor '\(tensor.record.name)' belongs to no weight of the model")
  }

  private func mismatch(_ message: String) -> CheckpointError {
    CheckpointError(
      .mismatched, file: file.url.path, message,
      help: "the adapter was made for another model; see base_model_name_or_path")
  }
}
