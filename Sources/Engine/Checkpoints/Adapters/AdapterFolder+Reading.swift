import Foundation

extension AdapterFolder {
  /// Reads the adapter and checks that it fits the model.
  ///
  /// - Throws: ``CheckpointError`` for a broken folder, a kind of adapter or option that is not done
  ///   here, and tensors that do not belong to the model.
  package func read() throws(CheckpointError) -> Adapter {
    let fields = try ConfigurationFields(
      contentsOf: url.appendingPathComponent(Self.configurationName))
    let file = try weights()
    switch try fields.text("peft_type") {
    case "LORA": return .lora(try lora(fields, file))
    case "IA3": return .scales(try scales(file))
    case "PROMPT_TUNING": return .prompt(try embeddings(file, columns: description.embeddingWidth))
    case "PREFIX_TUNING": return .prefix(try prefix(fields, file))
    case let type:
      throw fields.unsupported(
        "peft_type", type.map { "\"\($0.prefix(60))\"" } ?? "absent",
        help: "known: LORA, IA3, PROMPT_TUNING and PREFIX_TUNING")
    }
  }

  /// Reads the head that was saved with the adapter; nil if there is none.
  ///
  /// - Throws: ``CheckpointError`` for a broken folder.
  package func readHead() throws(CheckpointError) -> ClassificationHead? {
    try ClassificationHead.read(from: weights())
  }

  private func weights() throws(CheckpointError) -> TensorFile {
    let names = Self.weightNames.map { url.appendingPathComponent($0) }
    guard let weights = names.first(where: isFile) else {
      throw CheckpointError(
        .missing, file: url.path, "contains neither \(Self.weightNames.joined(separator: " nor "))",
        help: "an adapter folder contains adapter_config.json and its weights")
    }
    return try TensorFile(weights)
  }

  private func embeddings(
    _ file: TensorFile, columns: Int
  ) throws(CheckpointError) -> Adapter.Matrix {
    let name = "prompt_embeddings"
    guard let record = file[name], record.shape.count == 2, record.shape[1] == columns else {
      throw mismatch(file, "has no tensor '\(name)' with \(columns) columns")
    }
    return .init(rows: record.shape[0], columns: columns, values: try values(record, file))
  }

