package import Foundation

/// A UTF-8 text that people write, with LF between lines and without a byte order mark.
///
/// Lines and columns thus mean the same to every parser and to an editor, whatever saved the file.
package struct TextFile: Hashable, Sendable {
  /// What a file holds, which decides what messages call it and how large it may be.
  package enum Kind: Sendable {
    case source, task, recipe, parameters, table

    fileprivate var noun: String {
      switch self {
      case .source: "source"
      case .task: "task file"
      case .recipe: "recipe"
      case .parameters: "parameters file"
      case .table: "table"
      }
    }

    /// What a file in a folder is called.
    fileprivate var neighbour: String {
      switch self {
      case .source: "Markdown"
      case .task: "task"
      case .recipe: "recipe"
      case .parameters: "parameters"
      case .table: "CSV"
      }
    }

    fileprivate var smallerHelp: String {
      switch self {
      case .source: "give the path of a Markdown file"
      case .task, .recipe, .parameters: "give the path of a YAML file"
      case .table: "remove columns that are not scores, or audit it in parts"
      }
    }
  }

  /// The path as diagnostics print it.
  package let file: String
  package let bytes: [UInt8]

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Larger files are data given by mistake, not text that someone wrote.
  private static let sizeLimitInBytes = 32 << 20

  /// Checks and cleans bytes.
  ///
  /// - Parameters:
  ///   - file: The path that diagnostics print.
  ///   - bytes: The file's content.
  ///   - kind: What the file should hold.
  /// - Throws: ``Diagnostic`` FT001 at the first byte that is not UTF-8 or is NUL, or for more than
  ///   32 MB.
  package init(file: String, bytes: Data, kind: Kind) throws(Diagnostic) {
    guard bytes.count <= Self.sizeLimitInBytes else {
      throw Diagnostic(
        .unreadableFile, at: SourcePosition(file: file, line: 1),
        "the file has \(bytes.count >> 20) MB; a \(kind.noun) can have at most "
          + "\(Self.sizeLimitInBytes >> 20)", help: kind.smallerHelp)
    }
    self.file = file
    self.bytes = try Self.normalized(bytes, file: file)
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - file: The path that diagnostics print.
  ///   - kind: What the file should hold.
  /// - Throws: ``Diagnostic`` FT001 if it cannot be read or is no text.
  package init(contentsOf url: URL, file: String, kind: Kind) throws(Diagnostic) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url)
    } catch {
      throw Self.unreadable(file, url: url, kind: kind)
    }
    try self.init(file: file, bytes: bytes, kind: kind)
  }
}

extension TextFile {
  private static func normalized(_ bytes: Data, file: String) throws(Diagnostic) -> [UInt8] {
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

  private static func unreadable(_ file: String, url: URL, kind: Kind) -> Diagnostic {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    let reason: String
    let help: String
    if !exists {
      (reason, help) = ("there is no such file", "check the path")
    } else if isFolder.boolValue {
      (reason, help) = ("this is a folder", "name a \(kind.neighbour) file in it")
    } else {
      (reason, help) = ("the file cannot be read", "check its permissions")
    }
    return Diagnostic(
      .unreadableFile, at: SourcePosition(file: file, line: 1), reason, help: help)
  }
}
