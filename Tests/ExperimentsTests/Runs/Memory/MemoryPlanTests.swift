import Foundation
import Testing

@testable import Engine
@testable import Experiments

@Suite("Prediction of memory")
struct MemoryPlanTests {
  /// Tiny checkpoints of every family, as Transformers saved them.
  private static let families = [
    "opt", "opt-post-norm", "gpt2", "neox", "neox-serial", "llama", "llama-tied", "mistral",
    "qwen2", "bert", "distilbert", "roberta", "electra", "albert", "mpnet",
    "deberta-v3",
  ]

  fileprivate static func folder(_ family: String) throws -> ModelFolder {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try ModelFolder(tests.appendingPathComponent("Parity/Fixtures/\(family)"))
  }

  @Test(
    "agrees with what is measured, to the byte, for every method",
    arguments: families, MethodCatalog.builtin.names)
  func predicted(family: String, preset: String) throws {
    let folder = try Self.folder(family)
    var options = ["rank=2"]
    let method = try MemoryPlan.method(preset)
    if method.options.values["rank"] == nil { options = [] }
    if method.options.values["virtual-tokens"] != nil { options.append("virtual-tokens=3") }
    let small = try MemoryPlan.method(preset, options: options)
    guard method.readsModel else { return }
    do {
      try MethodCatalog.builtin.check(small, against: folder.description)
    } catch {
      return  // a senseless pair, such as words read off an encoder
    }
    let shape = MemoryPlan.Shape(batch: 4, length: 5, demonstrations: 2)
    let predicted = try MemoryPlan.predicted(
      small, weights: PlannedWeights(folder), folder.description, shape: shape)
    let measured = try MemoryPlan.measured(small, in: folder, shape: shape)
    #expect(predicted.peak == measured.peak)
    #expect(predicted.categories == measured.categories)
  }

  @Test(
    "agrees for teachers, preparations, calibrations, choices and heads as well",
    arguments: ["gpt2", "opt-post-norm", "llama"],
    [
      "context-distillation teacher=OTHER", "context-distillation pool=whole",
      "context-distillation over=head teacher=prompt-only", "lora tapt-epochs=3 rank=2",
      "icl calibration=channel", "icl calibration=dc-pmi", "icl tapt-epochs=1",
      "vanilla selection=best-held-out validation=4", "vanilla head=mlp",
      "vanilla adaptation=probe selection=best-in-domain", "linear-probe pool=mean layer=best",
      "nearest-mean layer=all", "prompted-probe demonstrations=1", "setfit pool=mean",
      "lora rank=2 selection=best-held-out validation=4",
    ])
  func variants(family: String, spelled: String) throws {
    let folder = try Self.folder(family)
    let other = try Self.folder("llama").url.path
    let words = spelled.replacingOccurrences(of: "OTHER", with: other).split(separator: " ")
    let method = try MemoryPlan.method(
      String(words[0]), options: words.dropFirst().map(String.init))
    let shape = MemoryPlan.Shape(batch: 4, length: 5, demonstrations: 2)
    let predicted = try MemoryPlan.predicted(
      method, weights: PlannedWeights(folder), folder.description, shape: shape)
    let measured = try MemoryPlan.measured(method, in: folder, shape: shape)
    #expect(predicted.peak == measured.peak)
    #expect(predicted.categories == measured.categories)
  }

