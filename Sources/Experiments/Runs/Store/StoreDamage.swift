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
