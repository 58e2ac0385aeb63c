import Testing

@testable import Engine

/// A family and one of its recorded courses.
struct ParityRun: Sendable, CustomTestStringConvertible {
  let fixture: ParityFixture
  let course: ParityCourse

  var testDescription: String { "\(fixture.name), \(course.name)" }

  static let all = ParityFixture.all.flatMap { fixture in
    fixture.expected.courses.map { ParityRun(fixture: fixture, course: $0) }
  }

  /// Has the model train what the course trains, from the recorded start.
  func prepare(_ model: Transformer<Float>) throws {
    model.setTrainable(false)
    switch course.name {
    case "full", "head", "distillation", "tapt":
      model.setTrainable(true)
    case "probe":
      break
    case "bitfit":
      for parameter in model.parameters { parameter.tensor.requiresGradient = parameter.isBias }
    case "frozen":
      let lowest = course.frozenLayers ?? 0
      for parameter in model.parameters {
        parameter.tensor.requiresGradient =
          parameter.isAboveLayers || parameter.layer.map { $0 >= lowest } ?? false
      }
    default:
      model.attach(try adapterAtStart(for: model.description))
    }
  }

  /// Writes PEFT's tensors of the start into a folder like PEFT's and reads it.
  private func adapterAtStart(for description: ModelDescription) throws -> Adapter {
    let scratch = try ScratchFolder()
    let type = ["ia3": "IA3", "prompt": "PROMPT_TUNING", "prefix": "PREFIX_TUNING"][course.name]
    let products = """
      , "r": \(course.rank ?? 1), "lora_alpha": \(course.alpha ?? 1),
      "use_rslora": \(course.name == "rslora"), "use_dora": \(course.name == "dora")
      """
    try scratch.write(
      "adapter_config.json",
      #"{"peft_type": "\#(type ?? "LORA")"\#(type == nil ? products : "")}"#)
    let tensors = try fixture.adapter(atStartOf: course).sorted { $0.key < $1.key }
    try scratch.writeTensors(
      "adapter_model.safetensors", tensors.map { ($0.key, $0.value.shape, $0.value.values) })
    return try AdapterFolder(scratch.url, for: description).read()
  }

  /// The factor of a parameter's learning rate.
  func rateScale(of parameter: Parameter<Float>, layers: Int) -> Double {
    if let factor = course.rateFactor, parameter.name.hasSuffix(".lora-b") { return factor }
    guard let decay = course.layerDecay, let layer = parameter.layer else { return 1 }
    return (layer + 1..<layers).reduce(1) { scale, _ in scale * decay }
  }
}
