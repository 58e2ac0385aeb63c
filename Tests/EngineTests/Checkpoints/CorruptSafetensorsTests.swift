import Foundation
import Testing

@testable import Engine

@Suite("Damaged safetensors files")
struct CorruptSafetensorsTests {
  private static let tensors: [(name: String, shape: [Int], values: [Float])] = [
    ("a", [2, 3], [1, 2, 3, 4, 5, 6]), ("b", [3], [7, 8, 9]),
  ]

  /// The bytes of a file with this header and `count` bytes of elements.
  private static func file(_ header: String, elements count: Int = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
      + [UInt8](repeating: 0, count: count)
  }

  /// Opens a file and reads all its tensors.
  private static func readAll(_ url: URL) throws(CheckpointError) {
    let file = try TensorFile(url)
    for tensor in file.tensors {
      try file.checkFinite(tensor)
    }
  }

  @Test("a file cut short at any byte is rejected")
  func truncations() throws {
    let scratch = try ScratchFolder()
    let bytes = try Array(Data(contentsOf: scratch.writeTensors("x", Self.tensors)))
    for count in 0..<bytes.count {
      let url = try scratch.write("x", Array(bytes.prefix(count)))
      #expect(throws: CheckpointError.self) { try Self.readAll(url) }
    }
    let longer = try scratch.write("x", bytes + [0])
    #expect(throws: CheckpointError.self) { try Self.readAll(longer) }
  }

  @Test("a file with any one bit flipped is read or rejected, never a trap")
  func bitFlips() throws {
    let scratch = try ScratchFolder()
    let bytes = try Array(Data(contentsOf: scratch.writeTensors("x", Self.tensors)))
    var refused = 0
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let url = try scratch.write("x", damaged)
      do throws(CheckpointError) { try Self.readAll(url) } catch { refused += 1 }
    }
    #expect(refused > bytes.count)
  }

  @Test("a file that shrinks after it was opened gives an error when read")
  func shrinking() throws {
    let scratch = try ScratchFolder()
    let url = try scratch.writeTensors("x", [("w", [4000], [Float](repeating: 1, count: 4000))])
    let file = try TensorFile(url)
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 9000)
    try handle.close()
    let record = try #require(file["w"])
    #expect(throws: CheckpointError.self) { try file.checkFinite(record) }
  }

  @Test(
    "each contradiction is named with its numbers",
    arguments: [
      ("", 0, "the header does not begin with '{'"),
      ("[]", 0, "the header does not begin with '{'"),
      (#"{"w":1}"#, 0, "the entry of tensor 'w' is not an object"),
      (
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4,
        "the header describes 8 bytes of tensors, the file has 4 after the header"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
        "tensor 'w' of shape [2] in F32 does not take the 4 bytes of its data_offsets"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
        "the shape of tensor 'w' is not an array of whole numbers"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#, 8,
        "the data_offsets of tensor 'w' are not [begin, end]"
      ),
      (
        #"{"w":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"#
          + #""data_offsets":[0,9223372036854775807]}}"#, 8,
        "tensor 'w' of shape [9223372036854775807, 9223372036854775807] in F32 does not take the"
          + " 9,223,372,036,854,775,807 bytes of its data_offsets"
      ),
      (
        #"{"w":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4,
        "tensor 'w' has the unknown dtype 'F31'"
      ),
      (
        #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2,
        "the header names 'w' twice"
      ),
      (
        #"{"v":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""w":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3,
        "tensor 'w' overlaps its neighbour: it begins at byte 1, the one before ends at 2"
      ),
      (
        #"{"v":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""w":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#, 3,
        "tensor 'w' leaves a gap: it begins at byte 2, the one before ends at 1"
      ),
      (
        #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1,
        "tensor 'w' is stored as U8"
      ),
    ])
  func contradictions(header: String, elements: Int, message: String) throws {
    let scratch = try ScratchFolder()
    let url = try scratch.write("x", Self.file(header, elements: elements))
    let error = #expect(throws: CheckpointError.self) { try Self.readAll(url) }
    #expect(error?.message == message)
    #expect(error?.file == url.path)
  }

  @Test("a hostile header length is rejected", arguments: [UInt64.max, 1 << 63, 100_000_001, 100])
  func headerLength(length: UInt64) throws {
    let scratch = try ScratchFolder()
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    let url = try scratch.write("x", bytes + Array("{}".utf8))
    let error = #expect(throws: CheckpointError.self) { try Self.readAll(url) }
    let message =
      length == 100
      ? "the header needs 108 bytes, the file has 10"
      : "the header's length is given as \(length), above 100,000,000"
    #expect(error?.message == message)
  }

  @Test("a missing file, a folder and a named pipe are rejected")
  func notFiles() throws {
    let scratch = try ScratchFolder()
    let missing = scratch.url.appendingPathComponent("none")
    let pipe = scratch.url.appendingPathComponent("pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    #expect(#expect(throws: CheckpointError.self) { try Self.readAll(missing) }?.kind == .missing)
    #expect(
      #expect(throws: CheckpointError.self) { try Self.readAll(scratch.url) }?.kind == .corrupt)
    #expect(#expect(throws: CheckpointError.self) { try Self.readAll(pipe) }?.kind == .corrupt)
  }
}
