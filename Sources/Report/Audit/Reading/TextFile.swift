import Foundation

/// The bytes of a UTF-8 file with line ends made `\n` and a byte order mark dropped.
struct TextFile {
  let bytes: [UInt8]

  /// Checks and cleans; FT001 names the first byte that is no text.
  init(file: String, bytes: Data) throws(Diagnostic) {
    // A source without front matter is its text; its reader knows all about bytes.
    let first = SourcePosition(file: file, line: 1)
    guard !bytes.isEmpty else {
      self.bytes = []
      return
    }
    guard bytes.count <= 512 << 20 else {
      throw Diagnostic(
        .unreadableFile, at: first, "the file has \(bytes.count >> 20) MB",
        help: "a table of results has far less; was another file meant?")
    }
    self.bytes = try ReportSource.normalizedText(bytes, file: file)
  }

  /// Reads a file, or says why it cannot.
  static func bytes(of url: URL, file: String) throws(Diagnostic) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw ReportSource.unreadable(file, url: url, kind: "CSV")
    }
  }
}
