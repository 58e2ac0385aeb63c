import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

/// What a worker takes is compared with what was predicted for it before it started.
@Suite("Memory of workers", .serialized)
struct MemoryForecastTests {
  @Test("resident memory is no more than predicted, and not much less")
  func resident() async throws {
    let bench = try WorkerBench()
    let measured = try await bench.measure(MemorySetting.all)
    #expect(measured.count >= 40)
    for (setting, sizes) in measured {
      let (predicted, resident) = (sizes.predicted, sizes.resident)
      let text = "\(setting): predicted \(predicted >> 10) KiB, measured \(resident >> 10) KiB"
      if ProcessInfo.processInfo.environment["SHOW_MEMORY"] != nil { print("MEM", text) }
      #expect(predicted >= resident, "\(text)")
      #expect(Double(predicted) <= 1.25 * Double(resident) + Double(16 << 20), "\(text)")
    }
  }
}

/// A cell whose memory is looked at.
struct MemorySetting: Sendable, CustomStringConvertible {
  var model: WorkerBench.Model
  var preset: String
  var options: [String: OptionValue] = [:]
  var classes = 2
  var words = 8
  var shots = 4

  var description: String {
    let options = options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ([model.rawValue, preset] + options).joined(separator: " ")
      + " \(classes) classes × \(shots), \(words) words"
  }

  static let all: [MemorySetting] = {
    var all: [MemorySetting] = []
    func add(
      _ model: WorkerBench.Model, _ preset: String, _ options: [String: OptionValue] = [:],
      _ shapes: (classes: Int, words: Int, shots: Int)...
    ) {
      for shape in shapes {
        all.append(
          MemorySetting(
            model: model, preset: preset, options: options, classes: shape.classes,
            words: shape.words, shots: shape.shots))
      }
    }
    add(.neox, "vanilla", [:], (2, 8, 4), (20, 90, 2), (2, 90, 16), (5, 8, 32))
    add(.neox, "lora", [:], (2, 90, 16), (20, 8, 8))
    add(.neox, "icl", [:], (2, 8, 4), (2, 90, 2), (20, 8, 4), (4, 30, 32))
    add(.neox, "zero-shot", [:], (2, 8, 2), (20, 90, 2))
    add(.neox, "icl", ["calibration": .text("channel")], (2, 30, 2), (20, 90, 2))
    add(.neox, "pbft", [:], (2, 8, 16), (20, 90, 2))
    add(.gpt2, "vanilla", ["batch-size": .integer(8)], (2, 90, 16), (10, 30, 4))
    add(.gpt2, "bitfit", [:], (2, 8, 32), (20, 60, 2))
    add(.gpt2, "prefix-tuning", [:], (2, 30, 8), (3, 90, 8))
    add(.gpt2, "prompt-tuning", [:], (2, 30, 8))
    add(.gpt2, "context-distillation", [:], (2, 8, 16), (6, 60, 2))
    add(
      .gpt2, "context-distillation", ["over": .text("vocabulary"), "pool": .text("whole")],
      (2, 30, 4))
    add(.gpt2, "tapt", ["tapt-epochs": .integer(1)], (2, 30, 4))
    add(.llama, "adaptive", [:], (2, 8, 4), (20, 60, 4))
    add(.llama, "qlora", [:], (2, 60, 8))
    add(.llama, "vanilla", ["batch-size": .integer(64)], (2, 60, 32))
    add(.llama, "pbft", [:], (2, 30, 8))
    add(.llama, "zero-shot", [:], (2, 90, 2))
    add(.llama, "linear-probe", [:], (2, 30, 32))
    add(.opt, "vanilla", [:], (2, 8, 8), (20, 90, 2))
    add(.opt, "icl", [:], (2, 30, 8))
    add(.opt, "lora", ["grid.rank": .list([.integer(2), .integer(32)])], (2, 30, 4))
    add(.bert, "vanilla", [:], (2, 8, 8), (20, 90, 4))
    add(.bert, "linear-probe", [:], (4, 60, 16))
    add(.bert, "setfit", ["epochs": .integer(1)], (4, 60, 16))
    add(.bert, "lora", ["selection": .text("best-held-out")], (2, 60, 8))
    add(.builtin, "vanilla", [:], (2, 8, 4), (20, 90, 2))
    add(.builtin, "icl", [:], (2, 8, 16))
    add(.builtin, "lora", [:], (2, 60, 16))
    return all
  }()
}

