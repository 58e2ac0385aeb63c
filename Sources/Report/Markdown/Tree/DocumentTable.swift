/// A table written with pipes; each row has as many cells as there are alignments.
package struct DocumentTable: Hashable, Sendable {
  package enum Alignment: String, Hashable, Sendable {
    case automatic
    case left
    case center
    case right
  }

  package var alignments: [Alignment]
  package var header: [[DocumentInline]]
  package var rows: [[[DocumentInline]]]
}
