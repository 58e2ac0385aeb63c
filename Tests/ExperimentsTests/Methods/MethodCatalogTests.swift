import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite struct MethodCatalogTests {
  private let catalog = MethodCatalog.builtin

  private func method(
    _ preset: String, _ options: [String: OptionValue] = [:]
  ) throws(MethodError) -> Method {
    try catalog.method(preset, name: "mine", overrides: options, task: .cola)
  }

  @Test(
    "a method that cannot be built is explained",
    arguments: [
      ("lroa", [:], "there is no method 'lroa'\n  help: did you mean 'lora'?"),
      (
        "dreambooth", [:],
        """
        there is no method 'dreambooth'
          help: choose from zero-shot, icl, vanilla, pbft, pbft-head, adaptive, tapt, setfit, \
        linear-probe, nearest-mean, prompted-probe, lora, rslora, lora-plus, dora, qlora, adapter-houlsby, adapter-pfeiffer, bitfit, ia3, \
        prompt-tuning, prefix-tuning, context-distillation, context-distillation-lora, majority, \
        tfidf, nb-svm
        """
      ),
      (
        "lora", ["rnak": .integer(8)],
        "method 'mine' has no option 'rnak'\n  help: did you mean 'rank'?"
      ),
      (
        "icl", ["epochs": .integer(8)],
        """
        method 'mine' has no option 'epochs'
          help: choose from pattern, demonstrations, calibration, base, validation, tapt-epochs, \
        tapt-learning-rate, tapt-batch-size, tapt-texts, tapt-source, objective, adaptation, compat, \
        grid
        """
      ),
      (
        "lora", ["rank": .integer(0)],
        "option 'rank' of method 'mine' cannot be '0'\n  help: it takes an integer from 1 to 65536"
      ),
      (
        "lora", ["rank": .number(2.5)],
        "option 'rank' of method 'mine' cannot be '2.5'\n  help: it takes an integer from 1 to 65536"
      ),
      (
        "vanilla", ["learning-rate": .text("fast")],
        """
        option 'learning-rate' of method 'mine' cannot be 'fast'
          help: it takes a number from 0.0 to 10.0
        """
      ),
      (
        "vanilla", ["learning-rate": .number(.nan)],
        """
        option 'learning-rate' of method 'mine' cannot be 'nan'
          help: it takes a number from 0.0 to 10.0
        """
      ),
      (
        "vanilla", ["schedule": .text("linaer")],
        """
        option 'schedule' of method 'mine' cannot be 'linaer'
          help: it takes one of linear, constant, cosine
        """
      ),
      (
        "lora", ["targets": .list([])],
        """
        option 'targets' of method 'mine' cannot be '[]'
          help: it takes a list of query, key, value, output, gate, up, down
        """
      ),
      (
        "lora", ["objective": .integer(3)],
        "option 'objective' of method 'mine' cannot be '3'\n  help: it takes a name"
      ),
      (
        "vanilla", ["objective": .text("heads")],
        """
        option 'objective' of method 'mine' cannot be 'heads'
          help: it takes one of head, verbalizer, distillation, prompt, features, majority, tfidf, \
        nb-svm, contrastive
        """
      ),
      (
        "vanilla", ["adaptation": .text("hypernetwork")],
        """
        option 'adaptation' of method 'mine' cannot be 'hypernetwork'
          help: it takes one of full, layers, lora, adapter, biases, ia3, prompt, prefix, probe, none
        """
      ),
      (
        "vanilla", ["adaptation": .text("none")],
        """
        method 'mine' combines 'head' with 'none', which makes no sense
          help: 'head' needs something to train; use adaptation 'full' or 'lora'
        """
      ),
      (
        "icl", ["adaptation": .text("full")],
        """
        method 'mine' combines 'prompt' with 'full', which makes no sense
          help: 'prompt' has no loss to train on; use adaptation 'none'
        """
      ),
    ] as [(String, [String: OptionValue], String)])
  func errors(preset: String, options: [String: OptionValue], expected: String) {
    let error = #expect(throws: MethodError.self) { try method(preset, options) }
    #expect(error?.description == expected)
  }

  @Test("the first of several mistakes is always the same one")
  func firstMistake() {
    for _ in 0..<20 {
      let error = #expect(throws: MethodError.self) {
        try method("lora", ["zeal": .integer(1), "ardor": .integer(1), "mood": .integer(1)])
      }
      #expect(error?.option == "ardor")
    }
  }

  @Test("every preset builds with nothing but its defaults", arguments: MethodCatalog.builtin.names)
  func presets(name: String) throws {
    let method = try method(name)
    #expect(method.preset == name && method.name == "mine")
    let trains = try MethodCatalog.builtin.preset(named: name).adaptation != NoAdaptation.name
    #expect(method.trains == trains)
    #expect(method.readsModel == !["majority", "tfidf", "nb-svm"].contains(name))
    #expect(method.usesSample == (name != "zero-shot"))
    #expect(!method.options.values.values.contains(.text(PatternChoice.taskDefault)))
  }

  @Test(
    "a recipe's JSON gives back the options it was written from",
    arguments: MethodCatalog.builtin.names)
  func readBack(preset: String) throws {
    let catalog = MethodCatalog.builtin
    let method = try catalog.method(preset, name: preset, overrides: [:], task: .cola)
    let written = try JSONEncoder().encode(method.options.values)
    let values = try JSONDecoder().decode([String: OptionValue].self, from: written)
    let read = try catalog.options(
      values, objective: method.objective, adaptation: method.adaptation)
    #expect(read == method.options)
    for name in values.keys {
      var fewer = values
      fewer[name] = nil
      #expect(throws: MethodError.self) {
        try catalog.options(fewer, objective: method.objective, adaptation: method.adaptation)
      }
      let broken = values.merging([name: .list([.flag(true)])]) { $1 }
      #expect(throws: MethodError.self) {
        try catalog.options(broken, objective: method.objective, adaptation: method.adaptation)
      }
    }
  }

  @Test("a command line's settings are read alike in 'train' and 'estimate'")
  func settings() throws {
    let method = try MemoryPlan.method(
      "lora", options: ["lr=1e-3", "batch=4", "clip=0", "targets=key,value", "rank=2", "rank=4"])
    let training = TrainingOptions(method.options)
    #expect(training.learningRate == 1e-3 && training.batchSize == 4 && training.clipNorm == 0)
    #expect(method.options[LoRAAdaptation.targets] == [.key, .value])
    #expect(method.options[LoRAAdaptation.rank] == 4)
    for malformed in ["rank", "=4", "rank="] {
      let error = #expect(throws: MethodError.self) {
        try MemoryPlan.method("lora", options: [malformed])
      }
      #expect(error?.reason == .malformedSetting(malformed))
    }
  }

  @Test("any sensible combination of objective and adaptation builds")
  func combinations() throws {
    for objective in ["head", "verbalizer", "distillation"] {
      for adaptation in ["full", "layers", "lora"] {
        let method = try method(
          "pbft", ["objective": .text(objective), "adaptation": .text(adaptation)])
        #expect(method.objective == objective && method.adaptation == adaptation)
      }
    }
  }

  @Test("an objective named over a preset's takes its own pattern, unless one is named too")
  func patternFollowsObjective() throws {
    let words = try method("lora", ["objective": .text("verbalizer")])
    #expect(words.options.values["pattern"] == .text(TaskDefinition.cola.defaultPattern))
    let named = try method(
      "lora", ["objective": .text("verbalizer"), "pattern": .text("lm-eval")])
    #expect(named.options.values["pattern"] == .text("lm-eval"))
  }

  @Test("a whole number and the same number with a point are one option, so one key")
  func canonicalNumbers() throws {
    let whole = try method("vanilla", ["weight-decay": .integer(1)])
    #expect(try method("vanilla", ["weight-decay": .number(1)]) == whole)
    #expect(
      try method("lora", ["targets": .text("query")])
        == method("lora", ["targets": .list([.text("query")])]))
  }

  @Test("options that do not fit the model are explained before anything runs")
  func againstModel() throws {
    let folder = try CellFolder()
    let description = try folder.model().description
    func explained(_ preset: String, _ options: [String: OptionValue]) throws -> String? {
      let method = try method(preset, options)
      do throws(MethodError) {
        try catalog.check(method, against: description)
        return nil
      } catch { return error.description }
    }
    #expect(try explained("lora", ["rank": .integer(8)]) == nil)
    #expect(
      try explained("lora", ["rank": .integer(9)])
        == "method 'mine': rank 9 exceeds the smallest matrix dimension 8\n"
        + "  help: choose a rank from 1 to 8")
    #expect(try explained("lora", ["rank": .integer(16), "targets": .text("query")]) == nil)
    #expect(try explained("adaptive", ["frozen": .integer(1)]) == nil)
    #expect(
      try explained("adaptive", ["frozen": .integer(2)])
        == "method 'mine' freezes 2 layers of a model with 2\n"
        + "  help: choose 'frozen' from 0 to 1, or leave it out for five sixths of the layers")
  }

  @Test("label words the pattern lacks or the tokenizer confuses are explained")
  func labelWords() throws {
    let folder = try CellFolder()
    let tokenizer = try TokenizerLoader.load(from: folder.files.file("model"))
    func explained(_ task: TaskDefinition, pattern: String) throws -> String? {
      let method = try catalog.method(
        "pbft", name: "mine", overrides: ["pattern": .text(pattern)], task: task)
      do throws(MethodError) {
        try catalog.check(method, task: task)
        try catalog.check(method, task: task, tokenizer: tokenizer)
        return nil
      } catch { return error.description }
    }
    #expect(try explained(.cola, pattern: "minimal") == nil)
    #expect(
      try explained(.cola, pattern: "plain")
        == "method 'mine' predicts label words, but pattern 'plain' has none\n"
        + "  help: name a pattern with label words: "
        + TaskDefinition.cola.patterns.map(\.name).joined(separator: ", "))
    var task = TaskDefinition.cola
    task.patterns = [PatternDefinition("prefix", "{sentence}", labelWords: ["qx", "qxz"])]
    #expect(
      try explained(task, pattern: "prefix")
        == "the tokenizer does not distinguish the label words qx and qxz\n"
        + "  help: use words that the model knows: another pattern in a report, --words in 'train'")
  }
}
