import Engine
import Formats
import Foundation

extension StartingPoint {
  /// Reads what a user names; a later head or adapter replaces an earlier one.
  ///
  /// A folder with `adapter_config.json` is an adapter in PEFT's layout, with the head that was saved
  /// along with it; any other folder is a checkpoint, of which the head is taken; a file of tensors is
  /// a head, or an adapter's weights where the folder is one.
  ///
  /// - Parameters:
  ///   - paths: As the user names them.
  ///   - description: Of the model that is trained.
  ///   - labels: Of the examples, in their order; the head's rows are put in it by their names.
  /// - Throws: `CheckpointError` for what cannot be read or does not fit, ``TrainingError`` where
  ///   there is nothing to start from.
  init(_ paths: [String], for description: ModelDescription, labels: [String]) throws {
    self.init()
    for path in paths {
      let url = URL(fileURLWithPath: path)
      let folder = isDirectory(url) ? url : url.deletingLastPathComponent()
      let isWeights = url.lastPathComponent.starts(withBytes: "adapter_model.")
      if AdapterFolder.isAdapter(url) || (isWeights && AdapterFolder.isAdapter(folder)) {
        let files = AdapterFolder(isWeights ? folder : url, for: description)
        adapter = try files.read()
        if let head = try files.readHead() {
          self.head = try named(head, in: isWeights ? folder : url, labels).matrices
        }
      } else if let head = try ClassificationHead.read(from: url, for: description) {
        self.head = try named(head, in: folder, labels).matrices
      } else {
        throw TrainingError(.noStart, file: path)
      }
    }
  }

  /// A folder's head with its rows in the order of the labels, where the folder names the classes.
  private mutating func named(
    _ head: ClassificationHead, in folder: URL, _ labels: [String]
  ) throws -> ClassificationHead {
    let saved = SavedFolder(folder)
    let names =
      FileManager.default.fileExists(atPath: saved.record.path)
      ? try saved.readRecord().task.labels : try ClassificationHead.labels(in: folder)
    guard let names else {
      warnings.append(
        "\(folder.path): the classes of the head have no names, so its rows are taken for "
          + "\(labels.joined(separator: ", ")), in this order")
      return head
    }
    let rows = labels.compactMap { names.firstIndex(of: $0) }
    guard names.count == labels.count, rows.count == labels.count else {
      throw TrainingError(.otherLabels(names, examples: labels), file: folder.path)
    }
    return head.reordered(rows)
  }
}

private func isDirectory(_ url: URL) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    && isFolder.boolValue
}

extension StartingPoint {
  /// The options that an adapter was made with, as far as its files show them.
  ///
  /// - Parameter adaptation: The one that trains.
  /// - Returns: Options by name; none without an adapter.
  /// - Throws: ``TrainingError`` for an adapter of another kind.
  func options(of adaptation: String) throws(TrainingError) -> [String: OptionValue] {
    switch adapter {
    case nil: return [:]
    case .changing:
      throw TrainingError(
        .misfitAdapter(
          "it also changes weights of the model, which training an adapter leaves as they are;"
            + " 'ftreport model convert --adapter' merges it into a model to train"))
    case .lora(let lora):
      try require(LoRAAdaptation.name, adaptation, kind: "LoRA")
      return try options(of: lora)
    case .scales:
      try require(RescalingAdaptation.name, adaptation, kind: "(IA)³")
      return [:]
    case .prompt(let matrix):
      try require(PromptAdaptation.name, adaptation, kind: "a soft prompt")
      return [String: OptionValue]([PromptAdaptation.virtualTokens(matrix.rows)])
    case .prefix(let layers):
      try require(PrefixAdaptation.name, adaptation, kind: "a prefix")
      return [String: OptionValue]([
        PromptAdaptation.virtualTokens(layers.first?.keys.rows ?? 0)
      ])
    }
  }

  private func options(
    of lora: Adapter.LoRA
  ) throws(TrainingError) -> [String: OptionValue] {
    guard let first = lora.parts.first else {
      throw TrainingError(.misfitAdapter("it has no low-rank products"))
    }
    let rank = first.a.rows
    guard lora.parts.allSatisfy({ $0.a.rows == rank && $0.scale == first.scale }) else {
      throw TrainingError(.misfitAdapter("its products differ in rank or alpha"))
    }
    let divisor =
      lora.usesRankStabilization ? Double(rank).squareRoot() : Double(rank)
    let alpha = first.scale * divisor
    let parts = Set(lora.parts.map(\.part))
    return [String: OptionValue]([
      LoRAAdaptation.rank(rank),
      LoRAAdaptation.alpha(abs(alpha - alpha.rounded()) < 1e-9 * alpha ? alpha.rounded() : alpha),
      LoRAAdaptation.scaling(lora.usesRankStabilization ? .rslora : .standard),
      LoRAAdaptation.magnitude(lora.parts.contains { $0.magnitude != nil }),
      LoRAAdaptation.targets(LoRAAdaptation.Target.allCases.filter { parts.contains($0.part) }),
    ])
  }

  private func require(
    _ wanted: String, _ adaptation: String, kind: String
  ) throws(TrainingError) {
    guard adaptation == wanted else {
      throw TrainingError(.wrongAdapter(kind: kind, adaptation: adaptation))
    }
  }
}

extension Method {
  /// Rejects settings that contradict the adapter to start from.
  ///
  /// - Parameter stored: The adapter's own options; see ``StartingPoint/options(of:)``.
  /// - Throws: ``TrainingError`` with both values.
  func check(against stored: [String: OptionValue]) throws(TrainingError) {
    for (name, value) in stored.sorted(by: { $0.key < $1.key }) {
      guard let given = options.values[name], !given.isSame(as: value) else { continue }
      throw TrainingError(
        .contradictedAdapter(option: name, given: "\(given)", stored: "\(value)"))
    }
  }
}

extension OptionValue {
  /// Whether two values say the same, whatever the order of a list and the kind of a number.
  fileprivate func isSame(as other: OptionValue) -> Bool {
    switch (self, other) {
    case (.list(let a), .list(let b)): Set(a) == Set(b)
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
    default: self == other
    }
  }
}
