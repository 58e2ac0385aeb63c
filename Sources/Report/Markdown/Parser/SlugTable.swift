import Formats

/// Gives every heading an id that no other heading or label has.
struct SlugTable {
  /// Ids that authors wrote, wherever they stand, and ids given so far.
  private var taken: Set<String>

  /// Reserves every `#sec-…` of the source, so that a made id never takes a written one.
  init(reservingLabelsIn text: SourceLines) {
    taken = []
    let mark = Array("#sec-".utf8)
    for start in text.bytes.indices where text.bytes[start] == mark[0] {
      guard text.bytes[start...].starts(with: mark) else { continue }
      let label = SourceLabel.prefix(of: text.bytes[(start + 1)...])
      taken.insert(String(decoding: label, as: UTF8.self))
    }
  }

  /// Makes an id from a heading's text: `sec-` and its letters and digits, joined by hyphens.
  mutating func id(for heading: String) -> String {
    let words = heading.lowercased().split {
      !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’"
    }
    .map { $0.filter { $0.isLetter || $0.isNumber } }
    .filter { !$0.isEmpty }
    let base = (["sec"] + (words.isEmpty ? ["section"] : words)).joined(separator: "-")
    var id = base
    var count = 1
    while !taken.insert(id).inserted {
      count += 1
      id = "\(base)-\(count)"
    }
    return id
  }
}
