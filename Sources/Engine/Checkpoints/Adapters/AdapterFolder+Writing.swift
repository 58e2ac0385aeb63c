import Foundation

extension AdapterFolder {
  /// Writes an adapter; `adapter_config.json` appears last.
  ///
  /// - Parameters:
  ///   - adapter: Must fit the model.
  ///   - baseModel: Path or name of the model, for whoever loads the adapter.
  ///   - head: Saved along, so that PEFT puts it on the model's classifier; nil for none.
  ///   - base: Lends the frozen weight of a slot until it is asked for the next; asked only for DoRA
  ///     beside a part of a fused matrix, whose other rows keep the norm they have.
  /// - Throws: ``CheckpointError`` when a file cannot be written.
  package func write(
    _ adapter: Adapter, baseModel: String, head: ClassificationHead? = nil,
    base: (WeightSlot) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    let file: (members: KeyValuePairs<String, JSONValue>, tensors: [Tensor]) =
      switch adapter {
      case .lora(let lora): loraFile(lora, base: base)
      case .scales(let scales): scaleFile(scales)
      case .prompt(let matrix): promptFile(matrix)
      case .prefix(let layers): prefixFile(layers)
      case .changing: preconditionFailure("changed weights belong to a model, not to an adapter")
      }
    let task: JSONValue =
      switch (head, description.isBidirectional) {
      case (.some, _): "SEQ_CLS"
      case (nil, true): "FEATURE_EXTRACTION"
      case (nil, false): "CAUSAL_LM"
      }
    let common = JSONObject([
      "base_model_name_or_path": .string(baseModel), "inference_mode": true, "task_type": task,
    ])
    let modulesToSave = JSONObject.Member(
      key: "modules_to_save",
      value: .array((head?.modules(for: description) ?? []).map(JSONValue.string)))
    // PEFT wraps the model once more for additions to its layers.
    let root = adapter.isPromptLearning ? "base_model." : AdapterModules.root
    let heads =
      head?.named(for: description).map {
        Tensor("\(root)\($0.name)", $0.shape, $0.matrix.values)
      } ?? []
    // The class with a head may have the body under another prefix than the body alone.
    let prefix = AdapterModules.root + modules.names.savedPrefix
    let own = file.tensors.map { tensor in
      guard head != nil, tensor.name.hasPrefix(prefix) else { return tensor }
      let name = modules.names.classifierName(String(tensor.name.dropFirst(prefix.count)))
      return Tensor(AdapterModules.root + name, tensor.shape, tensor.values)
    }
    let tensors = own + heads
    try FolderFiles.makeFolder(url)
    var writer = try SafetensorsWriter(
      url.appendingPathComponent(Self.weightNames[0]),
      tensors: tensors.map { .init(name: $0.name, shape: $0.shape) })
    for tensor in tensors {
      try tensor.values.withUnsafeBufferPointer { (values) throws(CheckpointError) in
        try writer.append(values)
      }
    }
    try writer.finish()
    try FolderFiles.write(
      JSONValue.object(
        JSONObject(
          members: JSONObject(file.members).members + common.members
            + (head == nil ? [] : [modulesToSave]))
      ).text,
      to: url.appendingPathComponent(Self.configurationName))
  }

  /// A tensor to write.
  struct Tensor {
    let name: String
    let shape: [Int]
    let values: [Float]

    init(_ name: String, _ shape: [Int], _ values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }

    init(_ name: String, _ matrix: Adapter.Matrix) {
      self.init(name, [matrix.rows, matrix.columns], matrix.values)
    }
  }

  private func promptFile(
    _ matrix: Adapter.Matrix
  ) -> (KeyValuePairs<String, JSONValue>, [Tensor]) {
    (
      [
        "peft_type": "PROMPT_TUNING", "num_virtual_tokens": .integer(matrix.rows),
        "token_dim": .integer(matrix.columns), "num_layers": .integer(description.layers),
        "num_attention_heads": .integer(description.heads), "num_transformer_submodules": 1,
        "prompt_tuning_init": "RANDOM",
      ],
      [Tensor("prompt_embeddings", matrix)]
    )
  }

  /// One row per token: each layer's keys, then its values.
  private func prefixFile(
    _ layers: [Adapter.PrefixLayer]
  ) -> (KeyValuePairs<String, JSONValue>, [Tensor]) {
    let tokens = layers.first?.keys.rows ?? 0
    let width = description.keyValueHeads * description.headWidth
    var values: [Float] = []
    for token in 0..<tokens {
      for layer in layers {
        for matrix in [layer.keys, layer.values] {
          values += matrix.values[token * width..<(token + 1) * width]
        }
      }
    }
    return (
      [
        "peft_type": "PREFIX_TUNING", "num_virtual_tokens": .integer(tokens),
        "token_dim": .integer(width), "num_layers": .integer(layers.count),
        "num_attention_heads": .integer(description.keyValueHeads),
        "num_transformer_submodules": 1, "prefix_projection": false,
        "encoder_hidden_size": .integer(width),
      ],
      [Tensor("prompt_embeddings", [tokens, 2 * layers.count * width], values)]
    )
  }

  private func scaleFile(
    _ scales: [Adapter.Scale]
  ) -> (KeyValuePairs<String, JSONValue>, [Tensor]) {
    var (used, feedForward): ([AdapterModules.Module], [AdapterModules.Module]) = ([], [])
    var tensors: [Tensor] = []
    for module in modules.all {
      let own = scales.filter { scale in
        scale.layer == module.layer && module.members.contains { $0.part == scale.part }
      }
      guard let first = own.first else { continue }
      used.append(module)
      let name = "\(AdapterModules.root)\(modules.fullName(module)).ia3_l"
      if first.isOfInputs {
        feedForward.append(module)
        tensors.append(Tensor(name, [1, module.inputs], first.values))
        continue
      }
      var values = [Float](repeating: 1, count: module.outputs)
      for (part, place) in module.members {
        guard let scale = own.first(where: { $0.part == part }) else { continue }
        for (row, value) in zip(module.rows(of: place), scale.values) { values[row] = value }
      }
      tensors.append(Tensor(name, [module.outputs, 1], values))
    }
    // An entry must be a target word for word.
    let targets = modules.targets(used)
    let shortened = modules.targets(feedForward)
    let feedForwardNames =
      shortened.allSatisfy(targets.contains) ? shortened : feedForward.map(modules.fullName)
    return (
      [
        "peft_type": "IA3", "target_modules": .array(targets.map(JSONValue.string)),
        "feedforward_modules": .array(feedForwardNames.map(JSONValue.string)),
        "fan_in_fan_out": .boolean(modules.isTransposed), "init_ia3_weights": true,
      ],
      tensors
    )
  }
}
