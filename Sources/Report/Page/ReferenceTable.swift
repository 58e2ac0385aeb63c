/// What every label of a report leads to, numbered in the order of the document.
struct ReferenceTable: Sendable {
  /// Where a block stands and what it is called.
  struct Entry: Hashable, Sendable {
    /// The block's label as its header gives it, or a heading's id.
    let label: String
    /// The id on the page, which references name: always begins with the kind's prefix.
    let anchor: String
    /// Counted from 1 within its kind; nil for what is called by name.
    let number: Int?
    /// "Figure 3".
    let text: String
  }

  /// In the order of the document, headings first.
  let entries: [Entry]
  private let byAnchor: [String: Entry]
  private let byLabel: [String: Entry]

  init(_ document: Document) {
    var entries = document.headings.map { heading in
      Entry(
        label: heading.id, anchor: heading.id, number: nil,
        text: "“\(heading.content.map(\.plainText).joined())”")
    }
    var counts: [String: Int] = [:]
    for block in document.embeddedBlocks {
      guard let label = block.label, let kind = Self.kinds[block.kind] else { continue }
      counts[block.kind, default: 0] += 1
      let number = kind.name.map { _ in counts[block.kind, default: 0] }
      entries.append(
        Entry(
          label: label, anchor: label.hasPrefix(kind.prefix) ? label : kind.prefix + label,
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

  /// Experiments are called by their labels, all else by number.
  private static let kinds: [String: (prefix: String, name: String?)] = [
    ChartBlock.kind: ("fig-", "Figure"), TableBlock.kind: ("tbl-", "Table"),
    ClaimBlock.kind: ("clm-", "Claim"), ExperimentBlock.kind: ("exp-", nil),
    CompareBlock.kind: ("cmp-", "Comparison"), PublishedBlock.kind: ("ref-", "Reference"),
    RecommendBlock.kind: ("rec-", "Recommendation"),
  ]
}
