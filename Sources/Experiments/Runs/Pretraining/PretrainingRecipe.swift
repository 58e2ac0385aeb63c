import Crypto
package import Engine
import Formats
import Foundation

/// All that decides what a pre-trained model becomes; the same recipe gives the same bits.
package struct PretrainingRecipe: Codable, Hashable, Sendable {
  /// The generated text.
  package struct Text: Codable, Hashable, Sendable {
    package var seed: UInt64
    /// The share of each kind of document, in any unit; empty for the text's own shares.
    package var mixture: [String: Double]
    /// How many documents come before, with shares of their own.
    package var openingDocuments: Int
    package var openingMixture: [String: Double]

    package init(
      seed: UInt64 = 0, mixture: [String: Double] = [:], openingDocuments: Int = 0,
      openingMixture: [String: Double] = [:]
    ) {
      self.seed = seed
      self.mixture = mixture
      self.openingDocuments = openingDocuments
      self.openingMixture = openingMixture
    }
  }

  package var shape: DecoderShape
  package var text: Text
  /// Of the initial weights.
  package var seed: UInt64
  /// How many to read in all.
  package var tokens: Int
  /// How many tokens to read per step; the last document of a step is read whole.
  package var batchTokens: Int
  /// The highest.
  package var learningRate: Double
  package var schedule: LearningRateSchedule.Decay
  /// The share of the steps in which the learning rate rises.
  package var warmup: Double
  package var weightDecay: Double
  /// Largest norm of a step's gradient; 0 for no limit.
  package var clipNorm: Double
  /// How slowly AdamW forgets the size of gradients.
  package var beta2: Double
  /// How much the answers of demonstrations and remarks count, where any other token counts 1: they are
  /// few, and much is learnt from them.
  package var answerWeight: Double
  /// Threads that compute, which decide the last bits.
  package var threads: Int
  /// Steps between two points of the loss curve.
  package var evaluateEvery: Int
  /// Steps between two saved states, from which a stopped run continues.
  package var checkpointEvery: Int
  /// Tokens of held-out text that the curve's points are measured on.
  var heldOutTokens: Int

  package init(
    shape: DecoderShape, text: Text = Text(), seed: UInt64 = 0, tokens: Int,
    batchTokens: Int = 4096, learningRate: Double = 1e-3,
    schedule: LearningRateSchedule.Decay = .cosine, warmup: Double = 0.05,
    weightDecay: Double = 0.01, clipNorm: Double = 1, beta2: Double = 0.99,
    answerWeight: Double = 1, threads: Int = 1, evaluateEvery: Int = 250,
    checkpointEvery: Int = 250,
    heldOutTokens: Int = 20_000
  ) {
    self.shape = shape
    self.text = text
    self.seed = seed
    self.tokens = tokens
    self.batchTokens = batchTokens
    self.learningRate = learningRate
    self.schedule = schedule
    self.warmup = warmup
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
    self.beta2 = beta2
    self.answerWeight = answerWeight
    self.threads = threads
    self.evaluateEvery = evaluateEvery
    self.checkpointEvery = checkpointEvery
    self.heldOutTokens = heldOutTokens
  }

  package var steps: Int { max(1, tokens / batchTokens) }

  var rates: LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, warmupSteps: Int((Double(steps) * warmup).rounded(.up)),
      totalSteps: steps, decay: schedule)
  }

  /// SHA-256 of all that decides the bits: the recipe except how often it is measured, the text's
  /// version and the engine's.
  func digest(corpus: any PretrainingCorpus) -> String {
    var deciding = self
    (deciding.evaluateEvery, deciding.checkpointEvery, deciding.heldOutTokens) = (0, 0, 0)
    var hash = SHA256()
    // A recipe's numbers come from YAML, where none that is not finite passes.
    if let json = try? JSONCoding.data(of: deciding) { hash.update(data: json) }
    hash.update(data: Data("\n\(corpus.name)\n\(Numerics.version)".utf8))
    return hash.finalize().hexadecimal
  }
}
