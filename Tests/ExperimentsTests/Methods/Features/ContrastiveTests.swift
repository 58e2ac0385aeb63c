import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("Contrastive training of states")
struct ContrastiveTests {
  /// What `Tests/Parity/make_contrastive.py` recorded of the setfit package.
  private struct Recorded: Decodable {
    struct Step: Decodable {
      /// Two places and whether their texts are of one class.
      let pairs: [[Int]]
      let loss: Double
    }

    let batch: Int
    let rate: Double
    let texts: [String]
    let labels: [Int]
    let steps: [Step]
    let asked: [String]
    let states: [[Double]]
    let probabilities: [[Double]]
  }

  @Test("every step is the setfit package's, and so are states and probabilities afterwards")
  func package() throws {
    let fixtures = RecordedTraining.fixtures
    let recorded = try JSONDecoder().decode(
      Recorded.self,
      from: Data(contentsOf: fixtures.appendingPathComponent("contrastive/expected.json")))
    let folder = try SmallRun.folder("bert")
    let files = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: fixtures.appendingPathComponent("classifiers/bert.json"),
      to: files.file("tokenizer.json"))
    let tokenizer = try TokenizerLoader.load(from: files.url)
    let model = try SmallRun.model("bert")
    let task = SyntheticTask(length: 1).definition
    let options = try SmallRun.method(
      "setfit",
      [
        "learning-rate": .number(recorded.rate), "epochs": .integer(1),
        "batch-size": .integer(recorded.batch), "pool": .text("mean"), "normalize": .text("yes"),
      ]
    ).options
    let sample = zip(recorded.texts, recorded.labels).map { Example(fields: [$0], label: $1) }
    let context = ObjectiveContext(
      model: model, tokenizer: tokenizer, task: task, sample: sample, seed: 0, sampleSeed: 0,
      reservedPositions: 0)
    let pairs = recorded.steps.flatMap(\.pairs).map {
      (pair: ContrastivePairs.Pair(first: $0[0], second: $0[1]), isSame: $0[2] == 1)
    }
    let session = try ContrastiveObjective(options)
      .session(context, pairs: ContrastivePairs(pairs))
    var losses: [Double] = []
    let outcome = Trainer(
      model: model, session: session, groups: FullAdaptation(options).prepare(model, seed: 0),
      options: TrainingOptions(options), seed: 0, order: .file
    ).run(
      sample.map(session.prompt(for:)), observe: { losses.append($0.loss) }, progress: { _ in })
    #expect(outcome.steps == recorded.steps.count)
    for (found, step) in zip(losses, recorded.steps) { #expect(abs(found - step.loss) < 1e-4) }

    let asked = recorded.asked.map { Example(fields: [$0], label: 0) }
    let hidden = model.hiddenStates(
      model.packed(asked.map(session.prompt(for:))), .pooled(.mean),
      on: Tape(ledger: model.ledger))
    let states = StateClassifier.unitRows(
      hidden.values.map(Double.init), width: folder.description.stateWidth)
    for (a, b) in zip(states, recorded.states.joined()) { #expect(abs(a - b) < 2e-4) }
    let answers = Evaluator(model: model, session: session).predictions(for: asked).predictions
    for (a, b) in zip(answers.probabilities, recorded.probabilities.joined()) {
      #expect(abs(Double(a) - b) < 5e-4)
    }
  }

  @Test(
    "learns sixteen examples, in every pooling and beside additions",
    arguments: [
      ("bert", [:]), ("bert", ["pool": .text("max"), "normalize": .text("yes")]),
      ("gpt2", [:]), ("gpt2", ["adaptation": .text("lora"), "rank": .integer(4)]),
    ] as [(String, [String: OptionValue])])
  func learns(family: String, more: [String: OptionValue]) throws {
    let rate = more["adaptation"] == nil ? 5e-3 : 2e-2
    let options = more.merging([
      "learning-rate": .number(rate), "c": .number(1e3), "epochs": .integer(15),
    ]) { $1 }
    func trained() throws -> (run: MethodRun, losses: [Double]) {
      let run = try SmallRun.bind(SmallRun.method("setfit", options), family: family)
      let outcome = try #require(run.train { _ in })
      #expect(outcome.steps == 15 * 2)
      #expect(outcome.relativeWeightChange > 0)
      return (run, outcome.losses)
    }
    let (run, losses) = try trained()
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    #expect(last < 0.7 * first)
    #expect(run.accuracyOnSample() >= 0.95)
    let again = try trained()
    #expect(again.losses == losses)
    #expect(again.run.session.head.map(\.tensor.values) == run.session.head.map(\.tensor.values))
  }

  @Test("all pairs of either kind are taken before one comes again", arguments: [2, 3])
  func pairs(classes: Int) throws {
    let labels = (0..<7).map { $0 % classes }
    let pairs = ContrastivePairs(labels: labels, epochs: 8, seed: 1)
    #expect(pairs.anEpoch == 14)
    let all = (0..<8).flatMap(pairs.numbers(of:)).map { pairs[$0] }
    #expect(all.indices.allSatisfy { all[$0].isSame == $0.isMultiple(of: 2) })
    #expect(all.allSatisfy { ($0.isSame) == (labels[$0.pair.first] == labels[$0.pair.second]) })
    for isSame in [true, false] {
      let taken = all.filter { $0.isSame == isSame }.map { Set([$0.pair.first, $0.pair.second]) }
      let possible = labels.indices.reduce(0) { sum, i in
        sum + labels[i...].count { ($0 == labels[i]) == isSame }
      }
      #expect(Set(taken.prefix(possible)).count == possible)
      #expect(Array(taken.prefix(taken.count - possible)) == Array(taken.dropFirst(possible)))
    }
    let other = ContrastivePairs(labels: labels, epochs: 8, seed: 2)
    #expect((0..<14).map { pairs[$0].pair } != (0..<14).map { other[$0].pair })
    // Fewer are drawn where fewer are needed, and they are the same.
    let short = ContrastivePairs(labels: labels, epochs: 1, seed: 1)
    #expect((0..<14).map { pairs[$0].pair } == (0..<14).map { short[$0].pair })
    #expect(pairs.texts(of: Array(0..<14)).count <= 7)
  }

  @Test("a sample of one class has pairs of that class alone")
  func oneClass() {
    let pairs = ContrastivePairs(labels: [1, 1, 1], epochs: 4, seed: 1)
    #expect(pairs.anEpoch == 3)
    #expect((0..<12).allSatisfy { pairs[$0].isSame })
  }

  @Test("a head to start from is refused, and so is a model that stays as it is")
  func refused() throws {
    let run = try SmallRun.bind(SmallRun.method("setfit"))
    #expect(throws: MethodError.self) { try run.session.setHead([:]) }
    let error = #expect(throws: MethodError.self) {
      try SmallRun.method("setfit", ["adaptation": .text("probe")])
    }
    #expect(error?.help.contains("trains the model's states") == true)
  }
}
