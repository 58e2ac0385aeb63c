package import Foundation

extension ModelFolder {
  /// Writes a model that was pre-trained here as a Hugging Face folder, `config.json` last.
  ///
  /// - Parameters:
  ///   - model: Of the shape's architecture.
  ///   - shape: Its shape.
  ///   - tokenizer: Its words.
  ///   - folder: Made if it is not there.
  /// - Throws: ``CheckpointError`` when a file cannot be written.
  package static func make(
    _ model: Transformer<Float>, shape: DecoderShape, tokenizer: WordTokenizer, at folder: URL
  ) throws(CheckpointError) {
    try FolderFiles.makeFolder(folder)
    try tokenizer.write(to: folder, context: shape.context)
    let tensors = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.slot, $0.tensor) })
    try make(shape.configuration(for: tokenizer), named: folder.path, at: folder) { weight in
      guard let tensor = tensors[weight.slot] else {
        preconditionFailure("the model lacks \(weight.slot)")
      }
      return UnsafeBufferPointer(tensor.elements)
    }
    withExtendedLifetime(tensors) {}
  }

  /// Writes weights and configuration.
  ///
  /// - Parameters:
  ///   - configuration: Gives the architecture, and thereby the tensors.
  ///   - name: Of the model, for messages.
  ///   - folder: Made if it is not there.
  ///   - values: Lends a weight, row by row, until it is asked for the next.
  /// - Throws: ``CheckpointError`` for a configuration that cannot be, or a file that cannot be written.
  static func make(
    _ configuration: JSONObject, named name: String, at folder: URL,
    values: (ModelDescription.Weight) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    let description = try ModelConfiguration.description(
      of: ConfigurationFields(configuration, file: name))
    try FolderFiles.makeFolder(folder)
    try OutputTensor.write(
      OutputTensor.all(of: description), to: folder.appendingPathComponent(WeightFiles.names[0]),
      values: values)
    try FolderFiles.write(
      JSONValue.object(configuration).text,
      to: folder.appendingPathComponent(FolderFiles.configurationName))
  }
}

extension OutputTensor {
  /// The tensors of an architecture in the layout of its family.
  fileprivate static func all(of description: ModelDescription) -> [OutputTensor] {
    let layout = CheckpointLayout(description)
    let places = description.weights.map { layout.place(of: $0) }
    let sharing = Dictionary(grouping: places, by: \.name)
    var seen: Set<String> = []
    return places.filter { seen.insert($0.name).inserted }.map {
      OutputTensor(layout.names.stored($0.name), places: sharing[$0.name] ?? [$0], as: .f32)
    }
  }
}
