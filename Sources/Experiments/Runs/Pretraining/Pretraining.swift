import Engine
package import Foundation

/// Trains a decoder on generated text from random weights and saves it as a Hugging Face folder.
///
/// A stopped run leaves its state behind; a run that continues from it ends with the same bits as
/// one that was never stopped.
package struct Pretraining {
  /// How far a run is.
  package struct Progress: Sendable {
    package let step: Int
    package let steps: Int
    /// Of the step, in nats per token.
    package let loss: Double
    /// A new point of the curve, if there is one.
    package let point: PretrainingRecord.Point?
    package let tokensPerSecond: Double
    package let secondsLeft: Double
  }

  /// How a run ended.
  package enum Outcome: Sendable {
    case finished(PretrainingRecord)
    /// Stopped before this step; the state is kept.
    case stopped(step: Int)
  }

  private let recipe: PretrainingRecipe
  private let corpus: any PretrainingCorpus
  private let heldOut: any PretrainingCorpus
  private let kinds: [String: any PretrainingCorpus]
  private let tokenizer: WordTokenizer
  private let digest: String

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - recipe: What to make.
  ///   - corpus: The text to train on.
  ///   - heldOut: Other text of the same kind, to measure losses on.
  ///   - kinds: Parts of it by name, such as stories, that are measured separately as well.
  package init(
    _ recipe: PretrainingRecipe, corpus: any PretrainingCorpus, heldOut: any PretrainingCorpus,
    kinds: [String: any PretrainingCorpus] = [:]
  ) {
    self.recipe = recipe
    self.corpus = corpus
    self.heldOut = heldOut
    self.kinds = kinds
    tokenizer = WordTokenizer(words: corpus.vocabulary)
    digest = recipe.digest(corpus: corpus)
  }

  /// Runs all steps and writes the model, or continues a stopped run.
  ///
  /// - Parameters:
  ///   - folder: The model's; made if it is not there.
  ///   - resumes: Whether to continue from the state of a stopped run, if there is one.
  ///   - isCancelled: Asked between steps.
  ///   - progress: Called after every step.
  /// - Returns: The record of the finished model, or where the run stopped.
  /// - Throws: `CheckpointError` for a shape that cannot be, a folder in use, a damaged state, or a
  ///   loss that is no number.
  package func run(
    in folder: URL, resumes: Bool, isCancelled: () -> Bool, progress: (Progress) -> Void
  ) throws -> Outcome {
    let description = try recipe.shape.description(for: tokenizer, name: "recipe")
    try check(folder, resumes: resumes)
    BLAS.setThreads(recipe.threads)
    let model = Transformer(
      description, from: InitialWeights(seed: recipe.seed, for: description),
      in: MemoryLedger())
    model.setTrainable(true)
    func tokenized(_ corpus: any PretrainingCorpus) -> TokenizedCorpus {
      TokenizedCorpus(
        corpus, tokenizer: tokenizer, context: recipe.shape.context,
        answerWeight: Float(recipe.answerWeight))
    }
    var run = PretrainingRun(
      recipe: recipe, model: model, corpus: tokenized(corpus), heldOut: tokenized(heldOut),
      kinds: kinds.mapValues(tokenized))
    if PretrainingState.exists(in: folder) {
      try run.restore(
        PretrainingState(in: folder, recipe: digest, sizes: run.groups.map(\.tensor.count)))
    }
    while run.step < recipe.steps {
      guard !isCancelled() else {
        if run.step > 0 { try run.state(recipe: digest).write(to: folder) }
        return .stopped(step: run.step)
      }
      progress(try run.advance(in: folder))
      if run.step % recipe.checkpointEvery == 0, run.step < recipe.steps {
        try run.state(recipe: digest).write(to: folder)
      }
    }
    try ModelFolder.make(model, shape: recipe.shape, tokenizer: tokenizer, at: folder)
    let record = try record(of: run, description, in: folder)
    try record.write(to: folder)
    try? FileManager.default.removeItem(at: PretrainingState.file(in: folder))
    return .finished(record)
  }

  private func record(
    of run: PretrainingRun, _ description: ModelDescription, in folder: URL
  ) throws -> PretrainingRecord {
    PretrainingRecord(
      recipe: recipe, corpus: corpus.name, numericsVersion: "\(Numerics.version)",
      parameters: description.parameterCount,
      weights: try FileFingerprint(
        of: folder.appendingPathComponent("model.safetensors"), cache: nil
      ).digest,
      steps: run.step, tokens: run.tokens, seconds: run.seconds, processor: Processor.name,
      blas: BLAS.name, curve: run.curve)
  }

  /// Rejects a folder with a model, or with an unfinished run unless it is to be continued.
  private func check(_ folder: URL, resumes: Bool) throws(CheckpointError) {
    if PretrainingState.exists(in: folder) {
      guard !resumes else { return }
      throw CheckpointError(
        .mismatched, file: folder.path, "contains a stopped run",
        help: "continue it with --resume, or name another folder")
    }
    let hasModel = FileManager.default.fileExists(
      atPath: folder.appendingPathComponent("config.json").path)
    guard !hasModel else {
      throw CheckpointError(
        .mismatched, file: folder.path, "already contains a model",
        help: "name another folder, or remove the model first")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw PretrainingState.unwritable(folder, error)
    }
  }
}
