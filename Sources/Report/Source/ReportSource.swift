package import Foundation

/// A study as its author wrote it: one UTF-8 text, split into front matter and Markdown.
///
/// Line ends are `\n` whatever the file had, so that line and column mean the same to the Markdown
/// parser, to the YAML parser and to an editor. A byte order mark is dropped.
package struct ReportSource: Hashable, Sendable {
  /// The path as diagnostics print it.
  package let file: String
  /// The whole text, front matter included.
  package let text: String
  package let frontMatter: FrontMatterText?
  /// The line, counted from 1, on which the Markdown begins.
  package let bodyLine: Int
  /// The Markdown, without the front matter.
  package let body: String

  /// Larger files are refused: they are data given by mistake, not prose.
  private static let sizeLimitInBytes = 32 << 20

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - file: The path that diagnostics print; the path of `url` by default.
  /// - Throws: ``Diagnostic`` FT001 if it cannot be read or is not UTF-8 text, FT002 if its front
  ///   matter never ends.
  package init(contentsOf url: URL, file: String? = nil) throws(Diagnostic) {
    let name = file ?? url.relativePath
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url)
    } catch {
      throw Self.unreadable(name, url: url)
    }
    try self.init(file: name, bytes: bytes)
  }

  /// Takes a text that is already in memory.
  ///
  /// - Parameters:
  ///   - file: The path that diagnostics print.
  ///   - text: The whole source.
  /// - Throws: ``Diagnostic`` FT001 if it holds a NUL, FT002 if its front matter never ends.
  package init(file: String, text: String) throws(Diagnostic) {
    try self.init(file: file, bytes: Data(text.utf8))
  }

  /// Checks and splits the bytes of a source.
  ///
  /// - Parameters:
  ///   - file: The path that diagnostics print.
  ///   - bytes: The file's content.
  /// - Throws: ``Diagnostic`` FT001 or FT002.
  package init(file: String, bytes: Data) throws(Diagnostic) {
    let normal = try Self.normalized(bytes, file: file)
    self.file = file
    text = String(decoding: normal, as: UTF8.self)
    let lines = normal.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first, Self.isFence(first, "---") else {
      (frontMatter, bodyLine, body) = (nil, 1, text)
      return
    }
    guard
      let last = lines.indices.dropFirst().first(where: {
        Self.isFence(lines[$0], "---") || Self.isFence(lines[$0], "...")
      })
    else {
      throw Diagnostic(
        .malformedFrontMatter, at: SourcePosition(file: file, line: 1),
        "the front matter that opens here never ends",
        help: "close it with a line of three hyphens; a rule at the top is written ***")
    }
    let yaml = lines[1..<last].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    frontMatter = FrontMatterText(yaml: yaml, position: SourcePosition(file: file, line: 2))
    bodyLine = last + 2
    body = lines[(last + 1)...].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }
}

extension ReportSource {
  /// The text of any file that people write, with line ends as here.
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - file: The path that diagnostics print.
  /// - Returns: The text, with LF between lines and without a byte-order mark.
  /// - Throws: ``Diagnostic`` FT001 if it cannot be read or is not UTF-8 text.
  static func text(of url: URL, file: String) throws(Diagnostic) -> String {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url)
    } catch {
      throw unreadable(file, url: url)
    }
    return String(decoding: try normalized(bytes, file: file), as: UTF8.self)
  }

  /// The bytes without a byte-order mark and with LF between lines, once they are known to be text.
  static func normalized(_ bytes: Data, file: String) throws(Diagnostic) -> [UInt8] {
    guard bytes.count <= sizeLimitInBytes else {
      throw Diagnostic(
        .unreadableFile, at: SourcePosition(file: file, line: 1),
        "the file has \(bytes.count >> 20) MB; a source is at most \(sizeLimitInBytes >> 20)",
        help: "give the path of a Markdown file")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    if let offset = firstInvalidByte(in: content) {
      throw notText(file: file, content: content, offset: offset)
    }
    // A Character can hold "\r\n" as one, so line ends are replaced byte by byte.
    var normal: [UInt8] = []
    normal.reserveCapacity(content.count)
    for (index, byte) in zip(content.indices, content) {
      if byte != UInt8(ascii: "\r") {
        normal.append(byte)
      } else if index + 1 == content.endIndex || content[index + 1] != UInt8(ascii: "\n") {
        normal.append(UInt8(ascii: "\n"))
      }
    }
    return normal
  }

  private static func isFence(_ line: ArraySlice<UInt8>, _ fence: String) -> Bool {
    line.starts(with: fence.utf8)
      && line.dropFirst(3).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// Offset of the first byte that is not UTF-8 text; a NUL counts, as no prose holds one.
  private static func firstInvalidByte(in bytes: Data) -> Int? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        if scalar.elementsEqual(CollectionOfOne(0)) { return offset }
        offset += scalar.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }

  private static func notText(file: String, content: Data, offset: Int) -> Diagnostic {
    let before = content.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
    let byte = content[content.startIndex + offset]
    let shown = String(byte, radix: 16, uppercase: true)
    return Diagnostic(
      .unreadableFile,
      at: SourcePosition(file: file, line: line, column: before.endIndex - lineStart + 1),
      "byte 0x\(byte < 16 ? "0" : "")\(shown) is not UTF-8 text",
      help: "save the file as UTF-8")
  }

  /// Says why a file of a kind could not be read.
  static func unreadable(_ name: String, url: URL, kind: String = "Markdown") -> Diagnostic {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    let reason: String
    let help: String
    if !exists {
      (reason, help) = ("there is no such file", "check the path")
    } else if isFolder.boolValue {
      (reason, help) = ("this is a folder", "name a \(kind) file in it")
    } else {
      (reason, help) = ("the file cannot be read", "check its permissions")
    }
    return Diagnostic(
      .unreadableFile, at: SourcePosition(file: name, line: 1), reason, help: help)
  }
}
