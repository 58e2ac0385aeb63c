import Formats

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

  /// Whether a path names a file below the folder it is relative to, however it is read.
  static func isInside(_ path: String) -> Bool {
    path.split(atByte: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.equals(bytes: ".") && !part.equals(bytes: "..")
        // What begins with a hyphen is an option to the programs that fetch and unpack.
        && !part.starts(withBytes: "-") && part.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
  }
}
