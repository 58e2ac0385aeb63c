package import Formats

/// The brace info string of a fenced block: `{chart #fig-accuracy}`.
struct BlockHeader {
  /// What is wrong with a header: where, as an offset into the source, and how to write it.
  struct Failure: Error {
    let offset: Int
    let message: String
    let help: String
  }

  let kind: String
  let label: String?
  /// Offset of the kind's first byte in the source.
  let kindOffset: Int
  /// Offset of the label's `#`.
  let labelOffset: Int?

  /// Reads a header.
  ///
  /// - Parameter info: The rest of the fence's line, from the brace on, trimmed; its indices are
  ///   offsets into the source.
  /// - Throws: ``Failure`` with the offset of the first byte that does not fit.
  init(parsing info: ArraySlice<UInt8>) throws(Failure) {
    let start = info.startIndex
    guard let close = info.firstIndex(of: UInt8(ascii: "}")) else {
      throw Failure(
        offset: start, message: "the block header has no closing brace",
        help: "write it as ```{chart #fig-name}")
    }
    if close + 1 < info.endIndex {
      throw Failure(
        offset: close + 1,
        message: "'\(Self.string(info[(close + 1)...]))' follows the block header",
        help: "remove the text after the closing brace")
    }
    let words = info[(start + 1)..<close].split { $0 == UInt8(ascii: " ") || $0 == 9 }
    guard let first = words.first, first.first != UInt8(ascii: "#") else {
      throw Failure(
        offset: words.first?.startIndex ?? close, message: "the block header names no kind",
        help: "write the kind before the label, as in ```{chart #fig-name}")
    }
    guard first.allSatisfy(Self.isKindByte) else {
      throw Failure(
        offset: first.startIndex, message: "'\(Self.string(first))' is not a kind of block",
        help: "a kind is written in lower-case letters and hyphens; plain code needs no braces")
    }
    (kind, kindOffset) = (Self.string(first), first.startIndex)
    (label, labelOffset) = try Self.label(in: words.dropFirst())
  }

  private static func label(
    in words: ArraySlice<ArraySlice<UInt8>>
  ) throws(Failure) -> (String?, Int?) {
    guard let word = words.first else { return (nil, nil) }
    guard word.first == UInt8(ascii: "#") else {
      throw Failure(
        offset: word.startIndex, message: "'\(string(word))' in a block header is not a label",
        help: word.contains(UInt8(ascii: "=")) || word.last == UInt8(ascii: ":")
          ? "options go into the body, one 'key: value' per line"
          : "a label starts with '#', as in #\(string(word))")
    }
    guard SourceLabel.isLabel(word.dropFirst()) else {
      throw Failure(
        offset: word.startIndex, message: "'\(string(word))' is not a label",
        help: "after '#' come ASCII letters and digits, joined by single '-' or '_'")
    }
    if let extra = words.dropFirst().first {
      throw Failure(
        offset: extra.startIndex, message: "'\(string(extra))' follows the label",
        help: "a block has one label; options go into the body, one 'key: value' per line")
    }
    return (string(word.dropFirst()), word.startIndex)
  }

  private static func isKindByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

/// A fenced block such as ```` ```{chart #fig-acc} ````: its kind, label and still unread YAML body.
package struct EmbeddedBlock: Hashable, Sendable {
  /// The word after the brace: `experiment`, `chart`, `table`, `claim`.
  package var kind: String
  /// The label after `#`, without it.
  package var label: String?
  package var yaml: String
  /// The opening fence.
  package var position: SourcePosition
  /// The first byte of the body; YAML line `i` (from 1) is at `bodyPosition.line + i - 1`.
  var bodyPosition: SourcePosition

  package init(
    kind: String, label: String?, yaml: String, position: SourcePosition,
    bodyPosition: SourcePosition
  ) {
    self.kind = kind
    self.label = label
    self.yaml = yaml
    self.position = position
    self.bodyPosition = bodyPosition
  }
}
