import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Label words at masks")
struct MaskedWordTests {
  static let families = ["bert", "roberta", "electra", "albert"]

  /// A request on an encoder with its head for masked words, and on sixteen recorded texts.
  private static func request(
    _ family: String, _ method: String, _ settings: [String], in files: TemporaryFolder,
    words: String = "no=No,yes=Yes", pattern: String = "{text} ? {mask} a"
  ) throws -> TrainingRequest {
    let folder = RecordedTraining.fixtures.appendingPathComponent("classifiers")
    let recorded = try RecordedTraining(family, in: folder)
    var request = try ClassifierParityTests.request(
      family, recorded, in: files, method: method, hasPairs: false)
    let head = RecordedTraining.fixtures.appendingPathComponent("masked/\(family)")
    for name in ["head.safetensors", "model.safetensors.index.json"] {
      let place = files.file("model").appendingPathComponent(name)
      guard !FileManager.default.fileExists(atPath: place.path) else { continue }
      try FileManager.default.copyItem(at: head.appendingPathComponent(name), to: place)
    }
    // A file of the usual name would be read without its index.
    let model = files.file("model").appendingPathComponent("model.safetensors")
    if FileManager.default.fileExists(atPath: model.path) {
      let body = files.file("model").appendingPathComponent("body.safetensors")
      try FileManager.default.moveItem(at: model, to: body)
      try RenamedTensors.giveUp(
        namesOf: files.file("model").appendingPathComponent("head.safetensors"), in: body)
    }
    let rows = try files.text(of: "texts-train.tsv").split(separator: "\n")
    try rows.prefix(17).joined(separator: "\n")
      .write(to: files.file("sixteen.tsv"), atomically: true, encoding: .utf8)
    request.training = files.file("sixteen.tsv").path
    request.settings = settings
    request.words = words
    request.pattern = pattern
    return request
  }