  private func prefix(
    _ fields: ConfigurationFields, _ file: TensorFile
  ) throws(CheckpointError) -> [Adapter.PrefixLayer] {
    try fields.require("prefix_projection", false, default: false)
    let width = description.keyValueHeads * description.headWidth
    let all = try embeddings(file, columns: 2 * description.layers * width)
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

  private func scales(_ file: TensorFile) throws(CheckpointError) -> [Adapter.Scale] {
    var found: [String: TensorRecord] = [:]
    for record in file.tensors where ClassificationHead.name(of: record.name) == nil {
      let (module, kind) = try place(of: record, in: file, kinds: [".ia3_l"])
      found[module + kind] = record
    }
    var scales: [Adapter.Scale] = []
    for module in modules.all {
      guard let record = found[module.path + ".ia3_l"] else { continue }
      // The shape identifies PEFT's `feedforward_modules`.
      let (ofInputs, ofOutputs) = ([1, module.inputs], [module.outputs, 1])
      let isInput = record.shape == ofInputs
      guard isInput || record.shape == ofOutputs else {
        throw mismatch(
          file,
          "tensor '\(record.name)' has the shape \(record.shape), not \(ofOutputs) or \(ofInputs)")
      }
      let values = try values(record, file)
      for (part, place) in module.members {
        let own = isInput ? values : module.rows(of: place).map { values[$0] }
        scales.append(
          .init(layer: module.layer, part: part, values: own, isOfInputs: isInput))
      }
    }
    return scales
  }

  private func lora(
    _ fields: ConfigurationFields, _ file: TensorFile
  ) throws(CheckpointError) -> Adapter.LoRA {
    let (a, b, norms) = (".lora_A.weight", ".lora_B.weight", ".lora_magnitude_vector")
    if let bias = try fields.text("bias"), bias != "none" {
      throw fields.unsupported("bias", "\"\(bias.prefix(60))\"")
    }
    let isStable = try fields.flag("use_rslora", default: false)
    let usesDoRA = try fields.flag("use_dora", default: false)
    var found: [String: TensorRecord] = [:]
    for record in file.tensors where ClassificationHead.name(of: record.name) == nil {
      let (module, kind) = try place(of: record, in: file, kinds: [a, b, norms])
      found[module + kind] = record
    }
    var parts: [Adapter.LoRA.Part] = []
    for module in modules.all {
      guard let recordA = found[module.path + a], let recordB = found[module.path + b] else {
        guard found[module.path + a] == nil, found[module.path + b] == nil else {
          throw mismatch(file, "one of lora_A and lora_B of '\(module.path)' is missing")
        }
        continue
      }
      let rank = recordA.shape.first ?? 0
      guard rank > 0, recordA.shape == [rank, module.inputs],
        recordB.shape == [module.outputs, rank]
      else {
        throw mismatch(
          file,
          "lora_A and lora_B of '\(module.path)' have the shapes \(recordA.shape) and"
            + " \(recordB.shape) beside \(module.outputs) × \(module.inputs)")
      }
      let alpha = try alpha(fields, module)
      let scale = alpha / (isStable ? Double(rank).squareRoot() : Double(rank))
      let shared = Adapter.Matrix(
        rows: rank, columns: module.inputs, values: try values(recordA, file))
      let allB = try values(recordB, file)
      var magnitude: [Float]?
      if usesDoRA {
        guard let record = found[module.path + norms], record.count == module.outputs else {
          throw mismatch(file, "the magnitudes of '\(module.path)' are missing or too few")
        }
        magnitude = try values(record, file)
      }
      for (part, place) in module.members {
        let rows = module.rows(of: place)
        let own = rows.flatMap { allB[$0 * rank..<($0 + 1) * rank] }
        parts.append(
          .init(
            layer: module.layer, part: part, a: shared,
            b: .init(rows: rows.count, columns: rank, values: own), scale: scale,
            magnitude: magnitude.map { all in rows.map { all[$0] } }))
      }
    }
    return .init(
      dropout: fields.object["lora_dropout"]?.number ?? 0, usesRankStabilization: isStable,
      parts: parts)
  }

  /// A module's alpha: an entry of `alpha_pattern` that its name ends with, or the one for all.
  private func alpha(
    _ fields: ConfigurationFields, _ module: AdapterModules.Module
  ) throws(CheckpointError) -> Double {
    let alpha = try fields.positive("lora_alpha", default: 8)
    let name = modules.fullName(module)
    for member in fields.object["alpha_pattern"]?.object?.members ?? [] {
      guard member.key.allSatisfy({ $0.isLetter || $0.isNumber || "._".contains($0) }) else {
        throw fields.unsupported(
          "alpha_pattern", "a regular expression, '\(member.key.prefix(60))'")
      }
      guard name == member.key || name.hasSuffix(".\(member.key)") else { continue }
      guard let value = member.value.number, value > 0 else {
        throw fields.inconsistent("'alpha_pattern' holds \(member.value.summary)")
      }
      return value
    }
    return alpha
  }

  /// The module a tensor belongs to and what it is of that module.
  private func place(
    of record: TensorRecord, in file: TensorFile, kinds: [String]
  ) throws(CheckpointError) -> (module: String, kind: String) {
    var name = record.name
    if name.hasPrefix(AdapterModules.root) { name.removeFirst(AdapterModules.root.count) }
    if name.hasSuffix("vector.weight") { name.removeLast(".weight".count) }  // until PEFT 0.12
    for kind in kinds where name.hasSuffix(kind) {
      let module = modules.names.canonical(String(name.dropLast(kind.count)))
      if modules.all.contains(where: { $0.path == module }) { return (module, kind) }
    }
    throw mismatch(file, "tensor '\(record.name)' belongs to no layer of the model")
  }

  private func values(
    _ record: TensorRecord, _ file: TensorFile
  ) throws(CheckpointError) -> [Float] {
    try file.checkFinite(record)
    return try file.floats(record)
  }

  private func mismatch(_ file: TensorFile, _ message: String) -> CheckpointError {
    CheckpointError(
      .mismatched, file: file.url.path, message,
      help: "the adapter was made for another model; see base_model_name_or_path")
  }
}
