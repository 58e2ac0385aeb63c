/// How blocks of a kind are referred to.
struct ReferenceStyle: Hashable, Sendable {
  /// What labels begin with, as ``SourceLabel/referencePrefixes`` has it: `fig`.
  let prefix: String
  /// What comes before the number: "Figure"; nil for a kind that is called by its label.
  let name: String?

  /// The prefix with the hyphen after it.
  var start: String { "\(prefix)-" }

  init(_ prefix: String, _ name: String?) {
    (self.prefix, self.name) = (prefix, name)
  }
}

/// What every label of a report leads to, numbered in the order of the document.
struct ReferenceTable: Sendable {
  /// A block's position and name.
  struct Entry: Hashable, Sendable {
    /// The block's label as its header gives it, or a heading's id.
    let label: String
    /// The id on the page, which references name: always begins with the kind's prefix.
    let anchor: String
    /// Counted from 1 within its kind; nil if it is referred to by name.
    let number: Int?
    /// "Figure 3".
    let text: String
  }

  /// In the order of the document, headings first.
  let entries: [Entry]
  private let byAnchor: [String: Entry]
  private let byLabel: [String: Entry]

  /// Numbers what a document labels.
  ///
  /// - Parameters:
  ///   - document: With its blocks and headings.
  ///   - styles: How each kind of block is referred to; blocks of other kinds have no entry.
  init(_ document: Document, styles: [String: ReferenceStyle]) {
    var entries = document.headings.map { heading in
      Entry(
        label: heading.id, anchor: heading.id, number: nil,
        text: "“\(heading.content.map(\.plainText).joined())”")
    }
    var counts: [String: Int] = [:]
    for block in document.embeddedBlocks {
      guard let label = block.label, let kind = styles[block.kind] else { continue }
      counts[block.kind, default: 0] += 1
      let number = kind.name.map { _ in counts[block.kind, default: 0] }
      entries.append(
        Entry(
          label: label, anchor: label.hasPrefix(kind.start) ? label : kind.start + label,
          number: number,
          text: number.map { "\(kind.name ?? "") \($0)" } ?? "experiment \(label)"))
    }
    self.entries = entries
    byAnchor = Dictionary(entries.map { ($0.anchor, $0) }) { first, _ in first }
    byLabel = Dictionary(
      entries.filter { !$0.anchor.hasPrefix("sec-") }.map { ($0.label, $0) }
    ) { first, _ in first }
  }

  /// What a reference leads to: `@fig-acc`, or `@exp-lowres` for the experiment `lowres`.
  func entry(forReference label: String) -> Entry? { byAnchor[label] }

  /// The entry of an embedded block.
  func entry(ofBlock label: String) -> Entry? { byLabel[label] }
}
