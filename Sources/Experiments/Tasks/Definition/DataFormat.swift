/// How the rows of a data file are written.
package enum DataFormat: String, Codable, Hashable, Sendable, CaseIterable {
  /// One row a line, cells separated by TAB, nothing quoted: the format of GLUE.
  case tsv
  /// Cells separated by commas; one that holds a comma, a quote or a line end stands in double
  /// quotes, in which a quote is written twice (RFC 4180).
  case csv
  /// One JSON object a line, whose members are the cells.
  case jsonl

  /// The format that a file's extension stands for; nil for one that stands for none.
  package init?(pathExtension: String) {
    switch pathExtension.lowercased() {
    case "tsv", "tab", "txt": self = .tsv
    case "csv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }
}
