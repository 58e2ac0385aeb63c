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
  package let names: [String]

  /// One stored tensor.
  struct Entry: Sendable {
    /// The place of its file in ``ShardedWeights/shards``.
    let shard: Int
    let record: TensorRecord
  }
  private let entries: [String: Entry]
  private let folder: String

  /// Opens the weights of a folder and checks every table of contents.
  ///
  /// - Parameters:
  ///   - folder: With safetensors or PyTorch's files; safetensors are taken where both are.
  ///   - tensorNames: The family's.
  /// - Throws: ``CheckpointError`` where there are none, a shard is missing or damaged, or the index
  ///   and the shards disagree.
  init(folder: URL, tensorNames: TensorNames) throws(CheckpointError) {
    self.folder = folder.path
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

  /// The entry of a tensor that has to be there.
  ///
  /// - Throws: ``CheckpointError`` where there is none of this name.
  func entry(of name: String) throws(CheckpointError) -> Entry {
    guard let entry = entries[name] else {
      throw CheckpointError(
        .missing, file: folder,
        "the weights have no tensor '\(name)' (of \(names.count.grouped) tensors)",
        help: "config.json and the weights belong to different kinds of model")
    }
    return entry
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
    throw CheckpointError(
      .missing, file: folder.path,
      "contains neither \(Self.names.joined(separator: " nor ")) nor an index of either",
      help: "fetch the weights as well; config.json alone only describes the model")
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
