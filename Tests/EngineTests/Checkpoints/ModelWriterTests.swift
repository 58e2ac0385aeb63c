import Foundation
import Testing

@testable import Engine

@Suite("Saving a model")
struct ModelWriterTests {
  /// Every weight of a folder.
  private func weights(in url: URL) throws -> [WeightSlot: [Float]] {
    let folder = try ModelFolder(url)
    let source = try CheckpointWeights(folder)
    var all: [WeightSlot: [Float]] = [:]
    for weight in folder.description.weights {
      all[weight.slot] = try source.tensor(
        weight.slot, rows: weight.rows, columns: weight.columns, in: MemoryLedger()
      ).values
    }
    return all
  }

  private func write(
    _ values: [WeightSlot: [Float]], like source: URL, to target: URL,
    as element: TensorElement = .f32, dropsHead: Bool = false
  ) throws {
    let tensors = values.mapValues { values in
      let tensor = Tensor<Float>(rows: 1, columns: values.count, in: MemoryLedger())
      for (index, value) in values.enumerated() { tensor.elements[index] = value }
      return tensor
    }
    try withExtendedLifetime(tensors) {
      let writer = ModelWriter(like: try ModelFolder(source), as: element, dropsHead: dropsHead)
      try writer.write(to: target) { slot in
        tensors[slot].map { UnsafeBufferPointer($0.elements) } ?? .init(start: nil, count: 0)
      }
    }
  }

