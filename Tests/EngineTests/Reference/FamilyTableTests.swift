import Foundation
import Testing

@testable import Engine

/// The table of families in `docs/models.md`, which says what these tests hold and how closely.
@Suite("The table of families")
struct FamilyTableTests {
  /// What Transformers and PEFT have for one fixture, and the largest differences seen from it.
  private struct Row {
    let name: String
    /// Of hidden states and logits.
    let score: Float
    /// Of a loss in the courses, as a share of it; nil where they were not run again.
    let loss: Double?
    let courses: Int
    /// Whether a saved folder has the tensors of Transformers' own, bit for bit.
    let isSaved: Bool
    let adaptersIn: [String]
    let adaptersOut: [String]
    /// Whether `ExperimentsTests` repeat a training of its class for sequence classification.
    let isClassifier: Bool
  }

  private static let document = ParityFixture.root
    .appendingPathComponent("../../../docs/models.md").standardized
  private static let markers = ("<!-- families: begin -->", "<!-- families: end -->")
  private static let records = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
  private static let kinds = [
    "lora": "LoRA", "dora": "DoRA", "ia3": "(IA)³", "prompt": "prompt", "prefix": "prefix",
  ]

  @Test("the documentation's says what holds; RECORD_SNAPSHOTS=1 writes it again")
  func table() throws {
    let rows = try ParityFixture.all.map { try row($0) }
    let text = try String(contentsOf: Self.document, encoding: .utf8)
    let begin = try #require(text.range(of: Self.markers.0))
    let end = try #require(text.range(of: Self.markers.1))
    if Self.records {
      let lines = Self.header + rows.map { line($0, train: number($0.loss ?? 0)) }
      let table = "\n\n" + lines.joined(separator: "\n") + "\n\n"
      try text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: table)
        .write(to: Self.document, atomically: true, encoding: .utf8)
      return
    }
    let lines = text[begin.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
    #expect(Array(lines.prefix(2)) == Self.header)
    #expect(lines.count == rows.count + 2, "a family is missing, or gone")
    for (written, row) in zip(lines.dropFirst(2), rows) {
      let cells = written.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(cells.count > 2)
      let train = cells[2].split(separator: " ").first.map(String.init) ?? ""
      #expect(try #require(Double(train)) < 2e-4)
      #expect(Double(row.score) <= 3 * (try #require(Double(cells[1]))), "\(row.name)")
      #expect(
        without(1, line(row, train: train)) == without(1, written), "\(row.name): record it again")
    }
  }

  private static let header = [
    "| model | score | train | save, load in Transformers | adapters in | adapters out, load in PEFT "
      + "| classifier in, trained, out |",
    "|---|---|---|---|---|---|---|",
  ]

  private func line(_ row: Row, train: String) -> String {
    let cells = [
      row.name, number(Double(row.score)),
      "\(train) (\(row.courses) method\(row.courses == 1 ? "" : "s"))",
      row.isSaved ? "same tensors" : "no", row.adaptersIn.joined(separator: ", "),
      row.adaptersOut.joined(separator: ", "), row.isClassifier ? "yes" : "",
    ]
    return "| " + cells.map { $0.isEmpty ? "–" : $0 }.joined(separator: " | ") + " |"
  }

  /// A line without one of its cells.
  private func without(_ cell: Int, _ line: String) -> [String] {
    var cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    cells.remove(at: cell)
    return cells
  }

  /// A number rounded up to one digit.
  private func number(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    var exponent = Int(log10(value).rounded(.down))
    var digit = Int((value / pow(10, Double(exponent)) - 1e-9).rounded(.up))
    if digit == 10 { (digit, exponent) = (1, exponent + 1) }
    return "\(digit)e\(exponent)"
  }

  private func row(_ fixture: ParityFixture) throws -> Row {
    let runs = ParityRun.all.filter { $0.fixture.name == fixture.name }
    let adapters = runs.filter { Self.kinds[$0.course.kind] != nil }
    func names(_ runs: [ParityRun]) -> [String] {
      var found: [String] = []
      for run in runs {
        if let kind = Self.kinds[run.course.kind], !found.contains(kind) { found.append(kind) }
      }
      return found
    }
    let folders = ["classifiers", "training"].map {
      ParityFixture.root.appendingPathComponent("\($0)/\(fixture.name)/expected.json").path
    }
    return Row(
      name: fixture.name, score: try score(fixture),
      loss: Self.records ? try runs.map(loss).max() ?? 0 : nil, courses: runs.count,
      isSaved: try isSaved(fixture), adaptersIn: names(adapters),
      adaptersOut: names(try adapters.filter(isSavedLikePEFT)),
      isClassifier: folders.contains { FileManager.default.fileExists(atPath: $0) })
  }

  private func score(_ fixture: ParityFixture) throws -> Float {
    let model = try fixture.model()
    let tape = Tape<Float>(ledger: model.ledger)
    let states = model.hiddenStates(try fixture.firstBatch(), on: tape)
    let difference = largestDifference(states.values, try fixture.hiddenStates().values)
    guard fixture.expected.kind == .decoder else { return difference }
    let logits = model.logits(states, on: tape).values
    return max(difference, largestDifference(logits, try fixture.logits().values))
  }

  private func loss(_ run: ParityRun) throws -> Double {
    let learner = try ParityLearner(run)
    var largest = 0.0
    for (step, expected) in run.course.losses.enumerated() {
      let found = try learner.step(step, learningRate: run.course.learningRates[step]).loss
      largest = max(largest, abs(found - expected) / expected)
    }
    return largest
  }

  /// Whether what is written has the names, the shapes and the bits that Transformers wrote.
  private func isSaved(_ fixture: ParityFixture) throws -> Bool {
    let scratch = try ScratchFolder()
    let folder = try ModelFolder(fixture.folder)
    try fixture.model().save(with: ModelWriter(like: folder), to: scratch.url)
    return try contents(scratch.url) == contents(fixture.folder)
  }

  /// Whether an adapter that is read and written again has the names and shapes that PEFT has.
  private func isSavedLikePEFT(_ run: ParityRun) throws -> Bool {
    let model = try run.fixture.model()
    try run.prepare(model)
    let scratch = try ScratchFolder()
    try model.save(
      try #require(model.adapter()), to: scratch.url, baseModel: run.fixture.name)
    let file = try TensorFile(scratch.url.appendingPathComponent("adapter_model.safetensors"))
    let recorded = try run.fixture.adapter(atStartOf: run.course)
    // PEFT's names have the prefix of the class that it wrapped, the body's or one with a head.
    let names = CheckpointLayout(model.description).names
    func shapes(_ tensors: [(String, [Int])]) -> [String: [Int]] {
      Dictionary(uniqueKeysWithValues: tensors.map { (names.canonical($0), $1) })
    }
    return shapes(file.tensors.map { ($0.name, $0.shape) })
      == shapes(recorded.map { ($0.key, $0.value.shape) })
  }

  private func contents(_ folder: URL) throws -> [String: [Float]] {
    let file = try TensorFile(folder.appendingPathComponent("model.safetensors"))
    return Dictionary(
      uniqueKeysWithValues: try file.tensors.map { record in
        ("\(record.name) \(record.shape)", try file.floats(record))
      })
  }
}

extension ParityCourse {
  /// The kind of adapter that trains: `lora` for all its variants but `dora`.
  fileprivate var kind: String {
    ["lora-all", "lora-plus", "rslora"].contains(name) ? "lora" : name
  }
}
