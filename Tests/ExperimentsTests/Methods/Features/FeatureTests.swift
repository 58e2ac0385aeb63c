import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Solved classifiers of frozen states and of texts")
struct FeatureTests {
  private static let solved = ["linear-probe", "nearest-mean", "prompted-probe"]
  private static let textual = ["majority", "tfidf", "nb-svm"]

  @Test(
    "learn sixteen examples, in whatever layer and pooling",
    arguments: [
      ("linear-probe", ["c": .number(1e4)]),
      ("linear-probe", ["layer": .text("best"), "pool": .text("mean")]),
      ("linear-probe", ["layer": .text("all"), "c": .number(1e4), "pool": .text("max")]),
      ("linear-probe", ["layer": .integer(1), "c": .number(1e4), "normalize": .text("yes")]),
      ("linear-probe", ["class-weights": .text("balanced"), "c": .number(1e4)]),
      ("nearest-mean", [:]), ("prompted-probe", ["c": .number(1e4)]),
    ] as [(String, [String: OptionValue])])
  func learns(preset: String, options: [String: OptionValue]) throws {
    let run = try SmallRun.bind(SmallRun.method(preset, options))
    let solution = try #require(run.session.solution)
    // A mean a class is too simple for random texts; it need not fit them.
    let least = preset == "nearest-mean" ? 0.75 : options["layer"] == .text("best") ? 0.5 : 0.95
    #expect(solution.accuracy >= least, "\(solution)")
    #expect(solution.parameters == 2 * run.model.description.embeddingWidth + 2)
    #expect((run.session.demonstrations ?? 0 > 0) == (preset == "prompted-probe"))
    #expect(run.train { _ in } == nil)
  }

  @Test("texts alone are learned too, but for the majority", arguments: textual)
  func learnsTexts(preset: String) throws {
    let method = try SmallRun.method(preset)
    let type = try MethodCatalog.builtin.objective(named: method.objective).get()
    let objective = try #require(type.init(method.options) as? any TextObjective)
    let sample = (0..<16).map {
      Example(fields: [$0 % 2 == 0 ? "a good film \($0)" : "one bad movie \($0)"], label: $0 % 2)
    }
    let ledger = MemoryLedger()
    let fitted = objective.fitted(to: sample, classes: 2, seed: 0, in: ledger)
    #expect(fitted.solution.accuracy >= (preset == "majority" ? 0.5 : 0.95))
    let asked = ["what a good one", "bad", ""].map { Example(fields: [$0], label: 0) }
    let classes = fitted.predictions(for: asked).classes
    #expect(preset == "majority" ? classes == [0, 0, 0] : classes.prefix(2) == [0, 1])
    #expect(ledger.peak == objective.bytes(for: sample, classes: 2))
  }

  @Test("kept states change no result, and damaged ones are computed again", arguments: solved)
  func keptStates(preset: String) throws {
    let folder = try CellFolder()
    let fixed: [String: OptionValue] = preset == "nearest-mean" ? [:] : ["c": .number(1)]
    let cell = try folder.cell(preset, fixed.merging(["layer": .text("all")]) { $1 }, shots: 4)
    let without = try CellRunner().run(cell) { _, _ in }.withoutMeasurements
    let place = folder.files.file("states")
    func result() throws -> CellResult {
      try CellRunner(states: FrozenStateCache(place)).run(cell) { _, _ in }.withoutMeasurements
    }
    #expect(try result() == without)
    let files = try FileManager.default.contentsOfDirectory(
      at: place, includingPropertiesForKeys: nil)
    #expect(files.count > 2)
    #expect(try result() == without)
    for (index, file) in files.enumerated() {
      var bytes = try Data(contentsOf: file)
      if index % 2 == 0 { bytes[bytes.count / 2] ^= 1 } else { bytes.removeLast() }
      try bytes.write(to: file)
    }
    #expect(try result() == without)
  }

  @Test("states that were rounded elsewhere are computed again")
  func otherRounding() throws {
    let model = try SmallRun.model()
    let kept = Memory()
    func texts() -> FrozenTexts {
      FrozenTexts(
        model: model, selection: .lastTokens, layers: [model.description.layers],
        identity: "here", kept: kept)
    }
    let prompts: [[Int32]] = [[1, 2], [3, 4, 5], [6]]
    let alone = texts().alone(prompts)
    let together = texts().together(prompts)
    kept.change()
    #expect(texts().alone(prompts).layers == alone.layers)
    #expect(texts().together(prompts).layers == together.layers)
  }

  /// Keeps states in memory.
  ///
  /// `@unchecked Sendable`: used by one thread.
  private final class Memory: KeptStates, @unchecked Sendable {
    private var contents: [String: Data] = [:]

    func contents(for key: String) -> Data? { contents[key] }
    func keep(_ data: Data, for key: String) { contents[key] = data }

    /// Changes the last bit of every file's first state.
    func change() {
      for key in contents.keys { contents[key]?[MemoryLayout<Double>.stride] ^= 1 }
    }
  }

  @Test("the folder of kept states stays below its limit")
  func bounded() throws {
    let files = try TemporaryFolder()
    let cache = FrozenStateCache(files.file("states"), limit: 100_000)
    for index in 0..<40 { cache.keep(Data(repeating: 1, count: 10_000), for: "k\(index)") }
    let sizes = try FileManager.default.contentsOfDirectory(atPath: files.file("states").path)
    #expect(sizes.count <= 10 && !sizes.isEmpty)
    #expect(cache.contents(for: "k39")?.count == 10_000)
    cache.keep(Data(repeating: 1, count: 60_000), for: "large")
    #expect(cache.contents(for: "large") == nil)
  }

