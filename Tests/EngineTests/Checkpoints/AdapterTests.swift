import Foundation
import Testing

@testable import Engine

@Suite("Adapters in PEFT's layout")
struct AdapterTests {
  private static let noBase: @Sendable (WeightSlot) -> UnsafeBufferPointer<Float> = { _ in
    .init(start: nil, count: 0)
  }

  private func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Adapter.Matrix {
    var random = RandomStream(seed: 3, purpose: name)
    return .init(
      rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(random.normal()) }
    )
  }

  /// A part of rank 2 and scale 2 for each of `parts` in every layer.
  private func lora(
    _ model: ModelDescription, _ parts: [WeightSlot.Part], magnitudes: Bool = false
  ) -> Adapter.LoRA {
    let sizes = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.slot, $0) })
    var all: [Adapter.LoRA.Part] = []
    for layer in 0..<model.layers {
      for part in parts {
        guard let size = sizes[.layer(layer, part)] else { continue }
        all.append(
          .init(
            layer: layer, part: part, a: matrix(2, size.columns, "a \(layer) \(part)"),
            b: matrix(size.rows, 2, "b \(layer) \(part)"), scale: 2,
            magnitude: magnitudes ? matrix(1, size.rows, "m \(layer) \(part)").values : nil))
      }
    }
    return .init(dropout: 0.1, parts: all)
  }

  /// The sum of a part's product, `scale · B A`.
  private func product(_ part: Adapter.LoRA.Part) -> [Double] {
    let (a, b) = (part.a, part.b)
    return (0..<b.rows * a.columns).map { index in
      let (row, column) = (index / a.columns, index % a.columns)
      return part.scale
        * (0..<a.rows).reduce(0.0) {
          $0 + Double(b.values[row * a.rows + $1]) * Double(a.values[$1 * a.columns + column])
        }
    }
  }

  private func configuration(_ folder: AdapterFolder) throws -> JSONObject {
    try #require(
      try JSONParser.parse(
        contentsOf: folder.url.appendingPathComponent("adapter_config.json")
      ).object)
  }

  @Test(
    "modules have PEFT's names and are targeted exactly",
    arguments: [
      ("opt", "model.decoder.layers.0.self_attn.q_proj", ["self_attn.q_proj", "fc2"]),
      ("llama", "model.layers.0.self_attn.q_proj", ["self_attn.q_proj", "mlp.down_proj"]),
      (
        "bert", "encoder.layer.0.attention.self.query",
        [
          "encoder.layer.0.attention.self.query", "encoder.layer.0.output.dense",
          "encoder.layer.1.attention.self.query", "encoder.layer.1.output.dense",
        ]
      ),
      (
        "distilbert", "transformer.layer.0.attention.q_lin", ["attention.q_lin", "ffn.lin2"]
      ),
    ])
  func names(name: String, module: String, targets: [String]) throws {
    let model = try SmallConfigurations.description(name)
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let adapter = Adapter.lora(lora(model, [.query, .down]))
    try folder.write(adapter, baseModel: "somewhere/base", base: Self.noBase)
    let file = try TensorFile(scratch.url.appendingPathComponent("adapter_model.safetensors"))
    #expect(file["base_model.model.\(module).lora_A.weight"]?.shape == [2, 8])
    #expect(file["base_model.model.\(module).lora_B.weight"]?.shape == [8, 2])
    let fields = try configuration(folder)
    #expect(fields["target_modules"] == .array(targets.map(JSONValue.string)))
    #expect(fields["r"] == 2 && fields["lora_alpha"] == 4)
    #expect(fields["base_model_name_or_path"] == "somewhere/base")
    #expect(
      fields["task_type"] == (model.isBidirectional ? "FEATURE_EXTRACTION" : "CAUSAL_LM"))
    #expect(try folder.read() == adapter)
  }

  @Test(
    "parts of a fused module become one product with the same sum", arguments: ["gpt2", "neox"])
  func fused(name: String) throws {
    let model = try SmallConfigurations.description(name)
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let adapter = lora(model, [.query, .value, .up])
    try folder.write(.lora(adapter), baseModel: "", base: Self.noBase)
    let fields = try configuration(folder)
    #expect(fields["r"] == 4 && fields["lora_alpha"] == 8, "of the fused module, the first")
    #expect(fields["rank_pattern"]?.object?.members.map(\.value) == [2, 2])
    #expect(fields["alpha_pattern"]?.object?.members.map(\.value) == [4, 4])
    guard case .lora(let read) = try folder.read() else { throw CancellationError() }
    #expect(read.parts.map(\.scale).allSatisfy { $0 == 2 })
    for layer in 0..<2 {
      let own = read.parts.filter { $0.layer == layer }
      #expect(own.map(\.part) == [.query, .key, .value, .up])
      #expect(own[0].a == own[1].a && own[0].a.rows == 4)
      #expect(own[1].b.values.allSatisfy { $0 == 0 })
      for part in own where part.part != .key {
        let expected = try #require(
          adapter.parts.first { $0.layer == layer && $0.part == part.part })
        for (a, b) in zip(product(part), product(expected)) { #expect(abs(a - b) < 1e-6) }
      }
    }
    // What shares A goes back without growing.
    try folder.write(.lora(read), baseModel: "", base: Self.noBase)
    #expect(try folder.read() == .lora(read))
  }

  @Test("the output rows of GPT-NeoX's module take turns head by head")
  func interleaved() throws {
    let model = try SmallConfigurations.description("neox")
    let scratch = try ScratchFolder()
    let value = try #require(lora(model, [.value]).parts.first)
    try AdapterFolder(scratch.url, for: model).write(
      .lora(.init(parts: [value])), baseModel: "", base: Self.noBase)
    let file = try TensorFile(scratch.url.appendingPathComponent("adapter_model.safetensors"))
    let record = try #require(
      file["base_model.model.gpt_neox.layers.0.attention.query_key_value.lora_B.weight"])
    let b = try floats(record.count) { (buffer) throws(CheckpointError) in
      try file.read(record, into: buffer)
    }
    // Two heads of four columns: the values of head h are rows 12 h + 8 … 12 h + 11.
    let rows = (0..<8).map { 12 * ($0 / 4) + 8 + $0 % 4 }
    for (index, row) in rows.enumerated() {
      #expect(Array(b[2 * row..<2 * row + 2]) == Array(value.b.values[2 * index..<2 * index + 2]))
    }
    #expect(b.count { $0 != 0 } == 16)
  }

  @Test("rsLoRA's alpha keeps the scale when ranks add up")
  func stabilized() throws {
    let model = try SmallConfigurations.description("gpt2")
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let parts = lora(model, [.query, .value]).parts.map {
      Adapter.LoRA.Part(
        layer: $0.layer, part: $0.part, a: $0.a, b: $0.b, scale: 6 / 2.0.squareRoot())
    }
    try folder.write(
      .lora(.init(usesRankStabilization: true, parts: parts)), baseModel: "", base: Self.noBase)
    let alpha = try #require(configuration(folder)["lora_alpha"]?.number)
    #expect(abs(alpha / 2 - 6 / 2.0.squareRoot()) < 1e-12)
  }

  @Test("DoRA's magnitudes of rows without a part are the norms of the base")
  func magnitudes() throws {
    let model = try SmallConfigurations.description("gpt2")
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let ones = Tensor<Float>(rows: 8, columns: 8, in: MemoryLedger())
    ones.elements.update(repeating: 1)
    let adapter = lora(model, [.query], magnitudes: true)
    try withExtendedLifetime(ones) {
      try folder.write(.lora(adapter), baseModel: "") { _ in UnsafeBufferPointer(ones.elements) }
    }
    guard case .lora(let read) = try folder.read() else { throw CancellationError() }
    #expect(read.parts[0].magnitude == adapter.parts[0].magnitude)
    #expect(read.parts[1].magnitude == [Float](repeating: Float(8).squareRoot(), count: 8))
  }

  @Test(
    "factors, prompts and prefixes are read back", arguments: ["opt", "opt-350m", "llama", "bert"])
  func others(name: String) throws {
    let model = try SmallConfigurations.description(name)
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let sizes = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.slot, $0) })
    let scales = (0..<2).flatMap { layer in
      [WeightSlot.Part.key, .value, .down].map { part in
        let size = sizes[.layer(layer, part)]
        let count = (part == .down ? size?.columns : size?.rows) ?? 0
        return Adapter.Scale(
          layer: layer, part: part, values: matrix(1, count, "\(layer) \(part)").values)
      }
    }
    // What PEFT takes for (IA)³ in BERT unless told otherwise: `output.dense` fits two matrices.
    let both = (0..<2).flatMap { layer in
      let own = scales.filter { $0.layer == layer }
      let count = sizes[.layer(layer, .output)]?.columns ?? 0
      let output = Adapter.Scale(
        layer: layer, part: .output, values: matrix(1, count, "\(layer) output").values,
        isOfInputs: true)
      return own.filter { $0.part != .down } + [output] + own.filter { $0.part == .down }
    }
    let width = model.keyValueHeads * model.headWidth
    let prefix = (0..<2).map {
      Adapter.PrefixLayer(keys: matrix(3, width, "k\($0)"), values: matrix(3, width, "v\($0)"))
    }
    for adapter: Adapter in [
      .scales(scales), .scales(both), .prompt(matrix(5, model.embeddingWidth, "p")),
      .prefix(prefix),
    ] {
      try folder.write(adapter, baseModel: "", base: Self.noBase)
      #expect(try folder.read() == adapter)
    }
  }

  @Test("a fused module's factors are one where there is no part")
  func fusedScales() throws {
    let model = try SmallConfigurations.description("neox")
    let scratch = try ScratchFolder()
    let folder = AdapterFolder(scratch.url, for: model)
    let key = Adapter.Scale(layer: 1, part: .key, values: (2..<10).map(Float.init))
    try folder.write(.scales([key]), baseModel: "", base: Self.noBase)
    let ones = [Float](repeating: 1, count: 8)
    #expect(
      try folder.read()
        == .scales([
          .init(layer: 1, part: .query, values: ones), key,
          .init(layer: 1, part: .value, values: ones),
        ]))
  }

  @Test("an adapter that is not the model's, or of another kind, is rejected")
  func refusals() throws {
    let scratch = try ScratchFolder()
    let model = try SmallConfigurations.description("llama")
    let folder = AdapterFolder(scratch.url, for: model)
    func refusal(_ folder: AdapterFolder) -> String? {
      #expect(throws: CheckpointError.self) { try folder.read() }?.message
    }
    #expect(refusal(folder)?.hasPrefix("cannot be opened") == true)
    try folder.write(.lora(lora(model, [.gate])), baseModel: "", base: Self.noBase)
    let opt = try SmallConfigurations.description("opt")
    #expect(
      refusal(AdapterFolder(scratch.url, for: opt))
        == "tensor 'base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight' belongs to no weight"
        + " of the model")
    var wide = model
    wide.feedForwardWidth = 13
    #expect(
      refusal(AdapterFolder(scratch.url, for: wide))
        == "lora_A and lora_B of 'layers.0.mlp.gate_proj' have the shapes [2, 8] and [12, 2] beside"
        + " 13 × 8")
    try scratch.write("adapter_config.json", #"{"peft_type": "LOHA"}"#)
    #expect(refusal(folder) == "'peft_type' is \"LOHA\": not supported")
  }
}
