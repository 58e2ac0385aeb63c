/// Guesses which known word a misspelt one means.
package enum Suggestion {
  /// The candidate closest to `word`, if it is close enough to be a slip of the keys.
  ///
  /// Distance counts insertions, deletions, substitutions and swaps of neighbours (Damerau 1964,
  /// the restricted form); about a third of the longer word's letters, and at least one, may
  /// differ. Earlier candidates win ties. Failing that, the only candidate that begins with `word`.
  package static func closest(to word: String, in candidates: [String]) -> String? {
    let word = Array(word.lowercased().utf8.prefix(64))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().utf8.prefix(64))
      let distance = distance(word, letters)
      guard distance <= max(1, (max(word.count, letters.count) + 1) / 3) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    if let best { return best.candidate }
    let longer = word.isEmpty ? [] : candidates.filter { $0.lowercased().utf8.starts(with: word) }
    return longer.count == 1 ? longer.first : nil
  }

  /// "did you mean 'x'?", or else the list of known words.
  package static func help(for word: String, among candidates: [String], called what: String)
    -> String
  {
    if let guess = closest(to: word, in: candidates) { return "did you mean '\(guess)'?" }
    return candidates.isEmpty
      ? "there are no \(what)" : "\(what): \(candidates.joined(separator: ", "))"
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in b.indices {
        row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
