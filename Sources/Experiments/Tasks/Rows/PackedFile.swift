import CZlib
import Engine
import Foundation

/// A data file that gzip compressed, or a zip archive of one file.
///
/// What is unpacked is bounded, and the checksums of both formats are compared.
struct PackedFile {
  /// How much a file may become.
  struct Bounds: Hashable, Sendable {
    /// Bytes at most.
    var size = 2 << 30
    /// Unpacked bytes for each packed one, at most: text becomes a tenth to a fiftieth, a bomb a thousandth.
    var ratio = 250
    /// What may be unpacked whatever the ratio.
    var harmlessSize = 16 << 20
  }

  private let url: URL
  private let bytes: Data
  private let bounds: Bounds

  /// The contents of a file; nil where it is neither gzip nor zip, or a workbook, which is zip too.
  ///
  /// - Parameters:
  ///   - url: Where it is.
  ///   - bytes: All of it.
  ///   - bounds: What it may become.
  /// - Returns: The text.
  /// - Throws: ``TaskError`` without the file for an archive of several files, for a damaged one and
  ///   for one that exceeds the bounds.
  static func contents(
    of url: URL, bytes: Data, bounds: Bounds = Bounds()
  ) throws(TaskError) -> Data? {
    let file = PackedFile(url: url, bytes: bytes, bounds: bounds)
    if bytes.starts(with: [0x1F, 0x8B]) { return try file.gunzipped() }
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return try file.unzipped() }
    return nil
  }

  /// All members of a gzip file, one after the other, as RFC 1952 §2.2 allows.
  private func gunzipped() throws(TaskError) -> Data {
    var contents = Data()
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.starts(with: [0x1F, 0x8B]) else {
        throw damaged("something that is not gzip follows the compressed text")
      }
      rest = try inflate(rest, window: 15 + 16, into: &contents)
    }
    return contents
  }

  private func unzipped() throws(TaskError) -> Data? {
    let directory: ZipDirectory
    do throws(CheckpointError) {
      directory = try ZipDirectory(at: url)
    } catch {
      throw damaged(error.message)
    }
    if directory.members.contains(where: { $0.name == "[Content_Types].xml" }) { return nil }
    // What archivers of macOS and folders leave beside the file.
    let members = directory.members.filter {
      !$0.name.hasSuffix("/") && !$0.name.hasPrefix("__MACOSX/") && !$0.name.hasSuffix(".DS_Store")
    }
    guard members.count == 1, let member = members.first else {
      let names = members.prefix(5).map(\.name) + (members.count > 5 ? ["…"] : [])
      throw TaskError(
        .malformedRow(
          members.isEmpty
            ? "the archive holds no file"
            : "the archive holds \(members.count) files: \(names.joined(separator: ", "))",
          help: "unpack it, and name the file that is meant"))
    }
    guard !member.isEncrypted else {
      throw TaskError(
        .malformedRow("the archive's '\(member.name)' is encrypted", help: "unpack it first"))
    }
    guard member.range.upperBound <= bytes.count else {
      throw damaged("it shrank while it was read")
    }
    let packed = bytes[member.range]
    let contents: Data
    switch member.method {
    case 0: contents = packed
    case 8:
      try check(size: member.size)
      var inflated = Data()
      _ = try inflate(packed, window: -15, into: &inflated)
      contents = inflated
    default:
      throw TaskError(
        .malformedRow(
          "the archive's '\(member.name)' is packed by method \(member.method), not by deflate",
          help: "unpack it first"))
    }
    guard contents.count == member.size, Self.checksum(contents) == member.checksum else {
      throw damaged("'\(member.name)' is not what the archive's checksum says")
    }
    return contents
  }

  /// Appends what one stream becomes.
  ///
  /// - Parameters:
  ///   - packed: Begins with the stream.
  ///   - window: What zlib calls `windowBits`: 31 for gzip, -15 for bare deflate.
  ///   - contents: Gets the bytes.
  /// - Returns: What follows the stream.
  /// - Throws: ``TaskError`` for a damaged stream and for one that exceeds the bounds.
  private func inflate(
    _ packed: Data.SubSequence, window: Int32, into contents: inout Data
  ) throws(TaskError) -> Data.SubSequence {
    var stream = z_stream()
    guard ftreport_inflate_begin(&stream, window) == Z_OK else {
      throw TaskError(.unreadableFile("there is not enough memory to unpack it"))
    }
    defer { inflateEnd(&stream) }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var position = packed.startIndex
    while true {
      let next = packed[position..<min(packed.endIndex, position + 1 << 24)]
      var status = Z_OK
      var used = 0
      var made = 0
      next.withUnsafeBytes { input in
        piece.withUnsafeMutableBytes { output in
          stream.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
          stream.avail_in = UInt32(input.count)
          stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
          stream.avail_out = UInt32(output.count)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          used = input.count - Int(stream.avail_in)
          made = output.count - Int(stream.avail_out)
        }
      }
      position += used
      contents.append(contentsOf: piece[..<made])
      try check(size: contents.count)
      switch status {
      case Z_STREAM_END: return packed[position...]
      case Z_OK where used + made > 0: continue
      case Z_OK, Z_BUF_ERROR: throw damaged("it ends in the middle of the compressed text")
      default:
        throw damaged(stream.msg.map { "zlib says '\(String(cString: $0))'" } ?? "zlib gives up")
      }
    }
  }

  private func check(size: Int) throws(TaskError) {
    guard size > bounds.harmlessSize else { return }
    guard size <= bounds.size, size / max(1, bytes.count) <= bounds.ratio else {
      throw TaskError(
        .malformedRow(
          "\(bytes.count) compressed bytes become more than "
            + "\(min(bounds.size, max(bounds.harmlessSize, bytes.count * bounds.ratio)))",
          help: "if it is no mistake, unpack the file first"))
    }
  }

  private static func checksum(_ contents: Data) -> UInt32 {
    var sum: UInt = 0
    contents.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let next = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        sum = crc32(sum, next.bindMemory(to: UInt8.self).baseAddress, UInt32(next.count))
        rest = rest.dropFirst(next.count)
      }
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  private func damaged(_ why: String) -> TaskError {
    TaskError(.unreadableFile("\(why); it is damaged or incomplete"))
  }
}
