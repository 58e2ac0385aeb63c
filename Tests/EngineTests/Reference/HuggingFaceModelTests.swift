import Testing

@testable import Engine

@Suite("Models against Hugging Face")
struct HuggingFaceModelTests {
  static let models = Reference.recorded?.models ?? []

  @Test("every kind of model has recorded numbers")
  func recorded() throws {
    let reference = try #require(Reference.recorded)
    #expect(
      reference.models.map(\.name) == [
        "opt", "opt-350m", "gpt2", "llama-tied", "llama-untied", "qwen2",
      ])
  }

  @Test("logits of every token agree to 1e-4", arguments: models)
  func logits(recorded: ReferenceModel) throws {
    let inputs = try #require(Reference.recorded?.inputs)
    let model = try recorded.load()
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(inputs.sequences), on: tape)
    let logits = model.logits(hidden, on: tape)
    #expect(logits.rows == recorded.logits.count)
    for (row, expected) in recorded.logits.enumerated() {
      let all = logits.values[row * logits.columns..<(row + 1) * logits.columns]
      let sum = all.reduce(0.0) { $0 + Double.exp(Double($1)) }
      let own = inputs.recordedColumns.map { all[all.startIndex + $0] } + [Float(Double.log(sum))]
      for (a, b) in zip(own, expected) { #expect(abs(a - b) < 1e-4, "row \(row)") }
    }
  }

  @Test("losses agree to 1e-4 and the gradient of every weight to 1e-3", arguments: models)
  func gradients(recorded: ReferenceModel) throws {
    let inputs = try #require(Reference.recorded?.inputs)
    let model = try recorded.load()
    model.setTrainable(true)
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(inputs.sequences), .lastTokens, on: tape)
    let losses = tape.crossEntropy(model.logits(hidden, on: tape), targets: inputs.targets)
    for (own, expected) in zip(losses.values, recorded.losses) {
      #expect(abs(Double(own) - expected) < 1e-4 * expected)
    }
    tape.backward(from: [(losses, 1 / Float(inputs.targets.count))])

    let parameters = model.parameters
    #expect(Set(parameters.map(\.name)) == Set(recorded.gradients.map(\.name)))
    let whole = recorded.gradients.reduce(0) { $0 + $1.norm * $1.norm }.squareRoot()
    for expected in recorded.gradients {
      let parameter = try #require(parameters.first { $0.name == expected.name })
      let gradient = Array(try #require(parameter.tensor.gradient))
      let probe = WeightFormula.values("probe of \(expected.name)", shape: [gradient.count, 1])
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let product = zip(gradient, probe).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      // The second term is for key biases, which cancel in the softmax but for rounding.
      let tolerance = 1e-3 * expected.norm + 1e-6 * whole
      #expect(abs(norm - expected.norm) < tolerance, "norm of \(expected.name)")
      #expect(abs(product - expected.product) < tolerance, "product of \(expected.name)")
    }
  }

  @Test("distillation loss and gradient agree to 1e-5", arguments: 0..<3)
  func distillation(index: Int) throws {
    let recorded = try #require(Reference.recorded).distillation[index]
    let ledger = MemoryLedger()
    let student = Tensor<Float>(rows: 3, columns: 11, requiresGradient: true, in: ledger)
    for (i, value) in WeightFormula.values("student", shape: [3, 11]).enumerated() {
      student.elements[i] = 10 * value
    }
    let scaled = WeightFormula.values("teacher", shape: [3, 11]).map {
      Double.exp(Double(10 * $0 / recorded.temperature))
    }
    let teacher = scaled.indices.map { i in
      let row = i / 11
      return Float(scaled[i] / scaled[row * 11..<(row + 1) * 11].reduce(0, +))
    }
    let tape = Tape<Float>(ledger: ledger)
    let divergence = tape.distillation(
      student, teacher: teacher, temperature: recorded.temperature)
    let entropy = tape.crossEntropy(student, targets: [4, 0, 10])
    let (share, rest) = (recorded.share, 1 - recorded.share)
    let loss =
      (share * divergence.values.reduce(0, +) + rest * entropy.values.reduce(0, +)) / 3
    #expect(abs(Double(loss) - recorded.loss) < 1e-5 * recorded.loss)
    tape.backward(from: [(divergence, share / 3), (entropy, rest / 3)])
    let gradient = Array(try #require(student.gradient))
    for (own, expected) in zip(gradient, recorded.gradient) { #expect(abs(own - expected) < 1e-5) }
  }
}
