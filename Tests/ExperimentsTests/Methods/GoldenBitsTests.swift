import Foundation
import Testing

@testable import Engine
@testable import Experiments

/// What guards ``Numerics/version``: a kernel that computes other bits fails here until it is raised.
@Suite("Golden bits")
struct GoldenBitsTests {
  /// Twenty steps of a method on a tiny checkpoint of a family, and its answers afterwards.
  struct Case: Hashable, Sendable, CustomTestStringConvertible {
    let family: String
    let preset: String
    let options: [String: OptionValue]

    init(_ preset: String, _ options: [String: OptionValue] = [:], on family: String = "gpt2") {
      (self.preset, self.options, self.family) = (preset, options, family)
    }

    var testDescription: String {
      let asked = options.keys.sorted().map { " \($0)=\(options[$0]?.description ?? "")" }
      return family + " " + preset + asked.joined()
    }
  }

  /// Solved classifiers are held to recorded values instead.
  private static let presets = MethodCatalog.builtin.presets.filter {
    [
      HeadObjective.name, VerbalizerObjective.name, DistillationObjective.name,
      PromptObjective.name,
    ]
    .contains($0.objective)
  }.map { Case($0.name) }

  private static let variants = [
    Case("vanilla", ["head": .text("mlp")]),
    Case("vanilla", ["adaptation": .text("probe")]),
    Case("vanilla", ["tapt-epochs": .integer(1)]),
    Case("pbft", ["over": .text("vocabulary")]),
    Case("pbft", ["adaptation": .text("layers")]),
    Case("lora", ["base": .text("int8")]),
    Case("lora", ["base": .text("nf4")]),
    Case("context-distillation", ["over": .text("head"), "teacher": .text("prompt-only")]),
    Case("context-distillation", ["over": .text("vocabulary")]),
    Case("icl", ["calibration": .text("contextual")]),
  ]

  /// Rotary positions, RMS norms, gates, parallel blocks, norms behind the blocks, an encoder.
  private static let families = ["llama", "qwen2", "neox", "opt", "opt-post-norm", "bert"].flatMap {
    [Case("vanilla", on: $0), Case("lora", on: $0)]
  }

  static let cases = presets + variants + families

  /// The digests of one version, by platform and case.
  private struct Record: Codable {
    var numericsVersion: Int
    var platforms: [String: [String: String]]

    static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../__Snapshots__/golden-bits.json").standardized
    static let isWanted = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

    static func read() throws -> Record {
      try JSONDecoder().decode(Record.self, from: Data(contentsOf: url))
    }
  }

  @Test("belong to this version of the numerics")
  func version() throws {
    guard !Record.isWanted else { return try Self.record() }
    let recorded = try Record.read().numericsVersion
    #expect(
      recorded == Numerics.version,
      "record the bits of version \(Numerics.version) with RECORD_SNAPSHOTS=1")
  }

  /// Another platform rounds differently, so its bits are compared once they are recorded.
  static var isRecorded: Bool {
    (try? Record.read())?.platforms[Numerics.platform] != nil && !Record.isWanted
  }

  /// In a process of its own, since other tests decide how many threads compute in this one.
  @Test(
    "change only with the version of the numerics",
    .enabled(if: isRecorded, "no bits are recorded for \(Numerics.platform)"))
  func unchanged() async {
    await #expect(processExitsWith: .success) {
      let recorded = try #require(try Record.read().platforms[Numerics.platform])
      for example in GoldenBitsTests.cases {
        let digest = try GoldenBitsTests.digest(example)
        #expect(
          recorded[example.testDescription] == digest,
          "\(example.testDescription): raise Numerics.version, then record with RECORD_SNAPSHOTS=1")
      }
    }
  }

  private static func record() throws {
    var record = (try? Record.read()) ?? Record(numericsVersion: 0, platforms: [:])
    if record.numericsVersion != Numerics.version {
      record = Record(numericsVersion: Numerics.version, platforms: [:])
    }
    var digests: [String: String] = [:]
    for example in cases { digests[example.testDescription] = try digest(example) }
    record.platforms[Numerics.platform] = digests
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(record).write(to: Record.url, options: .atomic)
  }

  /// The losses, the trained values and the answers, in 16 digits.
  private static func digest(_ example: Case) throws -> String {
    var options = try SmallRun.small(example.preset).merging(example.options) { $1 }
    let defaults = try SmallRun.method(example.preset, example.options).options.values
    if defaults["epochs"] != nil { options["epochs"] = .integer(10) }
    if defaults["batch-size"] != nil { options["batch-size"] = .integer(8) }
    if defaults["learning-rate"] != nil { options["learning-rate"] = .number(1e-2) }
    if case .integer(1...) = defaults["tapt-epochs"] { options["tapt-epochs"] = .integer(1) }
    if defaults["pattern"] == .text("paper-2024") { options["pattern"] = .text("words") }
    let run = try SmallRun.bind(
      SmallRun.method(example.preset, options), family: example.family, sample: 16)
    let outcome = run.train { _ in }
    #expect(outcome == nil || outcome?.steps == 20)
    // FNV-1a: the digest need not withstand anyone, only differ when a bit does.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) {
        for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
    }
    for loss in outcome?.losses ?? [] { add(loss.bitPattern) }
    for group in run.groups { for value in group.tensor.values { add(value.bitPattern) } }
    let answers = run.evaluator.predictions(for: SmallRun.examples).predictions
    for probability in answers.probabilities { add(probability.bitPattern) }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
