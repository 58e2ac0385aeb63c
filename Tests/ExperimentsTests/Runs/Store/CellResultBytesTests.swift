import Testing

@testable import Experiments

@Suite("Stored form of results")
struct CellResultBytesTests {
  @Test(
    "a result survives, whatever its status",
    arguments: [CellResult.Status.succeeded, .diverged(step: 17), .failed(reason: "signal 9 – ∎")])
  func roundTrip(status: CellResult.Status) throws {
    let result = StoreSamples.result("k", status: status)
    #expect(try CellResult(key: "k", encoded: result.encoded()) == result)
    let bare = CellResult(key: "k", status: status)
    #expect(try CellResult(key: "k", encoded: bare.encoded()) == bare)
  }

  @Test("every field of a result is stored: one that is new here must be added to the layout")
  func fieldCounts() throws {
    let result = StoreSamples.result("k")
    func count(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
    #expect(count(result) == 13)
    #expect(count(result.evaluations[0]) == 7)
    #expect(count(try #require(result.training)) == 7)
    #expect(count(result.memory) == 9)
    #expect(count(try #require(result.provenance)) == 4)
    #expect(count(try #require(result.preparation)) == 4)
    let choice = try #require(result.choice)
    #expect(count(choice) == 6 && count(choice.candidates[0]) == 2)
    let tuning = try #require(result.tuning)
    #expect(count(tuning) == 2 && count(tuning.trials[0]) == 10)
  }

  @Test("results of older layouts, which lacked what came later, are read still")
  func olderLayouts() throws {
    var result = StoreSamples.result("k")
    result.tuning = nil
    var bytes = result.encoded()
    #expect(bytes[0] == 5)
    bytes[0] = 4
    #expect(try CellResult(key: "k", encoded: Array(bytes.dropLast(1))) == result)
    result.evaluations[1].vocabularyPredictions = nil
    bytes = result.encoded()
    bytes[0] = 3
    #expect(try CellResult(key: "k", encoded: Array(bytes.dropLast(3))) == result)
    result.memory.predictedPeak = nil
    bytes = result.encoded()
    bytes[0] = 2
    #expect(try CellResult(key: "k", encoded: Array(bytes.dropLast(4))) == result)
    (result.demonstrationsOffered, result.preparation, result.choice) = (nil, nil, nil)
    bytes = result.encoded()
    bytes[0] = 1
    #expect(try CellResult(key: "k", encoded: Array(bytes.dropLast(7))) == result)
  }

  @Test("predictions survive at every width and length", arguments: [1, 2, 3, 4, 16, 255, 256])
  func packing(classes: Int) throws {
    for length in [0, 1, 7, 8, 9, 63, 64, 65, 500] {
      let values = (0..<length).map { UInt8(($0 * 37 + 5) % classes) }
      var writer = ByteWriter()
      writer.write(packed: values)
      var reader = ByteReader(writer.bytes)
      #expect(try reader.packed() == values)
      #expect(reader.isAtEnd)
    }
  }

  @Test("binary predictions take one bit each")
  func size() {
    let small = StoreSamples.result("k", predictions: 0).encoded().count
    let large = StoreSamples.result("k", predictions: 10_000).encoded().count
    #expect(large - small < 1260)
  }

  @Test(
    "integers survive at the ends of their range", arguments: [0, -1, 1, 300, Int.max, Int.min])
  func integers(value: Int) throws {
    var writer = ByteWriter()
    writer.write(value)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.integer() == value)
  }

  @Test("a cut or changed form is an error and never a crash")
  func damage() {
    let bytes = StoreSamples.result("k").encoded()
    for length in 0..<bytes.count {
      #expect(throws: ByteReader.Malformed.self) {
        try CellResult(key: "k", encoded: Array(bytes[..<length]))
      }
    }
    for index in bytes.indices {
      for flip: UInt8 in [0x01, 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        _ = try? CellResult(key: "k", encoded: changed)
      }
    }
  }
}
