import Engine
import Formats
import Foundation

/// A pre-training between two of its steps.
struct PretrainingRun {
  /// Held-out tokens computed together.
  private static let evaluationTokens = 4096

  let recipe: PretrainingRecipe
  let model: Transformer<Float>
  let groups: [AdamW<Float>.Group]
  private let optimizer: AdamW<Float>
  private let corpus: TokenizedCorpus
  private let heldOut: TokenizedCorpus
  private let kinds: [String: TokenizedCorpus]
  private let clock = ContinuousClock()

  private(set) var step = 0
  private(set) var tokens = 0
  private(set) var seconds = 0.0
  private(set) var curve: [PretrainingRecord.Point] = []
  private var nextDocument = 0
  private var pending = (loss: 0.0, steps: 0)
  /// Of this process, which a stop before it did not see.
  private var measured = (tokens: 0, seconds: 0.0)

  init(
    recipe: PretrainingRecipe, model: Transformer<Float>, corpus: TokenizedCorpus,
    heldOut: TokenizedCorpus, kinds: [String: TokenizedCorpus]
  ) {
    self.recipe = recipe
    self.model = model
    self.corpus = corpus
    self.heldOut = heldOut
    self.kinds = kinds
    groups = model.weights.map { AdamW.Group($0.tensor) }
    var options = AdamW<Float>.Options(
      weightDecay: recipe.weightDecay, clipNorm: recipe.clipNorm > 0 ? recipe.clipNorm : nil)
    options.beta2 = recipe.beta2
    optimizer = AdamW(groups, options: options, in: model.ledger)
  }

  /// Does one step, and measures a point of the curve where one is due.
  ///
  /// - Parameter folder: For messages.
  /// - Returns: How far the run is now.
  /// - Throws: `CheckpointError` when the loss is no number any more.
  mutating func advance(in folder: URL) throws(CheckpointError) -> Pretraining.Progress {
    let begin = clock.now
    let (batch, next) = corpus.batch(from: nextDocument, tokens: recipe.batchTokens)
    let rate = recipe.rates.learningRate(at: step)
    let loss = gradients(batch)
    let norm = optimizer.step(learningRate: rate)
    guard loss.isFinite, norm.isFinite else {
      throw CheckpointError(
        .corrupt, file: folder.path, "the loss is not a number at step \(step + 1)",
        help: "lower the recipe's learning-rate")
    }
    let read = batch.tokens
    (nextDocument, step, tokens) = (next, step + 1, tokens + read)
    (pending.loss, pending.steps) = (pending.loss + loss, pending.steps + 1)
    var point: PretrainingRecord.Point?
    if step % recipe.evaluateEvery == 0 || step == recipe.steps {
      model.setTrainable(false)
      let new = PretrainingRecord.Point(
        step: step, tokens: tokens, learningRate: rate,
        loss: pending.loss / Double(pending.steps), heldOutLoss: meanLoss(of: heldOut),
        heldOutLosses: kinds.mapValues(meanLoss))
      model.setTrainable(true)
      curve.append(new)
      pending = (0, 0)
      point = new
    }
    let taken = (clock.now - begin) / .seconds(1)
    seconds += taken
    (measured.tokens, measured.seconds) = (measured.tokens + read, measured.seconds + taken)
    let speed = Double(measured.tokens) / max(measured.seconds, 1e-9)
    return Pretraining.Progress(
      step: step, steps: recipe.steps, loss: loss, point: point, tokensPerSecond: speed,
      secondsLeft: Double((recipe.steps - step) * recipe.batchTokens) / max(speed, 1e-9))
  }

  /// Computes a step's gradients and returns its mean loss, every token alike.
  private func gradients(_ batch: TokenizedTexts) -> Double {
    let tape = Tape<Float>(ledger: model.ledger)
    let losses = model.languageModelLosses(batch.texts, on: tape)
    let mean = losses.values.reduce(0.0) { $0 + Double($1) } / Double(losses.count)
    let sum = batch.weights.reduce(0, +)
    tape.backward(from: losses, weights: batch.weights.map { $0 / sum })
    return mean
  }

  /// Measures the mean loss of a corpus's first documents.
  private func meanLoss(of corpus: TokenizedCorpus) -> Double {
    var (sum, count, read, document) = (0.0, 0, 0, 0)
    while read < recipe.heldOutTokens {
      let (batch, next) = corpus.batch(
        from: document, tokens: min(Self.evaluationTokens, recipe.heldOutTokens - read))
      let losses = model.languageModelLosses(batch.texts, on: Tape(ledger: model.ledger)).values
      sum += losses.reduce(0.0) { $0 + Double($1) }
      count += losses.count
      read += batch.tokens
      document = next
    }
    return sum / Double(count)
  }
}

extension PretrainingRun {
  /// The state from which a stopped run continues.
  func state(recipe digest: String) -> PretrainingState {
    PretrainingState(
      header: .init(
        recipe: digest, step: step, tokens: tokens, nextDocument: nextDocument,
        pendingLoss: pending.loss, pendingSteps: pending.steps, seconds: seconds, curve: curve),
      weights: groups.map(\.tensor.values), optimizer: optimizer.state)
  }

  mutating func restore(_ state: PretrainingState) {
    for (group, values) in zip(groups, state.weights) {
      withExtendedLifetime(group.tensor) {
        _ = group.tensor.elements.update(fromContentsOf: values)
      }
    }
    optimizer.restore(state.optimizer)
    let header = state.header
    (step, tokens, nextDocument) = (header.step, header.tokens, header.nextDocument)
    (seconds, curve) = (header.seconds, header.curve)
    pending = (header.pendingLoss, header.pendingSteps)
  }
}

/// How a pre-training went, written beside the model as `training.json` and `training.csv`.
package struct PretrainingRecord: Codable, Hashable, Sendable {
  /// A point of the loss curve.
  package struct Point: Codable, Hashable, Sendable {
    package let step: Int
    /// Read so far.
    package let tokens: Int
    package let learningRate: Double
    /// Mean over the steps since the last point, in nats per token.
    package let loss: Double
    /// Of all held-out text.
    package let heldOutLoss: Double
    /// By kind of document.
    package let heldOutLosses: [String: Double]
  }

  package let recipe: PretrainingRecipe
  package let corpus: String
  let numericsVersion: String
  package let parameters: Int
  /// SHA-256 of `model.safetensors`.
  package let weights: String
  package let steps: Int
  package let tokens: Int
  /// Time taken, what came before a stop included.
  package let seconds: Double
  let processor: String
  let blas: String
  let curve: [Point]

  static let name = "training.json"

  /// Writes both files.
  ///
  /// - Parameter folder: The model's.
  /// - Throws: `CheckpointError` when a file cannot be written.
  func write(to folder: URL) throws(CheckpointError) {
    let url = folder.appendingPathComponent(Self.name)
    do {
      try JSONCoding.data(of: self, .indented).write(to: url, options: .atomic)
      try Data(table.utf8).write(
        to: folder.appendingPathComponent("training.csv"), options: .atomic)
    } catch {
      throw PretrainingState.unwritable(url, error)
    }
  }

  /// The loss curve as CSV, a column a kind of document.
  private var table: String {
    let kinds = Set(curve.flatMap(\.heldOutLosses.keys)).sorted()
    let head = ["step", "tokens", "learning-rate", "loss", "held-out"] + kinds
    let rows = curve.map { point in
      [
        "\(point.step)", "\(point.tokens)", "\(point.learningRate)", "\(point.loss)",
        "\(point.heldOutLoss)",
      ] + kinds.map { point.heldOutLosses[$0].map { "\($0)" } ?? "" }
    }
    return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
