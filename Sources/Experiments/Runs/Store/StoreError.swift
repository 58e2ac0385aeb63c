/// What is wrong with the results database, and what to do about it.
package struct StoreError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The file is no database, or is damaged.
    case corrupt(String)
    /// A later program wrote it.
    case newerVersion(found: Int, supported: Int)
    /// A database, but not one of results.
    case foreign
    /// Another process held it for longer than the store waits.
    case busy
    /// Disk full, no permission, and the like.
    case unusable(String)
  }

  package let reason: Reason
  package let path: String

  package init(_ reason: Reason, path: String) {
    self.reason = reason
    self.path = path
  }
}

extension StoreError: CustomStringConvertible {
  /// `file: error: what` and a line of help.
  package var description: String { "\(path): error: \(message)\n  help: \(help)" }

  /// What is wrong, without place and help.
  package var message: String {
    switch reason {
    case .corrupt(let detail): "the results database is damaged: \(detail)"
    case .newerVersion(let found, let supported):
      "the results database has version \(found), this program knows up to \(supported)"
    case .foreign: "the file is a database, but not one of results"
    case .busy: "another process has kept the results database locked"
    case .unusable(let detail): "the results database cannot be used: \(detail)"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .corrupt:
      "restore a copy, or move the file away together with its -wal and -shm files: "
        + "cells are then run again"
    case .newerVersion: "use the newer program, or move the file away to start a new one"
    case .foreign: "name another place for results"
    case .busy: "wait for the other build to end, or stop it"
    case .unusable: "check the folder's permissions and the space left on the disk"
    }
  }
}
