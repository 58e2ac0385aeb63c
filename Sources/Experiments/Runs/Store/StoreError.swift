/// What is wrong with the results database, and what to do about it.
package struct StoreError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The file is no database, or is damaged.
    case corrupt(String)
    /// A later program wrote it.
    case newerVersion(found: Int, supported: Int)
    /// A database, but not one of results.
    case foreign
    /// Another process locked it for longer than the store waits.
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
    case .busy: "another process has locked the results database"
    case .unusable(let detail): "the results database cannot be used: \(detail)"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .corrupt:
      "restore a copy, or move the file away together with its -wal and -shm files: "
        + "the next build then runs the cells again"
    case .newerVersion: "use the newer program, or move the file away to start a new one"
    case .foreign: "name another place for results"
    case .busy: "wait for the other build to end, or stop it"
    case .unusable: "check the folder's permissions and the free disk space"
    }
  }
}

/// Something in the database that is not as it was written, or that only a later program can read.
///
/// It counts as missing: a result is made again when it is needed, a file is read again.
package enum StoreDamage: Hashable, Sendable {
  /// The result of the cell with this key.
  case result(key: String)
  /// A result of a later program.
  case newerResult(key: String)
  /// What was known of the file at this path.
  case fingerprint(path: String)

  /// What was found, in one line for each kind.
  package static func lines(_ damage: some Sequence<StoreDamage>) -> [String] {
    var (results, newer, files): ([String], [String], [String]) = ([], [], [])
    for found in damage {
      switch found {
      case .result(let key): results.append(String(key.prefix(8)))
      case .newerResult(let key): newer.append(String(key.prefix(8)))
      case .fingerprint(let path): files.append(path)
      }
    }
    return [
      line(results, "stored result", "damaged and counts as missing"),
      line(newer, "stored result", "from a newer version of ftreport and counts as missing"),
      line(files, "stored file digest", "damaged; the file was read again"),
    ].compactMap(\.self)
  }

  private static func line(_ names: [String], _ noun: String, _ state: String) -> String? {
    guard let first = names.min() else { return nil }
    let others = names.count - 1
    return "the \(noun) of \(first) is \(state)"
      + (others > 0 ? "; so are \(others) more" : "")
  }
}
