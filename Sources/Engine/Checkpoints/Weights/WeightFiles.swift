import Foundation

/// Which files of a folder hold its weights.
struct WeightFiles {
  /// In the order of their names.
  let urls: [URL]
  /// The index that lists them, where there is one.
  let index: URL?
  /// What the index says each tensor is in, in its order.
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
      "holds neither \(Self.names.joined(separator: " nor ")) nor an index of either",
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
      // A plain name: an index must not lead out of its folder.
      guard let file = member.value.string, !file.isEmpty, !file.contains("/"), file != ".." else {
        throw CheckpointError(
          .corrupt, file: index.path,
          "tensor '\(member.key)' is in \(member.value.summary), which is no file name")
      }
      claims.append((member.key, file))
    }
    return claims
  }
}
