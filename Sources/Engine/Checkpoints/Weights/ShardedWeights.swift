package import Foundation

/// The tensors of a model folder, from one file or from the shards an index lists.
///
/// Names are the family's own: a wrapper's prefix (`model.decoder.`, `transformer.`, `bert.` …) may or
/// may not be in the files, depending on which class saved them, and old spellings are replaced.
package struct ShardedWeights: Sendable {
  /// Files that hold tensors, in the order of their names.
  let shards: [TensorFile]
  /// The index that lists the shards, where there is one.
  package let index: URL?
  /// Names of all tensors, sorted.
  package private(set) var names: [String]

  /// One stored tensor.
  struct Entry: Sendable {
    /// The place of its file in ``ShardedWeights/shards``.
    let shard: Int
    let record: TensorRecord
  }
  private var entries: [String: Entry]
  private let folder: String
  private let tensorNames: TensorNames
  /// The name that a tensor goes by instead of its own: the token embedding, stored as the output.
  private var alias: (stored: String, name: String)?

  /// Opens the weights of a folder and checks every table of contents.
  ///
  /// - Parameters:
  ///   - folder: With safetensors or PyTorch's files; safetensors are taken where both are.
  ///   - tensorNames: The family's.
  /// - Throws: ``CheckpointError`` where there are none, a shard is missing or damaged, or the index
  ///   and the shards disagree.
  init(folder: URL, tensorNames: TensorNames) throws(CheckpointError) {
    self.folder = folder.path
    self.tensorNames = tensorNames
    let files = try WeightFiles(in: folder)
    var shards: [TensorFile] = []
    var entries: [String: Entry] = [:]
    for (number, url) in files.urls.enumerated() {
      let shard = try TensorFile(url)
      for record in shard.tensors {
        let entry = Entry(shard: number, record: record)
        if let other = entries.updateValue(entry, forKey: tensorNames.canonical(record.name)) {
          throw CheckpointError(
            .corrupt, file: url.path,
            "tensor '\(record.name)' exists a second time, as '\(other.record.name)' in"
              + " \(files.urls[other.shard].lastPathComponent)")
        }
      }
      shards.append(shard)
    }
    for (name, file) in files.claims {
      guard let entry = entries[tensorNames.canonical(name)],
        files.urls[entry.shard].lastPathComponent == file
      else {
        throw CheckpointError(
          .corrupt, file: files.index?.path ?? folder.path,
          "tensor '\(name)' should be in \(file), but is not there",
          help: "index and shards come from different versions of the model; fetch all again")
      }
    }
    self.shards = shards
    self.entries = entries
    index = files.index
    names = entries.keys.sorted()
  }

  /// The entry of a tensor, or nil where there is none of this name.
  subscript(name: String) -> Entry? { entries[name] }

  /// The name that a stored tensor goes by here.
  func name(of record: TensorRecord) -> String {
    let name = tensorNames.canonical(record.name)
    return alias.map { $0.stored == name ? $0.name : name } ?? name
  }

  /// Takes the one tensor of a tied pair that is there for the other.
  ///
  /// - Parameter table: The name of the token embedding.
  mutating func findTied(_ table: String) {
    guard entries[table] == nil, let stored = names.first(where: TensorNames.isTiedOutput),
      let entry = entries.removeValue(forKey: stored)
    else { return }
    entries[table] = entry
    alias = (stored, table)
    names = entries.keys.sorted()
  }

  /// Whether two tensors hold the same bytes in the same shape.
  ///
  /// - Throws: ``CheckpointError`` where they cannot be read.
  func areEqual(_ a: Entry, _ b: Entry) throws(CheckpointError) -> Bool {
    let (first, second) = (shards[a.shard], shards[b.shard])
    guard a.record.shape == b.record.shape else { return false }
    guard a.record.element == b.record.element else {
      return try first.floats(a.record) == second.floats(b.record)
    }
    if a.shard == b.shard, a.record.range == b.record.range { return true }
    let step = TensorFile.chunk
    for start in stride(from: 0, to: a.record.range.count, by: step) {
      let count = min(step, a.record.range.count - start)
      guard
        try first.file.bytes(at: a.record.range.lowerBound + start, count: count)
          == second.file.bytes(at: b.record.range.lowerBound + start, count: count)
      else { return false }
    }
    return true
  }

  /// The entry of a tensor that has to be there.
  ///
  /// - Throws: ``CheckpointError`` where there is none of this name.
  func entry(of name: String) throws(CheckpointError) -> Entry {
    guard let entry = entries[name] else {
      throw CheckpointError(
        .missing, file: folder,
        "the weights have no tensor '\(name)' (of \(names.count.grouped) tensors)",
        help: helpWithout)
    }
    return entry
  }

  /// What the names that are there say about a tensor that is not.
  private var helpWithout: String {
    if let part = names.first(where: { $0.contains(".lora_") || $0.contains(".base_layer.") }) {
      return "'\(part)' belongs to an adapter that was not merged; in PEFT, merge_and_unload() and"
        + " save_pretrained() write a plain model"
    }
    let quantized = [".qweight", ".scales", ".absmax", ".weight_scale", ".SCB"]
    if let part = names.first(where: { name in quantized.contains { name.hasSuffix($0) } }) {
      return "'\(part)' belongs to a quantized checkpoint; use the one in F32, F16 or BF16"
    }
    let first = names.first.map { "; the first tensor is '\($0)'" } ?? ""
    return "config.json and the weights belong to different kinds of model\(first)"
  }
}

