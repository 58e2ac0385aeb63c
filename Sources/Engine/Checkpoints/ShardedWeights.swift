package import Foundation

/// The tensors of a model folder, from one safetensors file or from the shards an index lists.
///
/// Names are offered without the wrapper's prefix: `model.decoder.`, `transformer.`, `decoder.` or
/// `model.` may or may not be in the files, depending on which class saved them. Look-ups accept a
/// name with or without such a prefix.
package struct ShardedWeights: Sendable {
  /// Files that hold tensors, in the order of their names.
  package let shards: [SafetensorsFile]
  /// Names of all tensors without prefix, sorted.
  package let names: [String]

  private struct Location: Sendable {
    let shard: Int
    let storedName: String
  }
  private let locations: [String: Location]
  private let folder: String

  /// Longest first, so that `model.decoder.` is not taken for `model.`.
  private static let prefixes = ["model.decoder.", "transformer.", "decoder.", "model."]

  /// Opens the weights of a folder and checks every header.
  ///
  /// - Throws: ``CheckpointError`` where there are none, a shard is missing or damaged, or the index
  ///   and the shards disagree.
  package init(folder: URL) throws(CheckpointError) {
    self.folder = folder.path
    let (urls, index) = try Self.files(in: folder)
    var shards: [SafetensorsFile] = []
    var locations: [String: Location] = [:]
    for (number, url) in urls.enumerated() {
      let shard = try SafetensorsFile(url)
      for tensor in shard.tensors {
        let location = Location(shard: number, storedName: tensor.name)
        if let other = locations.updateValue(location, forKey: Self.canonical(tensor.name)) {
          throw CheckpointError(
            .corrupt, file: url.path,
            "tensor '\(tensor.name)' is there a second time, as '\(other.storedName)' in"
              + " \(urls[other.shard].lastPathComponent)")
        }
      }
      shards.append(shard)
    }
    for (name, file) in index {
      guard let location = locations[Self.canonical(name)],
        urls[location.shard].lastPathComponent == file
      else {
        throw CheckpointError(
          .corrupt, file: folder.appendingPathComponent(Self.indexName).path,
          "tensor '\(name)' is said to be in \(file), which does not hold it",
          help: "index and shards come from different versions of the model; fetch all again")
      }
    }
    self.shards = shards
    self.locations = locations
    names = locations.keys.sorted()
  }

  /// Whether there is a tensor of this name, with or without prefix.
  package func contains(_ name: String) -> Bool { locations[Self.canonical(name)] != nil }

  /// The shape of a tensor, or nil where there is none of this name.
  package func shape(of name: String) -> [Int]? {
    guard let location = locations[Self.canonical(name)] else { return nil }
    return shards[location.shard][location.storedName]?.shape
  }

  /// The shape of a tensor that has to be there.
  ///
  /// - Throws: ``CheckpointError`` where there is none of this name.
  package func shapeOrThrow(of name: String) throws(CheckpointError) -> [Int] {
    let (shard, stored) = try locate(name)
    return shard[stored]?.shape ?? []
  }

  /// Reads a tensor row-major; see ``SafetensorsFile/read(_:shape:into:rejectingNonFinite:)``.
  package func read(
    _ name: String, shape: [Int]? = nil, into target: UnsafeMutableBufferPointer<Float>,
    rejectingNonFinite: Bool = false
  ) throws(CheckpointError) {
    let (shard, stored) = try locate(name)
    try shard.read(stored, shape: shape, into: target, rejectingNonFinite: rejectingNonFinite)
  }

  /// Reads a matrix transposed; `shape` is the one in the file.
  ///
  /// See ``SafetensorsFile/readTransposed(_:shape:into:rejectingNonFinite:)``.
  package func readTransposed(
    _ name: String, shape: [Int]? = nil, into target: UnsafeMutableBufferPointer<Float>,
    rejectingNonFinite: Bool = false
  ) throws(CheckpointError) {
    let (shard, stored) = try locate(name)
    try shard.readTransposed(
      stored, shape: shape, into: target, rejectingNonFinite: rejectingNonFinite)
  }

  /// The name without the wrapper's prefix.
  package static func canonical(_ name: String) -> String {
    guard let prefix = prefixes.first(where: { name.hasPrefix($0) }) else { return name }
    return String(name.dropFirst(prefix.count))
  }
}

extension ShardedWeights {
  static let singleName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"

  private func locate(_ name: String) throws(CheckpointError) -> (SafetensorsFile, String) {
    guard let location = locations[Self.canonical(name)] else {
      throw CheckpointError(
        .missing, file: folder,
        "the weights have no tensor '\(name)' (of \(names.count.grouped) tensors)",
        help: "config.json and the weights do not belong to the same kind of model")
    }
    return (shards[location.shard], location.storedName)
  }

  /// The weight files in the order of their names, and the index's claims, sorted by tensor.
  private static func files(
    in folder: URL
  ) throws(CheckpointError) -> (urls: [URL], index: [(name: String, file: String)]) {
    let single = folder.appendingPathComponent(singleName)
    if isFile(single) { return ([single], []) }
    let index = folder.appendingPathComponent(indexName)
    guard isFile(index) else {
      let hasPickle = isFile(folder.appendingPathComponent("pytorch_model.bin"))
      throw CheckpointError(
        .missing, file: folder.path, "holds neither \(singleName) nor \(indexName)",
        help: hasPickle
          ? "pytorch_model.bin is not read; save the model with safe_serialization=True"
          : "fetch the weights as well; config.json alone only describes the model")
    }
    let map = try JSONParser.parse(contentsOf: index).object?["weight_map"]?.object
    guard let map, !map.members.isEmpty else {
      throw CheckpointError(.corrupt, file: index.path, "has no 'weight_map'")
    }
    var claims: [(name: String, file: String)] = []
    for member in map.members {
      // A plain name: an index must not lead out of its folder.
      guard let file = member.value.string, !file.isEmpty, !file.contains("/"), file != ".." else {
        throw CheckpointError(
          .corrupt, file: index.path,
          "tensor '\(member.key)' is in \(member.value.summary), which is no file name")
      }
      claims.append((member.key, file))
    }
    let urls = Set(claims.map(\.file)).sorted().map { folder.appendingPathComponent($0) }
    return (urls, claims)
  }
}
