import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite("Safetensors files")
struct SafetensorsTests {
  private static let tensors: [(name: String, shape: [Int], values: [Float])] = [
    ("b.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
    ("a \"quoted\" naïve\n", [4], [-1, 0.5, .greatestFiniteMagnitude, 0]),
    ("empty", [0, 7], []),
    ("scalar", [], [42]),
  ]

  @Test("what is written is read back")
  func roundTrip() throws {
    let scratch = try ScratchFolder()
    let file = try TensorFile(scratch.writeTensors("x.safetensors", Self.tensors))
    #expect(file.metadata == ["format": "pt"])
    #expect(Set(file.tensors.map(\.name)) == Set(Self.tensors.map(\.name)))
    for tensor in Self.tensors {
      #expect(file[tensor.name]?.shape == tensor.shape)
      let record = try #require(file[tensor.name])
      let values = try floats(tensor.values.count) { (buffer) throws(CheckpointError) in
        try file.read(record, into: buffer)
      }
      #expect(values == tensor.values)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
    #expect(left == ["x.safetensors"], "the temporary file is gone")
  }

  @Test("the header is written to the letter, padded to 8 bytes")
  func headerBytes() throws {
    let scratch = try ScratchFolder()
    let url = try scratch.writeTensors("x.safetensors", [("w", [2], [1, 2])])
    let bytes = try Array(Data(contentsOf: url))
    let header =
      #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    #expect(Int(bytes[0]) == bytes.count - 16)
    #expect(String(decoding: bytes[8...].prefix(header.utf8.count), as: UTF8.self) == header)
    #expect(bytes.count.isMultiple(of: 8))
  }

  @Test("a writer dropped unfinished leaves neither file")
  func abandoned() throws {
    let scratch = try ScratchFolder()
    do {
      let writer = try SafetensorsWriter(
        scratch.url.appendingPathComponent("x"), tensors: [.init(name: "w", shape: [2])])
      _ = consume writer
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
  }

  @Test("a folder that is not there cannot be written to")
  func unwritable() {
    #expect {
      _ = try SafetensorsWriter(URL(fileURLWithPath: "/nonexistent/x"), tensors: [])
    } throws: {
      ($0 as? CheckpointError)?.kind == .unwritable
    }
  }

  @Test(
    "columns of a matrix are read transposed, in blocks of rows",
    arguments: [(2, 3, 0..<3), (300, 301, 0..<301), (300, 303, 101..<202), (1, 5, 4..<5)])
  func transposed(rows: Int, columns: Int, part: Range<Int>) throws {
    let values = (0..<rows * columns).map(Float.init)
    let scratch = try ScratchFolder()
    let file = try TensorFile(
      scratch.writeTensors("x.safetensors", [("w", [rows, columns], values)]))
    let record = try #require(file["w"])
    let read = try floats(rows * part.count) { (buffer) throws(CheckpointError) in
      try file.readTransposed(record, columns: part, into: buffer)
    }
    let expected = part.flatMap { c in (0..<rows).map { r in values[r * columns + c] } }
    #expect(read == expected)
  }

  @Test("every half-precision number converts exactly")
  func halves() {
    for bits in UInt16.min...UInt16.max {
      let value = FloatConversion.half(bits)
      let sign: Double = bits >> 15 == 0 ? 1 : -1
      let exponent = Int(bits >> 10 & 31)
      let mantissa = Double(bits & 1023)
      switch exponent {
      case 31 where mantissa != 0: #expect(value.isNaN)
      case 31: #expect(Double(value) == sign * .infinity)
      case 0: #expect(Double(value) == sign * mantissa * 0x1p-24)
      default:
        let scale = Double(sign: .plus, exponent: exponent - 15, significand: 1)
        #expect(Double(value) == sign * (1 + mantissa / 1024) * scale)
      }
    }
  }

  @Test("F16, BF16 and F64 are read as Float", arguments: [TensorElement.f16, .bf16, .f64])
  func elements(element: TensorElement) throws {
    let count = 1001
    let values = (0..<count).map { Float($0 - 500) / 4 }  // exact but in BF16
    let bytes: [UInt8] = values.flatMap { value -> [UInt8] in
      let bits: UInt64 =
        switch element {
        case .bf16: UInt64(value.bitPattern >> 16)
        case .f64: Double(value).bitPattern
        default: UInt64(Self.halfBits(value))
        }
      return (0..<element.size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    let scratch = try ScratchFolder()
    let url = scratch.url.appendingPathComponent("x.safetensors")
    var writer = try SafetensorsWriter(
      url, tensors: [.init(name: "w", element: element, shape: [count])])
    try bytes.withUnsafeBytes { try writer.append(bytes: $0) }
    try writer.finish()
    let file = try TensorFile(url)
    let record = try #require(file["w"])
    let read = try floats(count) { (buffer) throws(CheckpointError) in
      try file.read(record, into: buffer)
    }
    let expected =
      element == .bf16
      ? values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) } : values
    #expect(read == expected)
  }

  /// binary16 bits of a number that format holds exactly and normally, or of zero.
  private static func halfBits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard bits & 0x7FFF_FFFF != 0 else { return 0 }
    return UInt16(bits >> 31) << 15 | UInt16((bits & 0x7FFF_FFFF) >> 13 - 0x1C000)
  }

  @Test("NaN and infinities are found on request", arguments: [0, 4095, 4096, 9999])
  func nonFinite(at index: Int) throws {
    var values = [Float](repeating: 1, count: 10_000)
    values[index] = index.isMultiple(of: 2) ? .nan : -.infinity
    #expect(values.withUnsafeBufferPointer { TensorFile.firstNonFinite(in: $0) } == index)
    let scratch = try ScratchFolder()
    let file = try TensorFile(
      scratch.writeTensors("x.safetensors", [("w", [10_000], values)]))
    let record = try #require(file["w"])
    let error = #expect(throws: CheckpointError.self) { try file.checkFinite(record) }
    #expect(error?.message == "tensor 'w' holds \(values[index]) at element \(index.grouped)")
  }

  @Test("the real checkpoint opens", .enabled(if: SharedData.isPresent))
  func realCheckpoint() throws {
    let folder = try ModelFolder(SharedData.data("models/stories260K"))
    #expect(folder.description.width == 64)
    #expect(folder.weights["embed_tokens.weight"]?.record.shape == [512, 64])
    try folder.checkShapes()
    try folder.checkFinite()
    #expect(
      folder.weights.names.reduce(0) { $0 + (folder.weights[$1]?.record.count ?? 0) } == 260_032)
  }
}
