import Testing

@testable import Engine
@testable import Experiments

@Suite("The product of objectives, adaptations, bases and preparations")
struct CombinationTests {
  private static let objectives = [
    "head", "verbalizer", "distillation", "prompt", "features", "contrastive",
  ]
  private static let adaptations = [
    "full", "layers", "lora", "adapter", "biases", "ia3", "prompt", "prefix", "probe", "none",
  ]

  /// Options that make parts fit a model of width 20, and variants of the objective.
  private static func variants(_ objective: String) -> [[String: OptionValue]] {
    switch objective {
    case "distillation":
      [
        [:], ["over": .text("head"), "teacher": .text("prompt-only")], ["pool": .text("whole")],
      ]
    case "prompt": Calibration.allCases.map { ["calibration": .text($0.rawValue)] }
    case "features": [[:], ["layer": .text("all"), "pool": .text("max")]]
    case "head": [[:], ["head": .text("mlp")]]
    default: [[:]]
    }
  }

  private static func sizes(_ adaptation: String) -> [String: OptionValue] {
    switch adaptation {
    case "lora": ["rank": .integer(2)]
    case "adapter": ["size": .integer(4)]
    case "prompt", "prefix": ["virtual-tokens": .integer(2)]
    default: [:]
    }
  }

  @Test("each trains or answers, or says why it makes no sense", arguments: objectives, adaptations)
  func product(objective: String, adaptation: String) throws {
    for variant in Self.variants(objective) {
      for base in BasePrecision.allCases {
        for epochs in [0, 1] {
          var options = variant.merging(Self.sizes(adaptation)) { $1 }
          options["objective"] = .text(objective)
          options["adaptation"] = .text(adaptation)
          if base != .float32 { options["base"] = .text(base.rawValue) }
          if epochs > 0 { options["tapt-epochs"] = .integer(epochs) }
          let method: Method
          do {
            method = try SmallRun.method("pbft", options)
          } catch {
            #expect(!error.help.isEmpty && !error.message.contains("no option"), "\(error)")
            let isSensible = Self.isSensible(objective, adaptation, options)
            #expect(!isSensible, "\(error)")
            continue
          }
          #expect(Self.isSensible(objective, adaptation, options))
          try Self.expectToRun(method)
        }
      }
    }
  }

  private static func isSensible(
    _ objective: String, _ adaptation: String, _ options: [String: OptionValue]
  ) -> Bool {
    let isQuantized = options["base"] != nil
    let isTrained = !["prompt", "features"].contains(objective)
    if isTrained == (adaptation == "none") { return false }
    if isQuantized, ["full", "layers"].contains(adaptation) { return false }
    if isQuantized, options["tapt-epochs"] != nil { return false }
    if adaptation == "probe", objective != "head", options["over"] == nil { return false }
    return true
  }

  private static func expectToRun(_ method: Method) throws {
    var values = method.options.values
    if method.trains { values["epochs"] = .integer(1) }
    let quick = Method(
      name: method.name, preset: method.preset, compatibility: .none, objective: method.objective,
      adaptation: method.adaptation, options: ResolvedOptions(values),
      usesSample: method.usesSample, trains: method.trains, readsModel: method.readsModel)
    let run = try SmallRun.bind(quick, sample: 4)
    let outcome = run.train { _ in }
    #expect((outcome != nil) == method.trains)
    #expect(outcome?.losses.allSatisfy(\.isFinite) ?? true)
    let predictions = run.evaluator.predictions(for: Array(SmallRun.examples.prefix(3)))
      .predictions
    #expect(predictions.classes.count == 3 && predictions.areFinite)
    #expect(predictions.probabilities.count == 6)
  }

