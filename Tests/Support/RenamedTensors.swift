package import Foundation

/// Files of tensors that are put together from two.
package enum RenamedTensors {
  /// A safetensors file in which some tensors have names that no model reads, so that another file can
  /// hold tensors of theirs.
  ///
  /// - Parameters:
  ///   - other: A safetensors file with the names to give up.
  ///   - url: The file, which is replaced.
  /// - Throws: An error of reading or writing.
  package static func giveUp(namesOf other: URL, in url: URL) throws {
    let names = try header(of: Data(contentsOf: other)).keys.filter { $0 != "__metadata__" }
    var data = try Data(contentsOf: url)
    let end = 8 + length(of: data)
    for name in names {
      guard let place = data.range(of: Data("\"\(name)\":".utf8), in: 8..<end) else { continue }
      data[place.lowerBound + 1] = UInt8(ascii: "~")
    }
    try data.write(to: url)
  }

  private static func length(of data: Data) -> Int {
    data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func header(of data: Data) throws -> [String: Any] {
    let bytes = data.dropFirst(8).prefix(length(of: data))
    return try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
  }
}
