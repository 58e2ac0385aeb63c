package import Foundation

/// The matrices that turn a text's final state into scores of classes, as checkpoints store them.
///
/// Names are those of Transformers' decoders, `score.weight` and perhaps `score.bias`; what another
/// class calls `classifier` or a file of its own calls `weight` is read as the same. An encoder's
/// class has a dense layer before the scores, `dense.weight` and `dense.bias` here, and perhaps a
/// normalization between the two, `norm.weight`.
package struct ClassificationHead: Hashable, Sendable {
  /// One stored matrix; a vector has one row.
  package struct Tensor: Hashable, Sendable {
    package let name: String
    package let matrix: Adapter.Matrix

    package init(name: String, matrix: Adapter.Matrix) {
      self.name = name
      self.matrix = matrix
    }

    /// As Transformers shapes it: biases and norms are vectors.
    var shape: [Int] { isVector ? [matrix.columns] : [matrix.rows, matrix.columns] }
    private var isVector: Bool {
      matrix.rows == 1 && (name.hasSuffix(".bias") || name.hasPrefix("\(ClassificationHead.norm)."))
    }
  }

  package let tensors: [Tensor]

  package init(_ tensors: [Tensor]) {
    self.tensors = tensors
  }

  /// The module's name in Transformers' decoders.
  static let module = "score"
  /// The dense layer before it in encoders.
  static let dense = "dense"
  /// A normalization between the two.
  static let norm = "norm"
  private static let modules = [module, "classifier", "head"]

  /// Whether a class of Transformers has exactly this head: a decoder's, which is one matrix, or an
  /// encoder's with a bias and a dense layer, unless the model itself has that one as its pooler.
  package func isStandard(for description: ModelDescription) -> Bool {
    guard let classifier = description.classifier else {
      return !description.isBidirectional && tensors.map(\.name) == ["\(Self.module).weight"]
    }
    var names: Set = ["\(Self.module).weight", "\(Self.module).bias"]
    if !description.hasPooler {
      names.insert("\(Self.dense).weight")
      if classifier.hasDenseBias { names.insert("\(Self.dense).bias") }
      if classifier.isNormalized { names.insert("\(Self.norm).weight") }
      if classifier.isNormalized, case .layer = description.normalization {
        names.insert("\(Self.norm).bias")
      }
    }
    return Set(tensors.map(\.name)) == names
  }

  /// The values by name.
  package var matrices: [String: Adapter.Matrix] {
    Dictionary(tensors.map { ($0.name, $0.matrix) }) { first, _ in first }
  }

  /// The head with its classes in another order.
  ///
  /// - Parameter rows: For each class the row that it has now.
  /// - Returns: A head whose rows are in the order of the classes.
  package func reordered(_ rows: [Int]) -> ClassificationHead {
    ClassificationHead(
      tensors.map { tensor in
        let matrix = tensor.matrix
        let values: [Float]
        switch tensor.name {
        case "\(Self.module).weight" where matrix.rows == rows.count:
          values = rows.flatMap { row in
            matrix.values[row * matrix.columns..<(row + 1) * matrix.columns]
          }
        case "\(Self.module).bias" where matrix.columns == rows.count:
          values = rows.map { matrix.values[$0] }
        default: return tensor
        }
        return Tensor(
          name: tensor.name,
          matrix: .init(rows: matrix.rows, columns: matrix.columns, values: values))
      })
  }

  /// The name of a head's tensor; nil for a tensor of something else.
  ///
  /// - Parameters:
  ///   - stored: As a file has it.
  ///   - names: Of the model's family, for an encoder.
  /// - Returns: `score.weight`, `dense.bias` and the like.
  static func name(of stored: String, in names: ClassifierNames?) -> String? {
    var name = stored[...]
    for prefix in [AdapterModules.root, "base_model."] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
      break
    }
    if name == "weight" || name == "bias" { return "\(module).\(name)" }
    let plain = name.replacing("modules_to_save.", with: "", maxReplacements: 1)
    if let names {
      let own =
        plain.hasPrefix(names.poolerPrefix)
        ? plain.dropFirst(names.poolerPrefix.count) : plain[...]
      for (module, stem) in [
        (dense, names.dense), (dense, dense), (norm, names.norm),
        (norm, names.norm.isEmpty ? "" : norm), (module, names.output), (module, module),
      ] where !stem.isEmpty {
        for kind in ["weight", "bias"] where own == "\(stem).\(kind)" { return "\(module).\(kind)" }
      }
    }
    guard let dot = plain.firstIndex(of: "."), modules.contains(String(plain[..<dot])) else {
      return nil
    }
    return "\(module).\(plain[plain.index(after: dot)...])"
  }

  /// Reads the head's tensors out of a file that may hold others.
  ///
  /// - Parameters:
  ///   - file: An open file of tensors.
  ///   - description: Of the model, whose family decides what a head is called.
  /// - Returns: The head; nil where the file holds none.
  /// - Throws: ``CheckpointError`` for a tensor that is no matrix of finite numbers.
  package static func read(
    from file: TensorFile, for description: ModelDescription
  ) throws(CheckpointError) -> ClassificationHead? {
    let names = CheckpointLayout(description).names.classifier
    var tensors: [Tensor] = []
    for record in file.tensors {
      guard let name = name(of: record.name, in: names) else { continue }
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
    // A pooler alone scores nothing.
    let scores = tensors.contains { $0.name.hasPrefix("\(module).") }
    return scores ? ClassificationHead(tensors) : nil
  }

  /// Reads a folder's or a file's head.
  ///
  /// - Parameters:
  ///   - url: A file of tensors or a folder whose weights hold a head.
  ///   - description: Of the model, whose family decides what a head is called.
  /// - Returns: The head; nil where there is none.
  /// - Throws: ``CheckpointError`` where nothing can be read.
  package static func read(
    from url: URL, for description: ModelDescription
  ) throws(CheckpointError) -> ClassificationHead? {
    if isFile(url) { return try read(from: TensorFile(url), for: description) }
    for file in try WeightFiles(in: url).urls {
      if let head = try read(from: TensorFile(file), for: description) { return head }
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

extension ClassificationHead {
  /// The tensors as the family's class for sequence classification names them.
  func named(for description: ModelDescription) -> [Tensor] {
    guard let names = CheckpointLayout(description).names.classifier else { return tensors }
    return tensors.map { tensor in
      let kind = tensor.name.hasSuffix(".bias") ? "bias" : "weight"
      let stem =
        switch tensor.name.prefix(while: { $0 != "." }) {
        case Self.dense: names.poolerPrefix + names.dense
        case Self.norm: names.poolerPrefix + names.norm
        default: names.output
        }
      return Tensor(name: "\(stem).\(kind)", matrix: tensor.matrix)
    }
  }

  /// The modules of that class that hold them, for PEFT's `modules_to_save`.
  func modules(for description: ModelDescription) -> [String] {
    guard let names = CheckpointLayout(description).names.classifier else { return [Self.module] }
    let hasDense = tensors.contains { $0.name.hasPrefix("\(Self.dense).") }
    var found: [String] = []
    for name in (hasDense ? [names.dense] : []) + [names.output] {
      let module = name.prefix { $0 != "." }
      if !found.contains(String(module)) { found.append(String(module)) }
    }
    return found
  }
}

/// What turns a saved model into one of Transformers' `…ForSequenceClassification`.
package struct ModelClassifier: Hashable, Sendable {
  package let head: ClassificationHead
  /// The classes' names in their order.
  package let labels: [String]
  /// The tokenizer's padding token; nil where it names none.
  let padToken: Int?

  /// Describes a classifier.
  ///
  /// - Parameters:
  ///   - head: See ``ClassificationHead/isStandard(for:)``.
  ///   - labels: One a row of its last matrix.
  ///   - padToken: The tokenizer's; nil where it names none.
  package init(head: ClassificationHead, labels: [String], padToken: Int? = nil) {
    precondition(
      head.matrices["\(ClassificationHead.module).weight"]?.rows == labels.count,
      "\(labels.count) labels for another head")
    self.head = head
    self.labels = labels
    self.padToken = padToken
  }

  /// The configuration of the same model with this head.
  ///
  /// Transformers finds the last token of a decoder's text by its padding, and so needs a padding
  /// token: the tokenizer's, which pads a batch there. A model without one gets its end token, as is
  /// usual. Where positions are counted from the padding token, as in RoBERTa, it stays.
  func configuration(
    _ object: JSONObject, of description: ModelDescription
  ) -> JSONObject {
    var result = object
    if let name = Self.className(object) {
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
    if description.isBidirectional, case .learned(let offset) = description.positions, offset > 0 {
      return result
    }
    let vocabulary = object["vocab_size"]?.integer ?? .max
    let ends = object["eos_token_id"].map { $0.array ?? [$0] } ?? []
    let padding = [padToken.map(JSONValue.integer), object["pad_token_id"], ends.first]
      .compactMap { $0?.integer }
    let usable = padding.first { (0..<vocabulary).contains($0) } ?? 0
    return result.replacing("pad_token_id", with: .integer(usable))
  }

  /// The configuration of a classifier without its head.
  static func withoutHead(_ object: JSONObject) -> JSONObject {
    guard let name = className(object),
      object["architectures"] == .array([.string("\(name)ForSequenceClassification")])
    else { return object }
    let ofHead = ["id2label", "label2id", "num_labels", "problem_type"]
    return JSONObject(members: object.members.filter { !ofHead.contains($0.key) })
      .replacing("architectures", with: .array([.string("\(name)Model")]))
  }

  /// What the classes of a configuration's type begin with in Transformers.
  private static func className(_ object: JSONObject) -> String? {
    let type = object["model_type"]?.string
    return CheckpointFamily.all.flatMap(\.types).first { $0.name == type }?.className
  }
}

extension ClassificationHead {
  /// The names of a folder's classes by the rows of its head, from `id2label` or `label2id` of its
  /// `config.json`; nil where it has none, or those that Transformers gives unnamed classes.
  ///
  /// - Throws: ``CheckpointError`` for names that are not one for each of the rows 0, 1, ….
  package static func labels(in folder: URL) throws(CheckpointError) -> [String]? {
    let file = folder.appendingPathComponent(FolderFiles.configurationName)
    guard isFile(file) else { return nil }
    let fields = try ConfigurationFields(contentsOf: file)
    var rows: [(row: Int?, name: String?)] = []
    if let names = fields.object["id2label"]?.object {
      rows = names.members.map { (Int($0.key), $0.value.string) }
    } else if let numbers = fields.object["label2id"]?.object {
      rows = numbers.members.map { ($0.value.integer, $0.key) }
    }
    guard !rows.isEmpty else { return nil }
    var labels = [String?](repeating: nil, count: rows.count)
    for case (let row?, let name?) in rows where labels.indices.contains(row) { labels[row] = name }
    guard !labels.contains(nil) else {
      throw fields.inconsistent("'id2label' does not name the classes 0 to \(rows.count - 1)")
    }
    let found = labels.compactMap(\.self)
    let isUnnamed = found.enumerated().allSatisfy { $1 == "LABEL_\($0)" }
    return isUnnamed ? nil : found
  }
}