  @Test(
    "a senseless combination is rejected with its reason",
    arguments: [
      (
        "pbft", ["adaptation": .text("probe")],
        """
        method 'pbft' combines 'verbalizer' with 'probe', which makes no sense
          help: 'verbalizer' answers with the model's own words, and 'probe' trains no part of the \
        model; use objective 'head', or an adaptation such as 'lora'
        """
      ),
      (
        "vanilla", ["base": .text("int8")],
        """
        method 'vanilla' asks for a quantised base, but trains its matrices
          help: leave 'base' out, or choose an adaptation that freezes the matrices, such as lora
        """
      ),
      (
        "qlora", ["tapt-epochs": .integer(1)],
        """
        method 'qlora' combines 'head' with 'lora', which makes no sense
          help: continued pre-training changes the matrices that 'base' has quantised; \
        leave one of them out
        """
      ),
      (
        "context-distillation", ["over": .text("head")],
        """
        method 'context-distillation' combines 'distillation' with 'full', which makes no sense
          help: an untrained head gives the same answers with demonstrations as without; use \
        'teacher: prompt-only', or 'over: labels'
        """
      ),
      (
        "prefix-tuning", ["objective": .text("prompt")],
        """
        method 'prefix-tuning' combines 'prompt' with 'prefix', which makes no sense
          help: 'prompt' has no loss to train on; use adaptation 'none'
        """
      ),
      (
        "vanilla", ["head-dropout": .number(0.2)],
        """
        method 'vanilla' does not use option 'head-dropout', because 'head' is linear
          help: leave 'head-dropout' out, or change that setting
        """
      ),
      (
        "lora", ["validation": .integer(8)],
        """
        method 'lora' does not use option 'validation', because there is neither a grid nor \
        'selection: best-held-out'
          help: leave 'validation' out, or change that setting
        """
      ),
      (
        "bitfit", ["compat": .text("llmft")],
        """
        method 'bitfit' asks for 'bitfit' as in llmft, but that study has no such method
          help: leave 'compat' out; it covers icl, lora, pbft, vanilla, zero-shot
        """
      ),
      (
        "lora", ["compat": .text("paper")],
        """
        option 'compat' of method 'lora' cannot be 'paper'
          help: it takes one of none, paper-2024, llmft
        """
      ),
      (
        "lora", ["grid.rnak": .list([.integer(1)])],
        "method 'lora' has no option 'rnak'\n  help: did you mean 'rank'?"
      ),
      (
        "lora", ["grid.rank": .list([.integer(1), .text("many")])],
        """
        option 'grid.rank' of method 'lora' cannot be 'many'
          help: it takes an integer from 1 to 65536
        """
      ),
      (
        "lora", ["grid.selection": .list([.text("last")])],
        """
        method 'lora' cannot choose 'selection' by a grid
          help: it decides how the grid's settings are compared; give it one value
        """
      ),
    ] as [(String, [String: OptionValue], String)])
  func refused(preset: String, options: [String: OptionValue], expected: String) {
    let error = #expect(throws: MethodError.self) { try SmallRun.method(preset, options) }
    #expect(error?.description == expected)
  }

  @Test("an encoder has no next word to continue its pre-training on, or to be taught")
  func encoders() throws {
    let encoder = try SmallRun.folder("bert").description
    let catalog = MethodCatalog.builtin
    #expect(throws: MethodError.self) {
      try catalog.check(SmallRun.method("tapt"), against: encoder)
    }
    #expect(throws: MethodError.self) {
      try catalog.check(SmallRun.method("context-distillation"), against: encoder)
    }
    try catalog.check(SmallRun.method("linear-probe"), against: encoder)
    let heads = try SmallRun.method(
      "context-distillation", ["over": .text("head"), "teacher": .text("prompt-only")])
    try catalog.check(heads, against: encoder)
    #expect(encoder.misfitAsTeacher(of: try SmallRun.folder().description) != nil)
  }

  @Test(
    "what reads examples besides the sample says so where there are none",
    arguments: [
      ("vanilla", ["grid.epochs": .list([.integer(1), .integer(2)])]),
      ("vanilla", ["selection": .text("best-held-out")]),
      ("context-distillation", ["pool": .text("whole")]),
    ] as [(String, [String: OptionValue])])
  func withoutPool(preset: String, options: [String: OptionValue]) throws {
    let method = try SmallRun.method(preset, options)
    let folder = try SmallRun.folder()
    let error = #expect(throws: MethodError.self) {
      try MethodRun(
        .builtin, objective: method.objective, adaptation: method.adaptation,
        options: method.options, model: SmallRun.model(),
        tokenizer: SyntheticTokenizer(vocabularySize: folder.description.vocabularySize),
        task: SyntheticTask(length: 1).definition, sample: SmallRun.examples, seed: 0)
    }
    guard case .needsPool? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
