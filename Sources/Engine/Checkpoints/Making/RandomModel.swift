package import Foundation

/// Models with random weights in the shape of published ones, for benchmarks, plans and tests.
package enum RandomModel {
  /// The names of the shapes, such as `opt-125m`, family by family.
  package static let presets: [String] = shapes.map(\.name)

  private static let shapes = CheckpointFamily.all.flatMap(\.shapes)

  private static func configuration(of preset: String) throws(CheckpointError) -> JSONObject {
    guard let found = shapes.first(where: { $0.name == preset }) else {
      throw CheckpointError(
        .unsupported, file: preset, "is not a preset",
        help: "presets: \(presets.joined(separator: ", "))")
    }
    return found.configuration
  }

  /// The architecture of a preset, without any weights.
  ///
  /// - Throws: ``CheckpointError`` that lists the presets where none has this name.
  package static func description(of preset: String) throws(CheckpointError) -> ModelDescription {
    try ModelConfiguration.description(
      of: ConfigurationFields(configuration(of: preset), file: preset))
  }

  /// Writes a Hugging Face folder: configuration, random weights and a copied tokenizer.
  ///
  /// Matrices and tables are drawn with deviation 0.02, as the published models began; norms are one and
  /// biases zero. The same preset and seed give the same bytes. One tensor at a time is in memory.
  ///
  /// - Parameters:
  ///   - preset: One of ``presets``.
  ///   - folder: Made if it is not there.
  ///   - seed: Of the weights.
  ///   - tokenizerFrom: A folder whose tokenizer's files are copied, nil for none.
  /// - Throws: ``CheckpointError`` for an unknown preset, a folder that holds a model or a file that
  ///   cannot be written.
  package static func write(
    preset: String, to folder: URL, seed: UInt64, tokenizerFrom: URL? = nil
  ) throws(CheckpointError) {
    let configuration = try configuration(of: preset)
    try ModelWriter.checkIsNoModel(folder)
    try write(configuration, named: preset, to: folder, seed: seed)
    guard let tokenizerFrom else { return }
    try FolderFiles.copy(ModelFolder.tokenizerFiles(in: tokenizerFrom), to: folder)
  }

  /// Writes configuration and weights for any configuration.
  static func write(
    _ configuration: JSONObject, named name: String, to folder: URL, seed: UInt64
  ) throws(CheckpointError) {
    let description = try ModelConfiguration.description(
      of: ConfigurationFields(configuration, file: name))
    let weights = description.weights
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: weights.map { $0.rows * $0.columns }.max() ?? 0)
    defer { buffer.deallocate() }
    try ModelFolder.make(configuration, named: name, at: folder) { weight in
      let values = UnsafeMutableBufferPointer(rebasing: buffer[..<(weight.rows * weight.columns)])
      fill(values, weight.slot, of: description, seed: seed)
      return UnsafeBufferPointer(values)
    }
  }

  private static func fill(
    _ values: UnsafeMutableBufferPointer<Float>, _ slot: WeightSlot, of model: ModelDescription,
    seed: UInt64
  ) {
    if case .bias = slot { return values.update(repeating: 0) }
    if slot.isVector { return values.update(repeating: model.neutralNorm) }
    var random = RandomStream(seed: seed, purpose: "random model's \(slot)")
    // The sum of four even numbers has a bell's shape and takes a tenth of a true normal's time.
    let deviation = 65536 / Float(3).squareRoot()
    for i in 0..<values.count {
      let bits = random.next()
      let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
      values[i] = 0.02 * (Float(sum) - 131_070) / deviation
    }
  }
}
