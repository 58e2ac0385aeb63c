import Formats
package import Foundation

/// The digests of files as they were when they were fetched: `SHA256SUMS` in the data folder.
///
/// Lines are those of `sha256sum`, so `sha256sum --check SHA256SUMS` reads them too.
package struct ChecksumRecord {
  package static let name = "SHA256SUMS"

  private let file: URL
  private var digests: [String: String] = [:]

  /// Reads the record of a folder; one without it has an empty one.
  package init(of folder: URL) {
    file = folder.appendingPathComponent(Self.name)
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    for line in text.split(atByte: "\n") {
      let line = line.ends(withBytes: "\r") ? line.dropping(lastBytes: 1) : line
      let parts = line.split(atByte: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].utf8.count == 64 else { continue }
      let path = parts[1].utf8.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "*") }
      digests[String(Substring(path))] = parts[0].lowercasedASCII
    }
  }

  /// The digest a path below the folder had.
  package subscript(path: String) -> String? { digests[path] }

  /// Writes down a digest.
  ///
  /// - Throws: When the record cannot be written.
  mutating func add(_ digest: String, of path: String) throws {
    digests[path] = digest
    let lines = digests.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
    try Data(lines.joined().utf8).write(to: file, options: .atomic)
  }
}
