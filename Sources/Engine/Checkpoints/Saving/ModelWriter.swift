package import Foundation

/// Saves a fine-tuned model as a Hugging Face folder that Transformers loads.
///
/// The folder gets the names, the layout and the further files of the one the model was loaded from:
/// fused and transposed matrices are put together again, tensors this program does not use (a pooler,
/// the head of masked language modelling) are carried over as they are.
package struct ModelWriter: Sendable {
  private let source: ModelFolder
  private let element: TensorElement
  private let classifier: ModelClassifier?
  private let dropsHead: Bool

  /// Prepares to save a model like `source`.
  ///
  /// - Parameters:
  ///   - source: The folder the model was loaded from.
  ///   - element: F32, F16 or BF16, which the weights are rounded to.
  ///   - classifier: A head to save along, so that the folder is a classifier's; nil for none.
  ///   - dropsHead: Whether a head that the source has is left out, because the weights below it have
  ///     been trained for another.
  package init(
    like source: ModelFolder, as element: TensorElement = .f32,
    classifier: ModelClassifier? = nil, dropsHead: Bool = false
  ) {
    precondition(FloatConversion.isPossible(to: element), "weights cannot be \(element.rawValue)")
    self.source = source
    self.element = element
    self.classifier = classifier
    self.dropsHead = dropsHead || classifier != nil
  }

  /// Rejects a folder that contains a model, since files of two models would mix.
  package static func checkIsNoModel(_ folder: URL) throws(CheckpointError) {
    guard isFile(folder.appendingPathComponent(FolderFiles.configurationName)) else { return }
    throw CheckpointError(
      .unwritable, file: folder.path, "already contains a model",
      help: "name a new folder, or remove this one first")
  }

  /// Writes the folder; each file appears complete or not at all, `config.json` last.
  ///
  /// - Parameters:
  ///   - folder: Made if it is not there.
  ///   - isUntied: Whether there is an output matrix although the source ties it.
  ///   - values: Lends the weight of a slot, row by row, until it is asked for the next.
  /// - Throws: ``CheckpointError`` when a file cannot be written or the source cannot be read.
  package func write(
    to folder: URL, isUntied: Bool = false, values: (WeightSlot) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    let configuration = try ConfigurationFields(
      contentsOf: source.url.appendingPathComponent(FolderFiles.configurationName))
    let tensors = try outputTensors(configuration, isUntied: isUntied)
    try FolderFiles.makeFolder(folder)
    try OutputTensor.write(
      tensors, to: folder.appendingPathComponent(WeightFiles.names[0]),
      values: { values($0.slot) })
    try FolderFiles.copy(
      ModelFolder.tokenizerFiles(in: source.url)
        + ["generation_config.json"].map { source.url.appendingPathComponent($0) }.filter(isFile),
      to: folder)
    var saved = withElement(configuration.object)
    let tie = "tie_word_embeddings"
    if isUntied || (!source.description.tiesEmbeddings && saved[tie]?.boolean == true) {
      saved = saved.replacing(tie, with: false)
    }
    if dropsHead, classifier == nil { saved = ModelClassifier.withoutHead(saved) }
    try FolderFiles.write(
      JSONValue.object(
        classifier?.configuration(saved, of: source.description) ?? saved
      ).text,
      to: folder.appendingPathComponent(FolderFiles.configurationName))
  }

  /// Every tensor of the source, in its order, with the model's weights where they belong.
  private func outputTensors(
    _ configuration: ConfigurationFields, isUntied: Bool
  ) throws(CheckpointError) -> [OutputTensor] {
    let places = Dictionary(
      grouping: source.description.weights.map { source.layout.place(of: $0) }, by: \.name)
    let isTied =
      try configuration.flag("tie_word_embeddings", default: true)
      && source.description.tiesEmbeddings
    let table = source.weights[source.layout.names.name(of: .tokenEmbedding)]
    var tensors: [OutputTensor] = []
    if isUntied {
      let weight = ModelDescription.Weight(
        slot: .output, rows: source.description.vocabularySize,
        columns: source.description.embeddingWidth)
      let place = source.layout.place(of: weight)
      tensors.append(
        OutputTensor(source.layout.names.stored(place.name), places: [place], as: element))
    }
    for shard in source.weights.shards {
      for record in shard.tensors {
        let name = source.weights.name(of: record)
        let plain = TensorNames.modern(WrappedName.plain(record.name))
        let isUsual =
          plain == name || source.layout.names.prefixes.contains { plain == $0 + name }
        // A classifier's class needs the prefix that a bare model's file may lack, and Transformers
        // takes no other name than those.
        let modern =
          (classifier != nil || !isUsual) && places[name] != nil
          ? savedName(name) : plain
        if dropsHead, places[name] == nil,
          ClassificationHead.name(of: record.name, in: source.layout.names.classifier) != nil
        {
          continue
        }
        if let places = places[name] {
          tensors.append(OutputTensor(modern, places: places, as: element))
        } else {
          let mayRepeat = isTied && TensorNames.isTiedOutput(name)
          if mayRepeat, try isCopy(record, of: shard, table) { continue }
          tensors.append(OutputTensor(modern, from: shard, record))
        }
      }
    }
    let head = classifier?.head.named(for: source.description) ?? []
    return tensors + head.map { OutputTensor($0) }
  }

  /// The name of a tensor in the class that the folder is for.
  private func savedName(_ name: String) -> String {
    let names = source.layout.names
    return classifier == nil ? names.stored(name) : names.classifierName(name)
  }

  /// Whether a tensor is the token embedding once more.
  private func isCopy(
    _ record: TensorRecord, of shard: TensorFile, _ table: ShardedWeights.Entry?
  ) throws(CheckpointError) -> Bool {
    guard let table, let own = source.weights.shards.firstIndex(where: { $0.url == shard.url })
    else { return false }
    return try source.weights.areEqual(.init(shard: own, record: record), table)
  }

  /// The configuration with the element type the weights now have, which Transformers loads them in.
  private func withElement(_ object: JSONObject) -> JSONObject {
    let name =
      switch element {
      case .f16: "float16"
      case .bf16: "bfloat16"
      default: "float32"
      }
    let key = object["torch_dtype"] == nil ? "dtype" : "torch_dtype"
    return object.replacing(key, with: .string(name))
  }
}