/// Which files of a folder hold its weights.
struct WeightFiles {
  /// In the order of their names.
  let urls: [URL]
  /// The index that lists them, where there is one.
  let index: URL?
  /// The file of each tensor according to the index, in its order.
  let claims: [(name: String, file: String)]

  /// In the order in which they are looked for.
  static let names = ["model.safetensors", "pytorch_model.bin"]

  /// Finds the weights: a single file, or an index and what it lists.
  ///
  /// - Throws: ``CheckpointError`` where there are none or the index is not sound.
  init(in folder: URL) throws(CheckpointError) {
    for name in Self.names {
      let single = folder.appendingPathComponent(name)
      if isFile(single) {
        (urls, index, claims) = ([single], nil, [])
        return
      }
      let index = folder.appendingPathComponent("\(name).index.json")
      if isFile(index) {
        let claims = try Self.claims(of: index)
        urls = Set(claims.map(\.file)).sorted().map { folder.appendingPathComponent($0) }
        self.index = index
        self.claims = claims
        return
      }
    }
    throw Self.absence(in: folder)
  }

  /// The error for a folder without weights, which says what it holds instead.
  private static func absence(in folder: URL) -> CheckpointError {
    for name in names + names.map({ "\($0).index.json" }) {
      let file = folder.appendingPathComponent(name)
      guard let target = danglingTarget(of: file) else { continue }
      return CheckpointError(
        .missing, file: file.path, "is a link to \(target), which is not there",
        help: "fetch the file again, for example with 'ftreport model fetch'")
    }
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    let help: String
    if files.contains("adapter_config.json") {
      help =
        "the folder is an adapter; name the model it belongs to, and the adapter with --adapter"
    } else if let other = files.first(where: { file in
      [".gguf", ".h5", ".msgpack", ".onnx", ".safetensors", ".bin", ".pth"].contains {
        file.hasSuffix($0)
      }
    }) {
      help =
        "'\(other)' is not what Transformers would load; fetch the model's \(names[0]), or all of its"
        + " shards with their index"
    } else {
      help = "fetch the weights as well; config.json alone only describes the model"
    }
    return CheckpointError(
      .missing, file: folder.path,
      "contains neither \(names.joined(separator: " nor ")) nor an index of either", help: help)
  }

  private static func claims(
    of index: URL
  ) throws(CheckpointError) -> [(name: String, file: String)] {
    let map = try JSONParser.parse(contentsOf: index).object?["weight_map"]?.object
    guard let map, !map.members.isEmpty else {
      throw CheckpointError(.corrupt, file: index.path, "has no 'weight_map'")
    }
    var claims: [(name: String, file: String)] = []
    for member in map.members {
      // A plain name: an index must not refer to files outside its folder.
      guard let file = member.value.string, !file.isEmpty, !file.contains("/"), file != ".." else {
        throw CheckpointError(
          .corrupt, file: index.path,
          "tensor '\(member.key)' is in \(member.value.summary), which is not a file name")
      }
      claims.append((member.key, file))
    }
    return claims
  }
}