  @Test(
    "pattern-based fine-tuning learns sixteen texts, as planned, twice the same, and is saved",
    arguments: families, ["over=labels", "over=vocabulary"])
  func learns(family: String, scope: String) throws {
    let files = try TemporaryFolder()
    var reports: [TrainingReport] = []
    for place in ["first", "second"] {
      var request = try Self.request(
        family, "pbft", [scope, "lr=5e-3", "epochs=30", "batch=8", "warmup=0"], in: files)
      request.destination = files.file(place)
      reports.append(try MethodTraining(request).run { _ in })
    }
    let (first, second) = (reports[0], reports[1])
    #expect(first.training.losses == second.training.losses)
    #expect(try #require(first.training.accuracy) >= 0.95)
    #expect(first.memory.peak == first.memory.predictedPeak)
    let texts = try files.text(of: "texts-eval.tsv").split(separator: "\n").dropFirst().map {
      [String($0.split(separator: "\t")[0])]
    }
    let (a, b) = (
      try TrainedClassifier(files.file("first")), try TrainedClassifier(files.file("second"))
    )
    #expect(a.answers(to: texts) == b.answers(to: texts))
    #expect(
      try Data(contentsOf: files.file("first").appendingPathComponent("model.safetensors"))
        == Data(contentsOf: files.file("second").appendingPathComponent("model.safetensors")))
  }

  @Test(
    "words of several tokens take several masks, with any scope, and the untrained model answers",
    arguments: [
      ("pbft", ["over=labels"]), ("pbft", ["over=vocabulary"]), ("pbft", ["adaptation=lora"]),
      ("zero-shot", []), ("zero-shot", ["calibration=contextual"]),
      ("zero-shot", ["calibration=dc-pmi"]),
    ] as [(String, [String])])
  func severalTokens(method: String, settings: [String]) throws {
    let files = try TemporaryFolder()
    let more = method == "pbft" ? ["lr=5e-3", "epochs=2", "batch=8"] : []
    var request = try Self.request(
      "bert", method, settings + more, in: files, words: "no=No,yes=big")
    request.destination = files.file("saved")
    let (report, run) = try MethodTraining(request).trained { _ in }
    let areFinite = report.training.losses.allSatisfy { $0.isFinite }
    #expect(areFinite)
    #expect(report.memory.peak == report.memory.predictedPeak)
    let words = run.session.prompt(for: Example(fields: ["abc"], label: 0))
    #expect(words.masks.count == 4 && words.masks.allSatisfy { words.tokens[$0] == 4 })
    let answers = try #require(report.evaluations.first)
    #expect(answers.count > 0)
  }

  @Test("a score is the mean log-probability of the word's tokens at its masks")
  func scores() throws {
    let ledger = MemoryLedger()
    let logits = Tensor<Float>(rows: 2, columns: 3, category: .weights, in: ledger)
    logits.fill { [1, 2, 3, 0, 0, 1][$0] }
    let tape = Tape<Float>(ledger: ledger)
    let scores = tape.wordScores(logits, words: [[2], [0, 1]], masks: 2).values
    func logarithm(_ row: [Double], _ token: Int) -> Double {
      row[token] - Double.log(row.reduce(0) { $0 + Double.exp($1) })
    }
    #expect(abs(Double(scores[0]) - logarithm([1, 2, 3], 2)) < 1e-6)
    let mean = (logarithm([1, 2, 3], 0) + logarithm([0, 0, 1], 1)) / 2
    #expect(abs(Double(scores[1]) - mean) < 1e-6)
  }

  @Test("masks go where the pattern says; a text may spell one, and a long one is cut before them")
  func places() throws {
    let files = try TemporaryFolder()
    func prompt(_ pattern: String, _ text: String) throws -> TokenSequence {
      let request = try Self.request(
        "bert", "zero-shot", [], in: files, pattern: pattern)
      let (_, run) = try MethodTraining(request).trained { _ in }
      return run.session.prompt(for: Example(fields: [text], label: 0))
    }
    let inside = try prompt("{text} ? {mask} a", "bcd")
    #expect(inside.masks.count == 1)
    #expect(inside.tokens[inside.masks[0]] == 4 && inside.masks[0] < inside.count - 2)
    let first = try prompt("{mask} {text}", "bcd")
    #expect(first.masks == [1])
    let last = try prompt("{text} ?", "bcd")
    #expect(last.masks == [last.count - 2])
    let spelled = try prompt("{text} ? {mask} a", "b <mask> c")
    #expect(spelled.tokens.filter { $0 == 4 }.count == 2 && spelled.masks.count == 1)
    #expect(spelled.masks[0] > spelled.tokens.firstIndex(of: 4) ?? 0)
    let long = try prompt("{text} ? {mask} a", String(repeating: "b", count: 200))
    #expect(long.count == 32 && long.masks.count == 1)
    #expect(long.count - long.masks[0] == inside.count - inside.masks[0])
    #expect(long.tokens.suffix(3) == inside.tokens.suffix(3))
  }

  @Test("continued pre-training of an encoder predicts hidden tokens and lowers their loss")
  func pretraining() throws {
    let files = try TemporaryFolder()
    let settings = [
      "tapt-epochs=30", "tapt-learning-rate=5e-3", "tapt-source=sample", "tapt-batch-size=8",
      "lr=5e-3", "epochs=20", "batch=8", "dropout=0",
    ]
    var losses: [[Double]] = []
    for _ in 0..<2 {
      let request = try Self.request("roberta", "tapt", settings, in: files)
      let (report, _) = try MethodTraining(request).trained { _ in }
      let preparation = try #require(report.training.preparation)
      #expect(preparation.texts == 16 && preparation.steps == 60)
      #expect(report.memory.peak <= report.memory.predictedPeak)
      losses.append(preparation.losses)
    }
    #expect(losses[0] == losses[1])
    let (first, last) = (try #require(losses[0].first), try #require(losses[0].last))
    #expect(last < 0.8 * first)
  }

  @Test("tokens are hidden as often as the paper says, and never those around a text")
  func masking() throws {
    let files = try TemporaryFolder()
    _ = try Self.request("bert", "tapt", [], in: files)
    let tokenizer = try ModelFolder(files.file("model")).tokenizer()
    let masking = try TokenMasking(tokenizer, vocabularySize: 48, seed: 5)
    let text = tokenizer.encode(
      String(repeating: "abc d ", count: 40), addingSpecialTokens: true)
    var (chosen, masked, kept, count) = (0, 0, 0, 0)
    for index in 0..<200 {
      let hidden = masking.hidden(text, index: index, epoch: 0)
      #expect(hidden.sequence.masks.allSatisfy { (1..<(text.count - 1)).contains($0) })
      #expect(hidden.targets == hidden.sequence.masks.map { Int(text[$0]) })
      #expect(hidden == masking.hidden(text, index: index, epoch: 0))
      chosen += hidden.targets.count
      count += text.count - 2
      for place in hidden.sequence.masks {
        if hidden.sequence.tokens[place] == 4 { masked += 1 }
        if hidden.sequence.tokens[place] == text[place] { kept += 1 }
      }
    }
    let share = { (part: Int, whole: Int) in Double(part) / Double(whole) }
    #expect(abs(share(chosen, count) - 0.15) < 0.01)
    #expect(abs(share(masked, chosen) - 0.8) < 0.02)
    #expect(abs(share(kept, chosen) - 0.1) < 0.02)
    let short = tokenizer.encode("a", addingSpecialTokens: true)
    #expect(!masking.hidden(short, index: 0, epoch: 0).targets.isEmpty)
    #expect(!masking.canHide(tokenizer.encode("", addingSpecialTokens: true)))
    #expect(
      masking.hidden(text, index: 0, epoch: 0) != masking.hidden(text, index: 0, epoch: 1))
  }

  @Test("what cannot be asked of an encoder, or of a decoder, is refused with the reason")
  func refused() throws {
    let files = try TemporaryFolder()
    func error(_ method: String, _ settings: [String] = []) throws -> MethodError? {
      let request = try Self.request("bert", method, settings, in: files)
      return #expect(throws: MethodError.self) { try MethodTraining(request) }
    }
    #expect(try error("icl")?.message.contains("needs a decoder") == true)
    #expect(try error("zero-shot", ["calibration=channel"])?.message.contains("decoder") == true)
    #expect(try error("context-distillation")?.message.contains("decoder") == true)
    let plain = try SmallRun.folder("bert").description
    let catalog = MethodCatalog.builtin
    for method in ["pbft", "zero-shot", "tapt"] {
      let reason = #expect(throws: MethodError.self) {
        try catalog.check(SmallRun.method(method), against: plain)
      }
      #expect(reason?.message.contains("no head for masked words") == true)
    }
  }
}
