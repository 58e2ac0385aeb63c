package import Engine
package import Foundation

/// What a cell will need at its peak, so that a pool does not start too many at once.
package enum MemoryEstimate {
  /// Tokens of a prompt: the length that arXiv:2405.13181 pads to.
  private static let tokensAPrompt = 128

  /// Predicts a cell's peak in bytes from the longest prompts it may meet; see ``MemoryPlan``.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - model: Its model's architecture.
  ///   - shots: Examples of a class.
  ///   - teacher: The folder of the checkpoint that it names as teacher.
  /// - Returns: Bytes.
  /// - Throws: ``MethodError`` when the method does not fit the model.
  package static func bytes(
    _ method: Method, model: ModelDescription, shots: Int, teacher: URL? = nil
  ) throws -> Int {
    let length = max(1, min(tokensAPrompt, model.maximumPositions / 2))
    // Two classes; what goes beyond the context or a batch makes no difference.
    let examples = 2 * min(max(1, shots), model.maximumPositions)
    let batch =
      method.trains
      ? min(TrainingOptions(method.options).batchSize, examples)
      : max(1, Evaluator.tokensAtOnce / length)
    return try MemoryPlan.predicted(
      method, weights: PlannedWeights(model), model,
      shape: .init(
        batch: batch, length: length, demonstrations: min(examples, model.maximumPositions / length)
      ), teacher: teacher
    ).peak
  }
}
