import Testing

@testable import Engine
@testable import Experiments

@Suite("Every preset that trains")
struct PresetTrainingTests {
  /// A preset with settings under which a tiny model of random weights learns sixteen random texts.
  struct Case: Sendable, CustomTestStringConvertible {
    let preset: String
    let rate: Double
    let epochs: Int

    init(_ preset: String, _ rate: Double, _ epochs: Int) {
      (self.preset, self.rate, self.epochs) = (preset, rate, epochs)
    }

    var testDescription: String { preset }
  }

  static let cases = [
    Case("vanilla", 1e-2, 40), Case("pbft", 1e-2, 40), Case("pbft-head", 1e-2, 40),
    Case("adaptive", 1e-2, 60), Case("tapt", 1e-2, 40), Case("setfit", 5e-3, 20),
    Case("lora", 2e-2, 150), Case("rslora", 2e-2, 150), Case("lora-plus", 5e-3, 150),
    Case("dora", 2e-2, 150), Case("qlora", 2e-2, 150), Case("adapter-houlsby", 1e-2, 100),
    Case("adapter-pfeiffer", 1e-2, 150), Case("bitfit", 2e-2, 150), Case("ia3", 5e-2, 300),
    Case("prompt-tuning", 5e-2, 300), Case("prefix-tuning", 5e-2, 300),
    Case("context-distillation", 1e-2, 60), Case("context-distillation-lora", 2e-2, 150),
  ]

  @Test("is among the cases")
  func complete() {
    let trained = MethodCatalog.builtin.presets.filter { $0.adaptation != NoAdaptation.name }
    #expect(Set(trained.map(\.name)) == Set(Self.cases.map(\.preset)))
  }

  @Test(
    "lowers its loss and learns sixteen examples; what is frozen keeps its bits", arguments: cases)
  func learns(_ example: Case) throws {
    var options: [String: OptionValue] = try SmallRun.small(example.preset)
    options["learning-rate"] = .number(example.rate)
    options["epochs"] = .integer(example.epochs)
    options["schedule"] = .text("constant")
    let defaults = try SmallRun.method(example.preset).options.values
    if defaults["dropout"] != nil { options["dropout"] = .number(0) }
    if case .integer(1...) = defaults["tapt-epochs"] { options["tapt-epochs"] = .integer(2) }
    if defaults["pattern"] == .text("paper-2024") { options["pattern"] = .text("words") }
    if defaults["c"] != nil { options["c"] = .number(1e3) }
    if defaults["lambda"] != nil { options["lambda"] = .number(0.1) }
    let method = try SmallRun.method(example.preset, options)
    let run = try SmallRun.bind(method)
    let before = run.model.parameters.map { ($0, $0.tensor.values) }
    let outcome = try #require(run.train { _ in })
    let (first, last) = (try #require(outcome.losses.first), try #require(outcome.losses.last))
    #expect(outcome.divergedAt == nil)
    #expect(last < 0.7 * first)
    #expect(run.accuracyOnSample() >= 0.95)
    for (parameter, values) in before
    where !run.groups.contains(where: { $0.tensor === parameter.tensor }) {
      #expect(parameter.tensor.values == values, "\(parameter.name)")
    }
    #expect(outcome.relativeWeightChange > 0)
  }

  @Test("a probe's cached states give the training that computing them every step gives")
  func cachedStates() throws {
    let options: [String: OptionValue] = [
      "adaptation": .text("probe"), "epochs": .integer(5), "batch-size": .integer(4),
    ]
    let run = try SmallRun.bind(SmallRun.method("vanilla", options))
    let cached = try #require(run.train { _ in })
    let other = try SmallRun.bind(SmallRun.method("vanilla", options))
    let fresh = Trainer(
      model: other.model, session: other.session, groups: other.groups,
      options: TrainingOptions(try SmallRun.method("vanilla", options).options), seed: 3
    ).run(SmallRun.examples.map(other.session.prompt(for:))) { _ in }
    for (a, b) in zip(cached.losses, fresh.losses) { #expect(abs(a - b) < 1e-5) }
    #expect(cached.steps == fresh.steps && cached.tokens < fresh.tokens)
  }

  @Test("LoRA+ lets every B learn sixteen times as fast as its A")
  func ratesOfLoRAPlus() throws {
    let run = try SmallRun.bind(SmallRun.method("lora-plus", SmallRun.small("lora-plus")))
    let additions = run.groups.dropLast()  // the head
    #expect(additions.map(\.rateScale) == additions.indices.map { $0 % 2 == 0 ? 1 : 16 })
  }
}
