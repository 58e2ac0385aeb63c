package import Foundation

/// The table of contents of a zip archive.
///
/// As PKWARE's APPNOTE 6.3 lays it out, with the 64-bit records (§4.3.14 and §4.5.3) that archives
/// of more than 4 GB need.
package struct ZipDirectory {
  /// One file of the archive.
  package struct Member: Hashable, Sendable {
    package let name: String
    /// How its bytes are packed: 0 for not at all, 8 for deflate.
    package let method: Int
    package let isEncrypted: Bool
    /// CRC-32 of the unpacked bytes.
    package let checksum: UInt32
    /// Bytes of the unpacked file, as the archive claims.
    package let size: Int
    /// Where the packed bytes lie in the archive.
    package let range: Range<Int>
  }

  /// In the order of the directory; names are distinct.
  package let members: [Member]

  private static let endSize = 22
  /// A longer directory is rejected; a model's has a hundred bytes per tensor.
  private static let maximumLength = 100_000_000

  /// Reads and checks the directory of the archive at `url`.
  package init(at url: URL) throws(CheckpointError) {
    try self.init(of: FileBytes(url))
  }

  /// Reads and checks the directory of `file`.
  init(of file: FileBytes) throws(CheckpointError) {
    let (start, length) = try Self.directory(in: file)
    var cursor = ByteCursor(try file.bytes(at: start, count: length))
    var members: [Member] = []
    var names: Set<String> = []
    while cursor.position < length {
      guard let member = try Self.member(&cursor, file) else {
        throw Self.corrupt(file, "the archive's directory is damaged")
      }
      guard names.insert(member.name).inserted else {
        throw Self.corrupt(file, "the archive contains '\(member.name)' twice")
      }
      members.append(member)
    }
    self.members = members
  }

  /// Where the central directory lies, from the record at the archive's end.
  private static func directory(
    in file: FileBytes
  ) throws(CheckpointError) -> (start: Int, length: Int) {
    let tailStart = max(0, file.count - endSize - 0xFFFF)  // a comment may follow the record
    let tail = try file.bytes(at: tailStart, count: file.count - tailStart)
    let signature: [UInt8] = [0x50, 0x4B, 5, 6]
    let last = max(0, tail.count - endSize)
    guard
      tail.count >= endSize,
      let end = (0...last).last(where: {
        tail[$0] == signature[0] && tail[$0..<$0 + 4].elementsEqual(signature)
      })
    else {
      throw corrupt(file, "is not a zip archive, or is truncated")
    }
    var cursor = ByteCursor(tail)
    cursor.position = end + 12
    guard var length = cursor.natural(4), var start = cursor.natural(4) else {
      throw corrupt(file, "the archive's end record is damaged")
    }
    if length == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      (start, length) = try largeDirectory(in: file, before: tailStart + end)
    }
    guard start <= file.count, length <= file.count - start, length <= maximumLength else {
      throw corrupt(
        file, "the archive's directory of \(length.grouped) bytes does not fit the file")
    }
    return (start, length)
  }

  /// The same for an archive whose numbers need 64 bits.
  private static func largeDirectory(
    in file: FileBytes, before end: Int
  ) throws(CheckpointError) -> (start: Int, length: Int) {
    let problem = corrupt(file, "the archive's 64-bit end record is damaged")
    guard end >= 20 else { throw problem }
    var locator = ByteCursor(try file.bytes(at: end - 20, count: 20))
    guard locator.natural(4) == 0x0706_4B50, locator.natural(4) == 0,
      let place = locator.natural(8), place <= file.count, file.count - place >= 56
    else { throw problem }
    var record = ByteCursor(try file.bytes(at: place, count: 56))
    guard record.natural(4) == 0x0606_4B50, record.take(36) != nil,
      let length = record.natural(8), let start = record.natural(8)
    else { throw problem }
    return (start, length)
  }

  /// The next member of the directory, nil where it is cut short or not one.
  private static func member(
    _ cursor: inout ByteCursor, _ file: FileBytes
  ) throws(CheckpointError) -> Member? {
    guard cursor.natural(4) == 0x0201_4B50, cursor.take(4) != nil,
      let flags = cursor.natural(2), let method = cursor.natural(2), cursor.take(4) != nil,
      let checksum = cursor.natural(4), var packed = cursor.natural(4),
      var size = cursor.natural(4),
      let nameLength = cursor.natural(2), let extraLength = cursor.natural(2),
      let commentLength = cursor.natural(2), cursor.take(8) != nil,
      var header = cursor.natural(4), let nameBytes = cursor.take(nameLength),
      let extra = cursor.take(extraLength), cursor.take(commentLength) != nil,
      let name = String(validating: nameBytes, as: UTF8.self)
    else { return nil }
    var fields = ByteCursor(Array(extra))
    while let id = fields.natural(2), let count = fields.natural(2),
      let field = fields.take(count)
    {
      guard id == 1 else { continue }
      var large = ByteCursor(Array(field))
      // Each is there only where its 32-bit place is full, in this order.
      if size == 0xFFFF_FFFF { size = large.natural(8) ?? size }
      if packed == 0xFFFF_FFFF { packed = large.natural(8) ?? packed }
      if header == 0xFFFF_FFFF { header = large.natural(8) ?? header }
    }
    guard method != 0 || packed == size || flags & 1 == 1 else { return nil }
    return Member(
      name: name, method: method, isEncrypted: flags & 1 == 1,
      checksum: UInt32(truncatingIfNeeded: checksum), size: size,
      range: try range(name, header: header, size: packed, in: file))
  }

  /// Where a member's bytes are: after its own header, whose length only that header contains.
  private static func range(
    _ name: String, header: Int, size: Int, in file: FileBytes
  ) throws(CheckpointError) -> Range<Int> {
    let length = 30
    if header <= file.count, file.count - header >= length {
      var cursor = ByteCursor(try file.bytes(at: header, count: length))
      if cursor.natural(4) == 0x0403_4B50, cursor.take(22) != nil,
        let nameLength = cursor.natural(2), let extraLength = cursor.natural(2)
      {
        let start = header + length + nameLength + extraLength
        if start <= file.count, size <= file.count - start { return start..<start + size }
      }
    }
    throw corrupt(file, "the archive's member '\(name)' lies outside the file")
  }

  private static func corrupt(_ file: FileBytes, _ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file.path, message,
      help: "the file is damaged or incomplete; fetch it again")
  }
}

/// Reads little-endian numbers from bytes, never beyond their end.
struct ByteCursor {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next `count` bytes, or nil where there are fewer.
  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func byte() -> UInt8? { take(1)?.first }

  /// An unsigned number of up to eight bytes that fits `Int`.
  mutating func natural(_ size: Int) -> Int? {
    guard let digits = take(size) else { return nil }
    return Int(exactly: digits.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
  }
}
