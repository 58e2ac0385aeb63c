import Foundation
import Testing

@testable import Engine

@Suite("PyTorch's files")
struct TorchArchiveTests {
  private static let tensors = [
    TorchBytes.Tensor(name: "a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    TorchBytes.Tensor(name: "tied", shape: [3], values: [], tiedTo: "a"),
    TorchBytes.Tensor(name: "b", shape: [2], values: [0.5, -2], storage: "BFloat16Storage"),
    TorchBytes.Tensor(name: "p", shape: [1, 1], values: [7], strides: [9, 9], isParameter: true),
    TorchBytes.Tensor(name: "scalar", shape: [], values: [42]),
  ]

  private func refusal(_ bytes: [UInt8]) throws -> CheckpointError? {
    let scratch = try ScratchFolder()
    let url = try scratch.write("x.bin", bytes)
    return #expect(throws: CheckpointError.self) { try TensorFile(url) }
  }

  /// An archive with this table and one member of eight bytes.
  private static func archive(table: [UInt8]) -> [UInt8] {
    TorchBytes.zip(
      [("model/data.pkl", table), ("model/data/w", [UInt8](repeating: 0, count: 8))],
      alignment: 64)
  }

  @Test("tensors are read, tied ones and parameters too")
  func reading() throws {
    let scratch = try ScratchFolder()
    let file = try TensorFile(scratch.write("x.bin", TorchBytes.archive(Self.tensors)))
    #expect(Set(file.tensors.map(\.name)) == Set(Self.tensors.map(\.name)))
    for tensor in Self.tensors {
      let record = try #require(file[tensor.name])
      #expect(record.shape == tensor.shape)
      let values = try floats(record.count) { (buffer) throws(CheckpointError) in
        try file.read(record, into: buffer)
      }
      #expect(values == (tensor.tiedTo == nil ? tensor.values : [1, 2, 3]))
    }
    #expect(file["a"]?.range.lowerBound.isMultiple(of: 64) == true)
  }

  @Test("no name but those of tensors is accepted, and nothing is called")
  func code() throws {
    let attack =
      [0x80, 2] + TorchBytes.global("os", "system") + [0x28] + TorchBytes.text("touch x")
      + [0x74, 0x52, 0x2E]
    let error = try refusal(Self.archive(table: attack))
    #expect(error?.kind == .unsupported)
    #expect(error?.message == "its pickle names 'os.system', which is not allowed")
  }

  @Test(
    "anything else is rejected by name",
    arguments: [
      ([0x80, 4, 0x2E], "its pickle is of protocol 4, not 2"),
      ([0x80, 2, 0x5D, 0x2E], "its pickle has the instruction 0x5d, which is not allowed"),
      ([0x80, 2, 0x4E, 0x2E], "its pickle contains no dictionary (at byte 4)"),
      ([0x80, 2, 0x52], "its pickle takes more values than its stack has (at byte 3)"),
      ([0x80, 2, 0x68, 9], "its pickle reads a memo entry that it never wrote (at byte 4)"),
      ([0x80, 2, 0x74], "its pickle ends a list that it never began (at byte 3)"),
      ([0x80, 2, 0x8A, 200], "its pickle ends early or has a number beyond 64 bits (at byte 4)"),
      ([0x80, 2, 0x58, 255, 255, 255, 255], "its pickle has a malformed string (at byte 7)"),
      (
        [0x80, 2, 0x7D] + TorchBytes.text("epoch") + [0x4B, 3, 0x73, 0x2E],
        "'epoch' is not a tensor"
      ),
    ] as [([UInt8], String)])
  func pickles(table: [UInt8], message: String) throws {
    #expect(try refusal(Self.archive(table: table))?.message == message)
  }

  @Test("a tensor of more dimensions than any weight has is rejected before they are copied")
  func dimensions() throws {
    let ones = [Int](repeating: 1, count: 9)
    let bytes = TorchBytes.archive([.init(name: "w", shape: ones, values: [1], strides: ones)])
    let message = try refusal(bytes)?.message
    #expect(message?.hasPrefix("its pickle describes a malformed tensor") == true)
  }

  @Test(
    "a tensor that does not lie row by row in the file is rejected",
    arguments: [
      ([2, 1], [1, 1], 2, nil),
      ([3], [1], 2, "tensor 'w' of shape [3] does not fit its 2 stored elements"),
      ([2, 2], [1, 2], 4, "tensor 'w' of shape [2, 2] has the strides [1, 2]"),
      ([-2], [1], 2, "tensor 'w' has the impossible shape [-2]"),
      (
        [2_147_483_647, 2_147_483_647, 2_147_483_647], [1, 1, 1], 2,
        "tensor 'w' has the impossible shape [2147483647, 2147483647, 2147483647]"
      ),
    ] as [([Int], [Int], Int, String?)])
  func shapes(shape: [Int], strides: [Int], count: Int, message: String?) throws {
    let values = [Float](repeating: 1, count: count)
    let bytes = TorchBytes.archive([
      .init(name: "w", shape: shape, values: values, strides: strides)
    ])
    guard let message else {
      let scratch = try ScratchFolder()
      #expect(try TensorFile(scratch.write("x.bin", bytes))["w"]?.shape == shape)
      return
    }
    #expect(try refusal(bytes)?.message == message)
  }

  @Test("files of other kinds are distinguished")
  func kinds() throws {
    #expect(try refusal([])?.message == "is not a zip archive, or is truncated")
    #expect(
      try refusal([0x80, 2, 0x8A, 10])?.message
        == "is in the format of PyTorch before 1.6")
    let noTable = TorchBytes.zip([("model/x", [1])], alignment: 1)
    #expect(
      try refusal(noTable)?.message == "does not contain exactly one data.pkl of a reasonable size")
    var compressed = TorchBytes.archive(Self.tensors)
    let directory = try #require(compressed.lastRange(of: [0x50, 0x4B, 1, 2]))
    compressed[directory.lowerBound + 10] = 8
    #expect(
      try refusal(compressed)?.message
        == "the archive's member 'model/data/scalar' is compressed or encrypted")
  }

  @Test("a file cut short at any byte is rejected")
  func truncations() throws {
    let scratch = try ScratchFolder()
    let bytes = TorchBytes.archive(Self.tensors, alignment: 4)
    for count in 0..<bytes.count {
      let url = try scratch.write("x.bin", Array(bytes.prefix(count)))
      #expect(throws: CheckpointError.self) { try TensorFile(url) }
    }
  }

  @Test("a file with any byte changed is read or rejected, never a trap")
  func mutations() throws {
    let scratch = try ScratchFolder()
    let bytes = TorchBytes.archive(Self.tensors, alignment: 4)
    var random = RandomStream(seed: 5, purpose: "mutations")
    var refused = 0
    for index in bytes.indices {
      for _ in 0..<2 {
        var damaged = bytes
        damaged[index] = UInt8(truncatingIfNeeded: random.next())
        if random.uniform() < 0.3 { damaged[random.index(below: bytes.count)] = 0xFF }
        let url = try scratch.write("x.bin", damaged)
        do throws(CheckpointError) {
          let file = try TensorFile(url)
          for record in file.tensors where FloatConversion.isPossible(from: record.element) {
            try? file.checkFinite(record)
          }
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > bytes.count)
  }
}

extension [UInt8] {
  /// Where a pattern occurs last.
  fileprivate func lastRange(of pattern: [UInt8]) -> Range<Int>? {
    (0...Swift.max(0, count - pattern.count)).last { self[$0...].starts(with: pattern) }
      .map { $0..<$0 + pattern.count }
  }
}
