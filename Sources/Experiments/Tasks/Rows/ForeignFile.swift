import Formats

/// Files that are no text in UTF-8, named by their first bytes with the way to read them.
enum ForeignFile {
  /// - Throws: ``TaskError`` that says what the file is and which command makes a table of it.
  static func refuse(_ bytes: UnsafeRawBufferPointer) throws(TaskError) {
    for kind in kinds where bytes.starts(with: kind.magic) {
      throw TaskError(.malformedRow("the file is \(kind.name), no table", help: kind.help), line: 1)
    }
    guard let place = bytes.prefix(512).firstIndex(of: 0) else { return }
    // Latin letters in UTF-16 have a zero byte each, on the side that the byte order says.
    let order = place.isMultiple(of: 2) ? "UTF-16BE" : "UTF-16LE"
    throw TaskError(
      .malformedRow("the file is not UTF-8: it has zero bytes", help: converted(from: order)),
      line: 1)
  }

  private struct Kind {
    let magic: [UInt8]
    let name: String
    let help: String

    init(_ magic: [UInt8], _ name: String, help: String) {
      self.magic = magic
      self.name = name
      self.help = help
    }
  }

  private static let kinds = [
    Kind([0xFF, 0xFE, 0, 0], "text in UTF-32", help: converted(from: "UTF-32")),
    Kind([0xFF, 0xFE], "text in UTF-16", help: converted(from: "UTF-16")),
    Kind([0xFE, 0xFF], "text in UTF-16", help: converted(from: "UTF-16")),
    Kind([0x1F, 0x8B], "compressed with gzip twice", help: "unpack it: gunzip -k FILE.gz"),
    Kind([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", help: "unpack it: zstd -d FILE.zst"),
    Kind(Array("BZh".utf8), "compressed with bzip2", help: "unpack it: bunzip2 -k FILE.bz2"),
    Kind([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", help: "unpack it: unxz -k FILE.xz"),
    Kind(
      Array("PK\u{3}\u{4}".utf8), "an .xlsx workbook or a zip archive in another",
      help: "save the sheet as CSV in UTF-8, or unpack the archive"),
    Kind([0xD0, 0xCF, 0x11, 0xE0], "an .xls workbook", help: "save the sheet as CSV in UTF-8"),
    Kind(Array("SQLite format 3".utf8), "an SQLite database", help: "export the table as CSV"),
    Kind(
      Array("version https://git-lfs".utf8), "a git-lfs pointer instead of the data",
      help: "run 'git lfs pull' in the repository it comes from"),
  ]

  private static func converted(from encoding: String) -> String {
    "convert it: iconv -f \(encoding) -t UTF-8 FILE > NEW"
  }
}