  @Test("a weight that F16 cannot hold is reported, not written as infinity")
  func tooLarge() throws {
    let source = try SmallConfigurations.write("llama")
    var values = try weights(in: source.url)
    values[.finalNorm]?[0] = -65_519
    let target = source.url.appendingPathComponent("half")
    try write(values, like: source.url, to: target, as: .f16)
    values[.finalNorm]?[0] = -65_520
    let error = #expect(throws: CheckpointError.self) {
      try write(values, like: source.url, to: target, as: .f16)
    }
    #expect(error?.message == "contains -65520.0, which overflows F16 (at most 65,504)")
    #expect(error?.help == "write it as bf16 or f32")
  }

  @Test(
    "what is saved is read back, tensor for tensor as in the source",
    arguments: SmallConfigurations.names)
  func roundTrip(name: String) throws {
    let source = try SmallConfigurations.write(name)
    try source.write("tokenizer.json", "{}")
    try ModelFolder(source.url).checkShapes()
    let old = try weights(in: source.url)
    // Shifted by a number of its own for each slot, so that no two can be confused.
    let slots = try ModelFolder(source.url).description.weights.map(\.slot)
    var new: [WeightSlot: [Float]] = [:]
    for (index, slot) in slots.enumerated() { new[slot] = old[slot]?.map { $0 + Float(index) } }
    let target = source.url.appendingPathComponent("saved")
    try write(new, like: source.url, to: target)
    #expect(try weights(in: target) == new)
    try write(old, like: target, to: target)
    let file = "model.safetensors"
    #expect(
      try Data(contentsOf: target.appendingPathComponent(file))
        == Data(contentsOf: source.url.appendingPathComponent(file)))
    #expect(isFile(target.appendingPathComponent("tokenizer.json")))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
        == ["config.json", file, "tokenizer.json"])
  }

  @Test("unused tensors are carried over, old spellings and tied outputs are not")
  func carriedOver() throws {
    let source = try SmallConfigurations.write("bert")
    let url = source.url.appendingPathComponent("model.safetensors")
    let plain = try TensorFile(url)
    var tensors: [TorchBytes.Tensor] = []
    for record in plain.tensors {
      let values = try floats(record.count) { (buffer) throws(CheckpointError) in
        try plain.read(record, into: buffer)
      }
      let old = record.name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
      tensors.append(.init(name: "bert.\(old)", shape: record.shape, values: values))
    }
    tensors.append(.init(name: "bert.pooler.dense.bias", shape: [2], values: [3, 4]))
    tensors.append(
      .init(
        name: "cls.predictions.decoder.weight", shape: [11, 8], values: [],
        tiedTo: "bert.embeddings.word_embeddings.weight"))
    try source.write("pytorch_model.bin", TorchBytes.archive(tensors))
    try FileManager.default.removeItem(at: url)
    let old = try weights(in: source.url)
    let target = source.url.appendingPathComponent("saved")
    try write(old, like: source.url, to: target)
    let saved = try TensorFile(target.appendingPathComponent("model.safetensors"))
    #expect(
      Set(saved.tensors.map(\.name))
        == Set(plain.tensors.map { "bert.\($0.name)" } + ["bert.pooler.dense.bias"]))
    #expect(try weights(in: target) == old)
  }

  @Test("a head that no longer fits is left out on demand, with the classes' names")
  func withoutHead() throws {
    let source = try SmallConfigurations.write("roberta")
    let file = source.url.appendingPathComponent("model.safetensors")
    let plain = try TensorFile(file)
    let body = try plain.tensors.map { ($0.name, $0.shape, try plain.floats($0)) }
    try source.writeTensors(
      "model.safetensors",
      body + [
        ("classifier.dense.weight", [8, 8], .init(repeating: 1, count: 64)),
        ("classifier.out_proj.weight", [2, 8], .init(repeating: 1, count: 16)),
      ])
    let settings = source.url.appendingPathComponent("config.json")
    let configuration = try #require(try JSONParser.parse(contentsOf: settings).object)
    try source.write(
      "config.json",
      JSONValue.object(
        configuration
          .replacing("architectures", with: .array(["RobertaForSequenceClassification"]))
          .replacing("num_labels", with: 2)
      ).text)
    let old = try weights(in: source.url)
    for dropsHead in [false, true] {
      let target = source.url.appendingPathComponent("saved-\(dropsHead)")
      try write(old, like: source.url, to: target, dropsHead: dropsHead)
      let saved = try TensorFile(target.appendingPathComponent("model.safetensors"))
      #expect((saved["classifier.out_proj.weight"] == nil) == dropsHead)
      #expect(saved.tensors.count == body.count + (dropsHead ? 0 : 2))
      let written = try JSONParser.parse(
        contentsOf: target.appendingPathComponent("config.json")
      ).object
      #expect((written?["num_labels"] == nil) == dropsHead)
      #expect(
        written?["architectures"]
          == .array([dropsHead ? "RobertaModel" : "RobertaForSequenceClassification"]))
    }
  }

  @Test(
    "weights can be rounded, which config.json then says",
    arguments: [(TensorElement.f16, "float16"), (.bf16, "bfloat16")])
  func rounded(element: TensorElement, name: String) throws {
    let source = try SmallConfigurations.write("gpt2")
    let old = try weights(in: source.url)
    let target = source.url.appendingPathComponent("saved")
    try write(old, like: source.url, to: target, as: element)
    let expected = old.mapValues { values in
      values.map {
        element == .f16
          ? FloatConversion.half(FloatConversion.halfBits($0))
          : Float(bitPattern: UInt32(FloatConversion.brainBits($0)) << 16)
      }
    }
    #expect(try weights(in: target) == expected)
    let configuration = try JSONParser.parse(
      contentsOf: target.appendingPathComponent("config.json"))
    #expect(configuration.object?["dtype"] == .string(name))
    #expect(configuration.object?["n_embd"] == 8)
  }

  @Test("rounding to half precision goes to the nearest, ties to even")
  func halves() {
    for bits in UInt16.min...0x7C00 {
      #expect(FloatConversion.halfBits(FloatConversion.half(bits)) == bits)
      #expect(FloatConversion.halfBits(-FloatConversion.half(bits)) == bits | 0x8000)
      guard bits < 0x7BFF else { continue }
      let (low, high) = (FloatConversion.half(bits), FloatConversion.half(bits + 1))
      let middle = (low + high) / 2
      #expect(FloatConversion.halfBits(middle) == (bits.isMultiple(of: 2) ? bits : bits + 1))
      #expect(FloatConversion.halfBits(middle.nextUp) == bits + 1)
      #expect(FloatConversion.halfBits(middle.nextDown) == bits)
    }
    #expect(
      FloatConversion.halfBits(65_519) == 0x7BFF && FloatConversion.halfBits(65_520) == 0x7C00)
    #expect(FloatConversion.half(FloatConversion.halfBits(.nan)).isNaN)
    #expect(FloatConversion.brainBits(1.00390625) == 0x3F80, "a tie goes to the even one")
    #expect(FloatConversion.brainBits(1.01171875) == 0x3F82)
    #expect(Float(bitPattern: UInt32(FloatConversion.brainBits(.nan)) << 16).isNaN)
  }
}
