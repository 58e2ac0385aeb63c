/// Where some of a task's files can be had.
package struct Download: Codable, Hashable, Sendable {
  package enum Source: Codable, Hashable, Sendable {
    /// A file to fetch, with the SHA-256 of its bytes where it is known.
    case address(String, sha256: String?)
    /// Something only a person can do, in words.
    case byHand(String)
  }

  package var source: Source
  /// Whether the address holds a zip archive, whose members ``files`` are.
  package var isArchive: Bool
  /// Paths below the data folder that it provides; those of an archive are its members' names too.
  package var files: [String]

  package init(_ source: Source, isArchive: Bool = false, files: [String]) {
    self.source = source
    self.isArchive = isArchive
    self.files = files
  }
}
