import Foundation

/// The bytes of a UTF-8 file with line ends made `\n` and a byte order mark dropped.
struct TextFile {
  let bytes: [UInt8]

  /// Checks and cleans; FT001 names the first byte that is no text.
  init(file: String, bytes: Data) throws(Diagnostic) {
    guard bytes.count <= Self.sizeLimitInBytes else {
      throw Diagnostic(
        .unreadableFile, at: SourcePosition(file: file, line: 1),
        "the file has \(bytes.count >> 20) MB; a table is at most \(Self.sizeLimitInBytes >> 20)",
        help: "leave out what is no score, or audit parts of it")
    }
    self.bytes = try ReportSource.normalized(bytes, file: file)
  }

  private static let sizeLimitInBytes = 32 << 20

  /// Reads a file, or says why it cannot.
  static func bytes(of url: URL, file: String) throws(Diagnostic) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw ReportSource.unreadable(file, url: url, kind: "CSV")
    }
  }
}