  @Test("the memory of a cell without a model is predicted to the byte", arguments: textual)
  func forecast(preset: String) throws {
    let folder = try CellFolder()
    let cell = try folder.cell(preset, shots: 4)
    #expect(cell.modelPath.isEmpty && cell.recipe.threads == 1)
    let result = try CellRunner().run(cell) { _, _ in }
    let task = try TaskLoader(folder: URL(fileURLWithPath: cell.dataPath)).load(.cola)
    let forecast = try MemoryForecast(
      task: task, options: TaskOptions(), model: folder.files.file("model"), tokenizers: [:])
    let method = try MethodCatalog.builtin.method(
      preset, name: preset, overrides: [:], task: .cola)
    let estimate = try forecast.estimate(method, [cell])
    #expect(estimate.peak == result.memory.peak)
    #expect(result.training?.accuracy != nil)
  }
}

@Suite("What a folder says about states of texts")
struct SentenceModuleTests {
  private func modules(_ files: [String: String]) throws -> SentenceModules? {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let file = folder.file(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return try SentenceModules(folder.url)
  }

  private static func list(_ types: String...) -> String {
    let modules = types.enumerated().map {
      #"{"path": "\#($0)_\#($1)", "type": "sentence_transformers.models.\#($1)"}"#
    }
    return "[\(modules.joined(separator: ", "))]"
  }

  @Test("pooling, normalization, length and prompt")
  func read() throws {
    #expect(try modules([:]) == nil)
    let files = [
      "modules.json": Self.list("Transformer", "Pooling", "Normalize"),
      "1_Pooling/config.json":
        #"{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#,
      "sentence_bert_config.json": #"{"max_seq_length": 256}"#,
      "config_sentence_transformers.json":
        #"{"prompts": {"query": "query: "}, "default_prompt_name": "query"}"#,
    ]
    let found = try #require(try modules(files))
    #expect(found.pooling == .mean && found.normalizes && found.unknown == nil)
    #expect(found.maximumTokens == 256 && found.prefix == "query: ")
    let several = try modules(
      files.merging([
        "1_Pooling/config.json":
          #"{"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true}"#
      ]) { $1 })
    #expect(several?.pooling == nil && several?.unknown != nil)
    let dense = try modules(["modules.json": Self.list("Transformer", "Dense")])
    #expect(dense?.unknown?.contains("Dense") == true)
    #expect(throws: CheckpointError.self) { try modules(["modules.json": "{}"]) }
  }

  @Test("a recipe names what the folder decides, and nothing for a decoder without modules")
  func filled() throws {
    let catalog = MethodCatalog.builtin
    func options(
      _ family: String, _ modules: SentenceModules?, _ asked: [String: OptionValue] = [:]
    ) throws -> [String: OptionValue] {
      try catalog.method("linear-probe", name: "p", overrides: asked, task: .cola)
        .filled(for: SmallRun.folder(family).description, modules).options.values
    }
    #expect(try options("gpt2", nil)["pool"] == nil)
    #expect(try options("bert", nil)["pool"] == .text("mean"))
    #expect(try options("bert", nil, ["pool": .text("first")])["pool"] == .text("first"))
    var modules = try #require(
      try self.modules([
        "modules.json": Self.list("Transformer", "Pooling", "Normalize"),
        "1_Pooling/config.json": #"{"pooling_mode": "cls"}"#,
      ]))
    let filled = try options("bert", modules)
    #expect(filled["pool"] == .text("first") && filled["normalize"] == .text("yes"))
    #expect(try options("bert", modules, ["normalize": .text("no")])["normalize"] == .text("no"))
    #expect(try options("bert", modules, ["pool": .text("mean")])["normalize"] == nil)
    modules.unknown = "the module Dense"
    #expect(throws: MethodError.self) { try options("bert", modules) }
    #expect(try options("bert", modules, ["pool": .text("max")])["pool"] == .text("max"))
    let plain = try catalog.method("linear-probe", name: "p", overrides: [:], task: .cola)
    let written = try catalog.method(
      "linear-probe", name: "p", overrides: ["pool": .text("folder"), "layer": .text("last")],
      task: .cola)
    #expect(plain == written)
  }

  @Test("lower layers are the states that Transformers returns, and pooling is over the text")
  func layers() throws {
    for family in ["gpt2", "bert", "opt-post-norm"] {
      let model = try SmallRun.model(family)
      let batch = PackedBatch([[1, 2, 3], [4, 5]])
      func tape() -> Tape<Float> { Tape(ledger: model.ledger) }
      let all = model.layerStates(batch, .everyToken, on: tape())
      let depth = model.description.layers
      #expect(all.count == depth)
      #expect(all[depth - 1].values == model.hiddenStates(batch, on: tape()).values)
      let first = model.hiddenStates(batch, depth: 1, on: tape()).values
      #expect(depth == 1 || all[0].values == first)
      let width = model.description.embeddingWidth
      let mean = model.hiddenStates(batch, .pooled(.mean), on: tape()).values
      let most = model.hiddenStates(batch, .pooled(.max), on: tape()).values
      let states = all[depth - 1].values
      for j in 0..<width {
        let column = (0..<3).map { states[$0 * width + j] }
        #expect(abs(mean[j] - column.reduce(0, +) / 3) < 1e-5)
        #expect(abs(most[j] - (column.max() ?? 0)) < 1e-5)
      }
      let picked = model.layerStates(batch, model.summarySelection, on: tape())
      #expect(picked.allSatisfy { $0.rows == 2 })
    }
  }
}