extension Transformer where Scalar == Float {
  /// Saves the weights as a Hugging Face folder, without additions that were not merged.
  ///
  /// - Parameters:
  ///   - writer: For a model like the one this was loaded from.
  ///   - url: The folder.
  /// - Throws: ``CheckpointError`` when a file cannot be written.
  package func save(with writer: ModelWriter, to url: URL) throws(CheckpointError) {
    let tensors = Dictionary(uniqueKeysWithValues: weights.map { ($0.slot, $0.tensor) })
    let isUntied = untiedOutput != nil && description.tiesEmbeddings
    try writer.write(to: url, isUntied: isUntied) { slot in
      guard let tensor = tensors[slot] else {
        preconditionFailure("a model whose matrices are quantized cannot be saved")
      }
      return UnsafeBufferPointer(tensor.elements)
    }
    withExtendedLifetime(tensors) {}
  }

  /// Saves what was added in PEFT's layout.
  ///
  /// - Parameters:
  ///   - adapter: From ``adapter(dropout:usesRankStabilization:)``.
  ///   - url: The folder.
  ///   - baseModel: Path or name of the model it belongs to.
  ///   - head: A classifier's, to save along; nil for none.
  /// - Throws: ``CheckpointError`` when a file cannot be written.
  package func save(
    _ adapter: Adapter, to url: URL, baseModel: String, head: ClassificationHead? = nil
  ) throws(CheckpointError) {
    let tensors = Dictionary(uniqueKeysWithValues: weights.map { ($0.slot, $0.tensor) })
    try AdapterFolder(url, for: description).write(adapter, baseModel: baseModel, head: head) {
      slot in
      guard let tensor = tensors[slot] else {
        preconditionFailure("row lengths beside a quantized matrix cannot be saved")
      }
      return UnsafeBufferPointer(tensor.elements)
    }
    withExtendedLifetime(tensors) {}
  }
}
