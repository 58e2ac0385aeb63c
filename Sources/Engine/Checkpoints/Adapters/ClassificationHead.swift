package import Foundation

/// The matrices that turn a text's final state into scores of classes, as checkpoints store them.
///
/// Names are those of Transformers' decoders, `score.weight` and perhaps `score.bias`; what another
/// class calls `classifier` or a file of its own calls `weight` is read as the same.
package struct ClassificationHead: Hashable, Sendable {
  /// One stored matrix; a vector has one row.
  package struct Tensor: Hashable, Sendable {
    package let name: String
    package let matrix: Adapter.Matrix

    package init(name: String, matrix: Adapter.Matrix) {
      self.name = name
      self.matrix = matrix
    }

    /// As Transformers shapes it: biases are vectors.
    var shape: [Int] { isVector ? [matrix.columns] : [matrix.rows, matrix.columns] }
    private var isVector: Bool { matrix.rows == 1 && name.hasSuffix(".bias") }
  }

  package let tensors: [Tensor]

  package init(_ tensors: [Tensor]) {
    self.tensors = tensors
  }

  /// The module's name in Transformers' decoders.
  static let module = "score"
  private static let modules = [module, "classifier", "head"]

  /// Whether a class of Transformers has exactly this head: a decoder's, which is one matrix.
  package func isStandard(for description: ModelDescription) -> Bool {
    !description.isBidirectional && tensors.map(\.name) == ["\(Self.module).weight"]
  }

  /// The values by name.
  package var matrices: [String: Adapter.Matrix] {
    Dictionary(tensors.map { ($0.name, $0.matrix) }) { first, _ in first }
  }

  /// The name of a head's tensor; nil for a tensor of something else.
  static func name(of stored: String) -> String? {
    var name = stored[...]
    for prefix in [AdapterModules.root, "base_model."] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
      break
    }
    if name == "weight" || name == "bias" { return "\(module).\(name)" }
    guard let dot = name.firstIndex(of: "."), modules.contains(String(name[..<dot])) else {
      return nil
    }
    var rest = name[name.index(after: dot)...]
    if rest.hasPrefix("modules_to_save.") { rest = rest.dropFirst("modules_to_save.".count) }
    return "\(module).\(rest)"
  }

  /// Reads the head's tensors out of a file that may hold others.
  ///
  /// - Parameter file: An open file of tensors.
  /// - Returns: The head; nil where the file holds none.
  /// - Throws: ``CheckpointError`` for a tensor that is no matrix of finite numbers.
  package static func read(from file: TensorFile) throws(CheckpointError) -> ClassificationHead? {
    var tensors: [Tensor] = []
    for record in file.tensors {
      guard let name = name(of: record.name) else { continue }
      guard (1...2).contains(record.shape.count), record.count > 0 else {
        throw CheckpointError(
          .mismatched, file: file.url.path,
          "tensor '\(record.name)' has the shape \(record.shape), which does not fit a head",
          help: "a head is 'score.weight' with one row per class, and optionally 'score.bias'")
      }
      guard !tensors.contains(where: { $0.name == name }) else {
        throw CheckpointError(
          .corrupt, file: file.url.path, "tensor '\(name)' of the head exists twice")
      }
      try file.checkFinite(record)
      let rows = record.shape.count == 2 ? record.shape[0] : 1
      tensors.append(
        Tensor(
          name: name,
          matrix: .init(
            rows: rows, columns: record.count / rows, values: try file.floats(record))))
    }
    return tensors.isEmpty ? nil : ClassificationHead(tensors)
  }

  /// Reads a folder's or a file's head.
  ///
  /// - Parameter url: A file of tensors or a folder whose weights hold a head.
  /// - Returns: The head; nil where there is none.
  /// - Throws: ``CheckpointError`` where nothing can be read.
  package static func read(from url: URL) throws(CheckpointError) -> ClassificationHead? {
    if isFile(url) { return try read(from: TensorFile(url)) }
    for file in try WeightFiles(in: url).urls {
      if let head = try read(from: TensorFile(file)) { return head }
    }
    return nil
  }

  /// Writes a file that holds the head alone.
  ///
  /// - Throws: ``CheckpointError`` when it cannot be written.
  package func write(to url: URL) throws(CheckpointError) {
    var writer = try SafetensorsWriter(
      url, tensors: tensors.map { .init(name: $0.name, shape: $0.shape) })
    for tensor in tensors {
      try tensor.matrix.values.withUnsafeBufferPointer { (values) throws(CheckpointError) in
        try writer.append(values)
      }
    }
    try writer.finish()
  }
}

extension TensorFile {
  /// All values of a tensor.
  package func floats(_ record: TensorRecord) throws(CheckpointError) -> [Float] {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: record.count)
    defer { buffer.deallocate() }
    try read(record, into: buffer)
    return Array(buffer)
  }
}

/// What turns a saved model into one of Transformers' `…ForSequenceClassification`.
package struct ModelClassifier: Hashable, Sendable {
  package let head: ClassificationHead
  /// The classes' names in their order.
  package let labels: [String]

  /// Describes the head of a decoder.
  ///
  /// - Parameters:
  ///   - head: Of one matrix; see ``ClassificationHead/isStandard(for:)``.
  ///   - labels: One a row of the matrix.
  package init(head: ClassificationHead, labels: [String]) {
    precondition(
      head.tensors.first?.matrix.rows == labels.count, "\(labels.count) labels for another head")
    self.head = head
    self.labels = labels
  }

  /// The configuration of the same model with this head.
  ///
  /// Transformers finds a text's last token by its padding, and so needs a padding token; a
  /// model without one gets its end token, as is usual.
  func configuration(_ object: JSONObject) -> JSONObject {
    var result = object
    let type = object["model_type"]?.string
    let known = CheckpointFamily.all.flatMap(\.types).first { $0.name == type }
    if let name = known?.className {
      result = result.replacing(
        "architectures", with: .array([.string("\(name)ForSequenceClassification")]))
    }
    let numbered = labels.enumerated().map { JSONObject.Member(key: "\($0)", value: .string($1)) }
    let named = labels.enumerated().map { JSONObject.Member(key: $1, value: .integer($0)) }
    result =
      result
      .replacing("id2label", with: .object(JSONObject(members: numbered)))
      .replacing("label2id", with: .object(JSONObject(members: named)))
      .replacing("num_labels", with: .integer(labels.count))
      .replacing("problem_type", with: "single_label_classification")
    let vocabulary = object["vocab_size"]?.integer ?? .max
    let ends = object["eos_token_id"].map { $0.array ?? [$0] } ?? []
    let padding = [object["pad_token_id"], ends.first].compactMap { $0?.integer }
    let usable = padding.first { (0..<vocabulary).contains($0) } ?? 0
    return result.replacing("pad_token_id", with: .integer(usable))
  }
}