/// Workers that each run one cell and then say how much memory they have taken.
struct WorkerBench {
  enum Model: String, CaseIterable, Sendable {
    case neox, gpt2, llama, opt, bert, builtin
  }

  private let files: TemporaryFolder
  private let folders: [Model: URL]

  init() throws {
    files = try TemporaryFolder()
    var folders: [Model: URL] = [:]
    let words = files.file("words")
    try ModelFixture.write(to: words)
    for model in Model.allCases {
      guard let configuration = Self.configuration(model) else {
        folders[model] = try BuiltinModel.folder(of: "builtin")
        continue
      }
      let folder = files.file(model.rawValue)
      try RandomModel.write(configuration, named: model.rawValue, to: folder, seed: 1)
      try FileManager.default.copyItem(
        at: words.appendingPathComponent("tokenizer.json"),
        to: folder.appendingPathComponent("tokenizer.json"))
      folders[model] = folder
    }
    self.folders = folders
  }

  private static func configuration(_ model: Model) -> JSONObject? {
    switch model {
    case .builtin: nil
    case .neox:
      JSONObject([
        "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"], "vocab_size": 20_000,
        "hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4,
        "intermediate_size": 512, "hidden_act": "gelu", "rotary_pct": .number(0.25),
        "rotary_emb_base": 10_000, "use_parallel_residual": true, "max_position_embeddings": 512,
        "tie_word_embeddings": false, "bos_token_id": 0, "eos_token_id": 0,
      ])
    case .gpt2:
      JSONObject([
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 8000,
        "n_embd": 128, "n_layer": 4, "n_head": 4, "n_positions": 512,
        "activation_function": "gelu_new", "bos_token_id": 0, "eos_token_id": 0,
      ])
    case .llama:
      JSONObject([
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 4000,
        "hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 384, "hidden_act": "silu",
        "rms_norm_eps": .number(1e-5), "rope_theta": .number(10_000),
        "max_position_embeddings": 512, "tie_word_embeddings": true, "bos_token_id": 1,
        "eos_token_id": 2,
      ])
    case .opt:
      JSONObject([
        "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 4000,
        "hidden_size": 128, "word_embed_proj_dim": 128, "num_hidden_layers": 2,
        "num_attention_heads": 4, "ffn_dim": 512, "do_layer_norm_before": true,
        "activation_function": "relu", "max_position_embeddings": 512, "bos_token_id": 2,
        "eos_token_id": 2, "pad_token_id": 1,
      ])
    case .bert:
      JSONObject([
        "model_type": "bert", "architectures": ["BertModel"], "vocab_size": 4000,
        "hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4,
        "intermediate_size": 512, "hidden_act": "gelu", "max_position_embeddings": 512,
        "type_vocab_size": 2, "layer_norm_eps": .number(1e-12), "pad_token_id": 0,
      ])
    }
  }

  /// What was predicted for each cell, and what its worker took.
  func measure(
    _ settings: [MemorySetting]
  ) async throws -> [(MemorySetting, (predicted: Int, resident: Int))] {
    try await withThrowingTaskGroup(of: (Int, Int, Int).self) { group in
      var results: [Int: (Int, Int)] = [:]
      for (index, setting) in settings.enumerated() {
        if index >= 2, let (done, predicted, resident) = try await group.next() {
          results[done] = (predicted, resident)
        }
        let (cell, method, task) = try cell(of: setting)
        let forecast = try MemoryForecast(
          task: task, options: TaskOptions(cell.recipe.taskOptions),
          model: URL(fileURLWithPath: cell.modelPath), tokenizers: [:])
        let predicted = try forecast.estimate(method, [cell]).resident
        group.addTask { [files] in
          let file = files.file("worker-\(index)")
          return (
            index, predicted, try await Self.onThread { try Self.residentPeak(of: cell, in: file) }
          )
        }
      }
      for try await (done, predicted, resident) in group { results[done] = (predicted, resident) }
      return settings.enumerated().compactMap { index, setting in
        results[index].map { (setting, (predicted: $0.0, resident: $0.1)) }
      }
    }
  }

  /// None begins a word of the tokenizer, so that each is a blank and then a token of its own.
  private static let letters = "efgijklopquvwxzEFGIJ"
  private static let words = [
    "the", "a", "dog", "cat", "man", "sees", "runs", "not", "happy", "sad", "big", "red",
  ]

  private func cell(of setting: MemorySetting) throws -> (Cell, Method, LoadedTask) {
    // The builtin model knows whole words only.
    let labels =
      setting.model == .builtin && setting.classes == 2
      ? ["yes", "no"] : Self.letters.prefix(setting.classes).map { String($0) }
    let data = "data-\(labels[0])-\(setting.classes)-\(setting.words)"
    if !FileManager.default.fileExists(atPath: files.file(data).path) {
      // Few texts of the long ones, whose batches take the time.
      let pool = setting.classes > 5 ? 10 : 50
      for (role, count) in [("train", pool * setting.classes), ("test", 24)] {
        var random = RandomStream(seed: 1, purpose: role)
        let lines = (0..<count).map { index in
          // From half the length to one and a half.
          let length = setting.words / 2 + random.index(below: setting.words + 1)
          let words = (0..<max(1, length)).map { _ in
            Self.words[random.index(below: Self.words.count)]
          }
          return words.joined(separator: " ") + "\t" + labels[index % labels.count]
        }
        try files.write(lines.joined(separator: "\n") + "\n", to: "\(data)/\(role).tsv")
      }
    }
    func file(_ role: String) -> DataFile {
      DataFile(
        role: role, candidates: [.init("\(role).tsv")], hasHeader: false,
        fields: ["text": .number(1)], label: .number(2),
        labels: Dictionary(
          uniqueKeysWithValues: labels.enumerated().map { ($1, LabelMeaning.label($0)) }))
    }
    let task = TaskDefinition(
      name: "words", labels: labels, fields: ["text"], files: [file("train"), file("test")],
      evaluations: [EvaluationDefinition(name: "test", domain: .inDomain, file: "test")],
      patterns: [PatternDefinition("words", "{text}. It is", labelWords: labels)],
      defaultPattern: "words")
    let loader = TaskLoader(folder: files.file(data))
    let catalog = MethodCatalog.builtin
    var options = setting.options
    let usual = try catalog.method(
      setting.preset, name: setting.preset, overrides: options, task: task)
    // Two steps: the second has moments.
    if usual.trains {
      let isOneStep = setting.classes * setting.shots <= 32
      options["epochs"] = .integer(isOneStep ? 2 : 1)
    }
    let method = try catalog.method(
      setting.preset, name: setting.preset, overrides: options, task: task)
    let model = folders[setting.model] ?? files.url
    let factory = CellFactory(
      task: task, taskOptions: TaskOptions(), dataPath: files.file(data).path,
      data: try loader.fingerprints(of: task), modelPath: model.path,
      model: try ModelSummary(model, cache: nil), threads: 1)
    return (
      try factory.cell(method, shots: setting.shots, seed: 0), method, try loader.load(task)
    )
  }

  /// Waits for a worker on a thread of its own, and not on one that tasks share.
  private static func onThread(_ body: @escaping @Sendable () throws -> Int) async throws -> Int {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try body() }) }.start()
    }
  }

  /// Runs a cell in a fresh worker.
  private static func residentPeak(of cell: Cell, in file: URL) throws -> Int {
    let script = "echo $$ > '\(file.path)'; exec '\(program.path)' worker"
    let worker = try WorkerProcess(
      "/bin/sh", ["-c", script], environment: ProcessInfo.processInfo.environment, threads: 1)
    defer { worker.retire() }
    guard case .result(let result) = worker.run(WorkerRequest(cell: cell), progress: { _, _ in }),
      result.status == .succeeded
    else { throw NotRun(cell: cell) }
    let process = try String(contentsOf: file, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
  }

  private struct NotRun: Error {
    let cell: Cell
  }

  /// The executable that scripts/test names, else the one built beside these tests.
  private static let program: URL = {
    if let path = ProcessInfo.processInfo.environment["FTREPORT"] {
      return URL(fileURLWithPath: path)
    }
    return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("ftreport")
  }()
}