  /// A planned value has an address at which nothing is mapped, so a look at one would end this
  /// process.
  @Test(
    "plans every objective with every adaptation without a look at a value",
    arguments: ["opt", "neox", "llama-tied", "bert"],
    MethodCatalog.builtin.objectives.map { $0.name })
  func everyPair(family: String, objective: String) throws {
    let folder = try Self.folder(family)
    let shape = MemoryPlan.Shape(batch: 4, length: 5, demonstrations: 2)
    var planned = 0
    for adaptation in MethodCatalog.builtin.adaptations.map({ $0.name }) {
      for option in [
        "", "base=int8", "base=nf4-double", "magnitude=true", "weight-decay=0.1", "tapt-epochs=1",
        "selection=best-in-domain", "head=mlp", "over=labels", "calibration=contextual",
      ] {
        let options = ["objective=\(objective)", "adaptation=\(adaptation)", option]
        guard
          let method = try? MemoryPlan.method("vanilla", options: options.filter { !$0.isEmpty }),
          method.readsModel,
          (try? MethodCatalog.builtin.check(method, against: folder.description)) != nil
        else { continue }  // a senseless combination
        let plan = try MemoryPlan.predicted(
          method, weights: PlannedWeights(folder), folder.description, shape: shape)
        #expect(plan.peak > 0)
        planned += 1
      }
    }
    let readsModel = !["majority", "tfidf", "nb-svm"].contains(objective)
    #expect(planned > 0 || family == "bert" || !readsModel)
  }

  @Test("a look at a planned value ends the process")
  func trap() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let tensor = Tensor<Float>(rows: 1, columns: 1, in: MemoryLedger(planning: true))
      print(tensor.elements[0])
    }
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let description = try MemoryPlanTests.folder("opt").description
      let table = PlannedWeights(description).tensor(
        .tokenEmbedding, rows: 4, columns: 4, in: MemoryLedger(planning: true))
      print(table.element(at: 0))
    }
  }

  @Test("says what a published shape needs without any file")
  func publishedShape() throws {
    let description = try RandomModel.description(of: "opt-30b")
    let plan = try MemoryPlan.predicted(
      try MemoryPlan.method("qlora"), weights: PlannedWeights(description), description,
      shape: .init(batch: 1, length: 8))
    let matrices = description.layers * 12 * description.width * description.width
    let weights = try #require(plan.categories[.weights])
    // 0.516 bytes a weight of the layers, four of everything else; and one matrix as floats, whose
    // last rows are being quantized.
    let others = 4 * (description.parameterCount - matrices)
    let floats = 4 * description.width * description.feedForwardWidth
    #expect(weights > matrices * 515 / 1000 + others)
    #expect(weights < matrices * 517 / 1000 + others + floats)
  }

  @Test("plans what no machine has room for")
  func beyondAddressSpace() throws {
    let description = try RandomModel.description(of: "opt-30b")
    let shape = MemoryPlan.Shape(batch: 128, length: 2048)
    #expect(shape.problem(for: description) == nil)
    let plan = try MemoryPlan.predicted(
      try MemoryPlan.method("vanilla"), weights: PlannedWeights(description), description,
      shape: shape)
    #expect(plan.peak > 1 << 40)
  }

  @Test(
    "refuses steps that are no sensible question",
    arguments: [(1, 2049, 1), (.max, 1, 1), (4096, 2048, 1), (1, 1, .max)])
  func senseless(batch: Int, length: Int, demonstrations: Int) throws {
    let shape = MemoryPlan.Shape(batch: batch, length: length, demonstrations: demonstrations)
    #expect(shape.problem(for: try RandomModel.description(of: "opt-125m")) != nil)
  }

  /// In a process of its own, whose memory is nobody else's.
  @Test("what becomes resident is within a tenth of the prediction")
  func resident() async {
    await #expect(processExitsWith: .success) {
      let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("resident-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: url) }
      try RandomModel.write(preset: "pythia-70m", to: url, seed: 1)
      let folder = try ModelFolder(url)
      for preset in ["lora", "prompt-tuning", "vanilla", "context-distillation"] {
        let method = try MemoryPlan.method(preset)
        let shape = MemoryPlan.Shape(batch: 8, length: 16, demonstrations: 4)
        let predicted = try MemoryPlan.predicted(
          method, weights: PlannedWeights(folder), folder.description, shape: shape)
        let measured = try MemoryPlan.measured(method, in: folder, shape: shape)
        let ratio = Double(measured.resident) / Double(predicted.resident)
        guard abs(ratio - 1) < 0.1 else {
          throw OffPrediction("\(preset): \(ratio) of the prediction")
        }
      }
    }
  }
}

private struct OffPrediction: Error {
  let text: String
  init(_ text: String) { self.text = text }
}
