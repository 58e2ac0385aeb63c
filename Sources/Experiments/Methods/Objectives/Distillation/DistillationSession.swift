import Engine

/// A student, and what its teacher has said.
final class DistillationSession: ObjectiveSession {
  private let readout: DistillationReadout
  private let sample: [Example]
  private let unlabelled: [Example]
  private let answers: DistillationTeacher.Answers
  private let temperature: Float
  private let lambda: Float

  init(
    readout: DistillationReadout, sample: [Example], unlabelled: [Example],
    answers: DistillationTeacher.Answers, temperature: Float, lambda: Float
  ) {
    self.readout = readout
    self.sample = sample
    self.unlabelled = unlabelled
    self.answers = answers
    self.temperature = temperature
    self.lambda = lambda
  }

  var demonstrations: Int? { answers.shown }
  var demonstrationsOffered: Int? { answers.offered }
  var preparationTokens: Int { answers.tokens }
  var trainingExamples: [Example]? { unlabelled.isEmpty ? nil : sample + unlabelled }
  var trainable: [AdamW<Float>.Group] { head.map { AdamW.Group($0.tensor) } }

  var readsWholeVocabulary: Bool {
    if case .words(_, .vocabulary) = readout { true } else { false }
  }

  var head: [(name: String, tensor: Tensor<Float>)] {
    if case .head(let head, _) = readout { head.parameters } else { [] }
  }

  func setHead(_ values: [String: Adapter.Matrix]) throws(MethodError) {
    guard case .head(let head, _) = readout else {
      throw MethodError(.headDoesNotFit("the method has no head"))
    }
    if values["score.bias"] != nil { head.addBias() }
    try setTensors(values)
  }

  func prompt(for example: Example) -> [Int32] { readout.prompt(for: example) }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] {
    let logits = readout.logits(hidden, on: tape)
    let divergence = tape.distillation(
      logits, teacher: examples.flatMap { answers.probabilities[$0] }, temperature: temperature)
    // Only the sample's labels are known; texts of the pool have the teacher's answer alone.
    let labelled = examples.indices.filter { examples[$0] < sample.count }
    guard !labelled.isEmpty else { return [(divergence, lambda)] }
    let known =
      labelled.count == examples.count ? logits : tape.gathered(logits, rows: labelled)
    let targets = labelled.map { readout.column(of: sample[examples[$0]].label) }
    return [(divergence, lambda), (tape.crossEntropy(known, targets: targets), 1 - lambda)]
  }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    readout.predictions(hidden, on: tape)
  }
}
